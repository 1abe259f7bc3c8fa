"""Going to GOV.UK One Login and coming back, signing out, and its notices of signing out."""

import logging
from datetime import UTC, datetime

from authlib.integrations.base_client import OAuthError
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from joserfc.errors import JoseError
from requests import RequestException

from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms.commands import sessions
from bluelamp.services.firearms.commands.one_login import (
    OneLoginIdentity,
    end_one_login_sessions,
    open_one_login_session,
)
from bluelamp.web import cookies as signed
from bluelamp.web.actor import get_actor
from bluelamp.web.languages import BOTH_LANGUAGES_PATH
from bluelamp.web.openid import one_login
from bluelamp.web.openid.client import LEEWAY, WrongProvider, read_logout_token
from bluelamp.web.public.firearms import cookies
from bluelamp.web.public.refused_forms import redirect_to_form

_LOG = logging.getLogger(__name__)
_COOKIE = "bluelamp_firearms_one_login"
_LANGUAGE = "bluelamp_firearms_language"
# As long as a session: signing out at One Login needs the token again.
_COOKIE_SECONDS = 2 * 3600
# One Login's firewall refuses a longer address to sign out at.
_MAX_ID_TOKEN_LENGTH = 1700
# One Login sends some 900 characters. What is longer is not read at all.
_MAX_NOTICE_LENGTH = 8000
_FAULTS = (OAuthError, JoseError, WrongProvider, RequestException, KeyError, ValueError)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Send the browser to One Login: on a click, never by a link from elsewhere."""
    _require_one_login()
    try:
        response: HttpResponse = one_login.begin_sign_in(request, callback=_callback())
        request.session[_LANGUAGE] = get_language()
    except (RequestException, WrongProvider, ValueError) as fault:
        _LOG.warning("GOV.UK One Login cannot be used: %s", type(fault).__name__)
        return _refuse(_("GOV.UK One Login does not answer. Try again, or use your reference"))
    return response


@require_GET
def receive_answer(request: HttpRequest) -> HttpResponse:
    """Open a session for whoever One Login vouches for."""
    _require_one_login()
    # One Login knows one address to come back to, so the session has the language.
    with override(request.session.pop(_LANGUAGE, None) or settings.LANGUAGE_CODE):
        return _open_session(request)


def _open_session(request: HttpRequest) -> HttpResponse:
    try:
        answer = one_login.finish_sign_in(request)
        identity = OneLoginIdentity(str(answer.claims["iss"]), str(answer.claims["sub"]))
    except _FAULTS as fault:
        # Only the kind: the message may hold a part of the token.
        _LOG.warning("A sign-in through GOV.UK One Login failed: %s", type(fault).__name__)
        return _refuse(_("You’re not signed in. Try again, or use your reference"))
    session_id = open_one_login_session(actor=get_actor(request), at=now(), identity=identity)
    response = HttpResponseRedirect(reverse("firearms-account"))
    cookies.set_cookie(response, cookies.SESSION, str(session_id))
    if len(answer.id_token) <= _MAX_ID_TOKEN_LENGTH:
        signed.set_signed_cookie(
            response,
            _COOKIE,
            answer.id_token,
            salt=_COOKIE,
            max_age=_COOKIE_SECONDS,
            path=BOTH_LANGUAGES_PATH,
        )
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here and at One Login, which other people at this computer would have."""
    session_id = cookies.get_id(request, cookies.SESSION)
    if session_id is not None:
        sessions.end_session(actor=get_actor(request), at=now(), session_id=session_id)
    response = HttpResponseRedirect(_sign_out_address(request) or reverse("firearms"))
    signed.delete_cookie(response, _COOKIE, path=BOTH_LANGUAGES_PATH)
    return cookies.delete_cookie(response, cookies.SESSION)


# One Login has no cookie of ours. What proves that a notice is One Login's is its signature.
@csrf_exempt
@require_POST
def receive_notice(request: HttpRequest) -> HttpResponse:
    """End the sessions of somebody who signed out of One Login elsewhere."""
    _require_one_login()
    token = request.POST.get("logout_token", "")
    if len(token) > _MAX_NOTICE_LENGTH:
        return HttpResponse(status=400)
    provider = one_login.one_login_provider()
    try:
        subject, signed_out_at = read_logout_token(provider, token)
    except RequestException:
        return HttpResponse(status=503)
    except _FAULTS as fault:
        _LOG.warning("A notice of signing out was refused: %s", type(fault).__name__)
        return HttpResponse(status=400)
    end_one_login_sessions(
        actor=get_actor(request),
        at=now(),
        identity=OneLoginIdentity(provider.issuer, subject),
        # Its clock may be behind ours.
        opened_before=datetime.fromtimestamp(signed_out_at + LEEWAY, UTC),
    )
    return HttpResponse()


def has_one_login_session(request: HttpRequest) -> bool:
    """Say whether this browser signed in with One Login lately."""
    return bool(_get_id_token(request))


def _get_id_token(request: HttpRequest) -> str:
    return signed.get_signed_cookie(request, _COOKIE, salt=_COOKIE, max_age=_COOKIE_SECONDS)


def _sign_out_address(request: HttpRequest) -> str:
    """Return the address to sign out of One Login, "" for somebody who did not sign in there."""
    id_token = _get_id_token(request)
    if not id_token or not one_login.is_configured():
        return ""
    try:
        return one_login.sign_out_address(
            id_token=id_token, back=settings.BLUELAMP_ORIGIN + _english_path("firearms")
        )
    # A RuntimeError is that it names no address to sign out at.
    except (*_FAULTS, RuntimeError) as fault:
        _LOG.warning("Nobody can sign out of GOV.UK One Login: %s", type(fault).__name__)
        return ""


def _require_one_login() -> None:
    if not one_login.is_configured():
        raise Http404


def _callback() -> str:
    return settings.BLUELAMP_ORIGIN + _english_path("firearms-one-login-callback")


def _english_path(name: str) -> str:
    """Return the path that is registered with One Login, in whatever language the page is."""
    with override(settings.LANGUAGE_CODE):
        return reverse(name)


def _refuse(message: str) -> HttpResponse:
    return redirect_to_form(
        reverse("firearms-my"), reverse("firearms"), errors={"one_login": message}
    )
