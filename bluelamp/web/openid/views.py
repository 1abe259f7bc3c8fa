"""The two addresses of signing in through the force's provider: going there and coming back."""

import logging

from authlib.integrations.base_client import OAuthError
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from joserfc.errors import JoseError
from requests import RequestException

from bluelamp.foundation.accounts import commands
from bluelamp.foundation.accounts.directory import directory_actor
from bluelamp.foundation.accounts.models import AccountSession
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.origins import staff_origin
from bluelamp.web.accounts.carried_posts import FIELD, decrypt_post
from bluelamp.web.accounts.sessions import (
    client_address,
    confirm_session,
    open_session,
    sign_in_actor,
)
from bluelamp.web.accounts.sign_in import (
    safe_next_url,
    show_carried_post,
    show_sign_in_page,
    start_page,
)
from bluelamp.web.openid.client import WrongProvider
from bluelamp.web.openid.provider import (
    begin_sign_in,
    finish_sign_in,
    is_configured,
    read_identity,
)

_LOG = logging.getLogger(__name__)
_JOURNEY = "openid_journey"
# How long ago the person may have proved who they are to the provider, if they were asked to again.
_CONFIRMED_WITHIN = 60  # seconds


@require_POST
def start_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the browser to the force's provider: on a click, never by a link from elsewhere."""
    if not is_configured():
        raise Http404
    must_confirm = bool(request.user.is_authenticated)
    callback = staff_origin() + reverse("openid-callback")
    try:
        response: HttpResponse = begin_sign_in(
            request, callback=callback, must_confirm=must_confirm
        )
    except (RequestException, WrongProvider, ValueError) as fault:
        _LOG.warning("The OpenID provider cannot be used: %s", type(fault).__name__)
        return _refuse(request, _("Your force’s sign-in does not answer. Try again in a minute"))
    request.session[_JOURNEY] = {
        "next": safe_next_url(request),
        "confirms": must_confirm,
        # What somebody sent when their session had ended comes back with them.
        "carried": request.POST.get(FIELD, ""),
    }
    return response


@require_GET
def receive_answer(request: HttpRequest) -> HttpResponse:
    """Open a session for whoever the provider vouches for, or confirm the one they have."""
    if not is_configured():
        raise Http404
    # Taken out: the answer of a provider counts once.
    journey = request.session.pop(_JOURNEY, None) or {}
    carried_text = journey.get("carried", "")
    try:
        claims = finish_sign_in(request)
        actor = directory_actor(
            force=settings.BLUELAMP_FORCE, client="OpenID", address=client_address(request)
        )
        user_id = commands.match_directory_identity(
            actor=actor, at=now(), identity=read_identity(claims)
        )
        user = commands.sign_in_with_directory(
            actor=sign_in_actor(request), at=now(), user_id=user_id
        )
    except (NotPermitted, Conflict, Refused):
        message = _(
            "Your force’s directory does not give you a role in Bluelamp. Ask your service desk"
        )
        return _refuse(request, message, carried=carried_text)
    except (OAuthError, JoseError, WrongProvider, RequestException, KeyError, ValueError) as fault:
        # Only the kind: the message may hold a part of the token.
        _LOG.warning("A sign-in through the OpenID provider failed: %s", type(fault).__name__)
        message = _("Your force’s sign-in did not work. Try again")
        return _refuse(request, message, carried=carried_text)
    is_confirmed = bool(journey.get("confirms")) and request.user == user
    if is_confirmed:
        # Some providers ignore `prompt=login` and answer from the session they have.
        if now().timestamp() - float(claims.get("auth_time") or 0) > _CONFIRMED_WITHIN:
            message = _("Your force’s sign-in did not ask who you are. Try again")
            return _refuse(request, message, carried=carried_text)
        confirm_session(request)
    else:
        open_session(request, user, method=AccountSession.Method.DIRECTORY)
    next_url = journey.get("next", "")
    carried = decrypt_post(carried_text, user_id=str(user.pk))
    if carried is not None:
        return show_carried_post(request, carried, is_confirmed=is_confirmed, next_url=next_url)
    return HttpResponseRedirect(next_url or start_page(user))


def _refuse(request: HttpRequest, message: str, *, carried: str = "") -> HttpResponse:
    return show_sign_in_page(request, errors={"provider": message}, carried=carried, status=403)
