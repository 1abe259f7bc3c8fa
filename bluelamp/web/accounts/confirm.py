"""Step-up: proving again who one is before something sensitive, and carrying on."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.foundation.accounts import commands, passkeys
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.sign_in_methods import get_sign_in_methods
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.web.accounts.carried_posts import FIELD, encrypt_post, read_carried_post
from bluelamp.web.accounts.ceremonies import options_response, read_credential, take_ceremony
from bluelamp.web.accounts.own_account import own_account_actor, signed_in_user
from bluelamp.web.accounts.passkey_host import passkey_notice
from bluelamp.web.accounts.sessions import confirm_session
from bluelamp.web.accounts.sign_in import (
    MAX_CODE_LENGTH,
    safe_next_url,
    show_carried_post,
    start_page,
)
from bluelamp.web.openid.provider import allow_provider, is_configured
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey or a code, then go on to what the person wanted."""
    user = signed_in_user(request)
    if request.method == "GET":
        return _confirm_page(request, user)
    actor, at = own_account_actor(request), now()
    try:
        # Asked here as well as in the template, which only hides the button.
        if request.POST.get("demonstration") and settings.BLUELAMP_DEMO:
            commands.confirm_in_demonstration(actor=actor, at=at)
        elif "credential" in request.POST:
            commands.confirm_with_passkey(
                actor=actor,
                at=at,
                ceremony=take_ceremony(request),
                credential=read_credential(request),
            )
        else:
            code = request.POST.get("code", "")[:MAX_CODE_LENGTH]
            commands.confirm_with_code(actor=actor, at=at, user_ref=user.username, code=code)
    except NotPermitted:
        if "credential" in request.POST:
            errors = {"passkey": _("We could not use this passkey. Try again, or use another way")}
        else:
            errors = {"code": _("Enter the 6-digit code that your app shows now")}
        return _confirm_page(request, user, errors=errors)
    except Refused as refusal:
        return _confirm_page(request, user, errors={"code": refusal.message}, status=429)
    confirm_session(request)
    carried = read_carried_post(request)
    if carried is None:
        return HttpResponseRedirect(safe_next_url(request) or start_page(user))
    return show_carried_post(request, carried, next_url=safe_next_url(request), is_confirmed=True)


@require_POST
def confirm_options(request: HttpRequest) -> JsonResponse:
    """Return the options to use one of the person's own passkeys with."""
    options, ceremony = passkeys.begin_authentication(at=now(), user=signed_in_user(request))
    return options_response(request, options, ceremony)


def ask_to_confirm(request: HttpRequest) -> HttpResponse:
    """Return the answer to somebody who must first prove again who they are."""
    if request.method in {"GET", "HEAD"}:
        query = urlencode({"next": request.get_full_path()}, safe="/")
        return HttpResponseRedirect(f"{reverse('confirm')}?{query}")
    return _confirm_page(
        request, signed_in_user(request), carried=encrypt_post(request), status=403
    )


def _confirm_page(
    request: HttpRequest,
    user: User,
    *,
    errors: dict[str, str] | None = None,
    carried: str = "",
    status: int = 200,
) -> HttpResponse:
    methods = get_sign_in_methods(user)
    page: dict[str, Any] = {
        # Where the person was, for whoever does not want to confirm after all.
        "next": safe_next_url(request) or _previous_url(request),
        "carried": carried or request.POST.get(FIELD, ""),
        "passkey_notice": passkey_notice(request) if methods.usable_passkeys else None,
        "has_passkey": bool(methods.usable_passkeys),
        "has_totp": methods.has_totp,
        "has_provider": is_configured(),
        "errors": errors or {},
    }
    response = render(request, "accounts/confirm.html.jinja", page, status=status)
    return allow_provider(response)


def _previous_url(request: HttpRequest) -> str:
    """Return the path of the page that a form was on; browsers send it (Referrer-Policy)."""
    origin = f"{request.scheme}://{request.get_host()}"
    referrer = request.headers.get("Referer", "")
    # Another site's address would make the page's Back link lead there.
    return referrer.removeprefix(origin) if referrer.startswith(f"{origin}/") else ""
