"""Signing in and out. In demo mode the page lists the cast: one click signs in as one of them."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.demo import cast
from bluelamp.foundation.accounts import commands, passkeys
from bluelamp.foundation.accounts.models import AccountSession, Organisation, User
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.web.accounts.ceremonies import options_response, read_credential, take_ceremony
from bluelamp.web.accounts.passkey_host import passkey_notice
from bluelamp.web.accounts.sessions import open_session, sign_in_actor
from bluelamp.web.render import render

Method = AccountSession.Method


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey, or a user name and password, then go to the page the person wanted."""
    if request.method == "GET":
        return show_sign_in_page(request)
    chosen = request.POST.get("cast", "")
    is_demonstration = bool(chosen) and settings.BLUELAMP_DEMO
    if is_demonstration:
        name, password = chosen, cast.PASSWORD
    else:
        name, password = request.POST.get("user_name", ""), request.POST.get("password", "")
    # PostgreSQL cannot hold NUL, and the name is about to be recorded as it was typed.
    name = name.replace("\x00", "\ufffd")
    try:
        user = commands.sign_in(
            actor=sign_in_actor(request), at=now(), user_ref=name[:60], password=password[:200]
        )
    except NotPermitted:
        errors = {"user_name": _("Check your user name and password, and try again")}
        return show_sign_in_page(request, errors=errors, values={"user_name": name})
    except Refused as refusal:
        errors = {"user_name": refusal.message}
        return show_sign_in_page(request, errors=errors, values={"user_name": name}, status=429)
    open_session(
        request, user, method=Method.DEMONSTRATION if is_demonstration else Method.PASSWORD
    )
    return HttpResponseRedirect(safe_next_url(request) or start_page(user))


@require_POST
def sign_in_options(request: HttpRequest) -> JsonResponse:
    """Return the options to use a passkey with, whoever's it is."""
    options, ceremony = passkeys.begin_authentication(at=now())
    return options_response(request, options, ceremony)


@require_POST
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in whoever's passkey the browser used."""
    try:
        user = commands.sign_in_with_passkey(
            actor=sign_in_actor(request),
            at=now(),
            ceremony=take_ceremony(request),
            credential=read_credential(request),
        )
    except NotPermitted:
        error = _("We could not sign you in with this passkey. Try again, or use another way")
        return show_sign_in_page(request, errors={"passkey": error})
    open_session(request, user, method=Method.PASSKEY)
    return HttpResponseRedirect(safe_next_url(request) or start_page(user))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        commands.sign_out(actor=sign_in_actor(request), at=now(), user=request.user)
    logout(request)
    return HttpResponseRedirect(reverse("home"))


def safe_next_url(request: HttpRequest) -> str:
    """Return where the person was going, if it is a page of ours; else ""."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else ""


def start_page(user: User) -> str:
    """Return the page that a person starts work on."""
    if user.organisation.kind == Organisation.Kind.PROSECUTOR:
        return reverse("partner")
    roles = {role.name for role in user.roles.all()}
    return reverse("officer" if roles == {"response-officer"} else "desk-home")


def show_sign_in_page(
    request: HttpRequest,
    *,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the sign-in page, perhaps with what went wrong."""
    page: dict[str, Any] = {
        "next": safe_next_url(request),
        "cast": _cast_rows(),
        "passkey_notice": passkey_notice(request),
        "errors": errors or {},
        "values": values or {},
    }
    return render(request, "accounts/sign_in.html.jinja", page, status=status)


def _cast_rows() -> list[dict[str, str]]:
    if not settings.BLUELAMP_DEMO:
        return []
    return [
        {"user_name": player.username, "name": player.name, "role": player.title}
        for player in cast.STAFF
    ]
