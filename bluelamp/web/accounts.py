"""Signing in and out. In demo mode the page lists the cast, and one press signs in as one of
them.
"""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.demo import cast
from bluelamp.foundation.accounts import commands
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.web.render import render

NO_MATCH = "That user name and password do not match. Check both and try again."


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a user name and password; go on to where the person was heading."""
    page: dict[str, Any] = {"next": _safe_next(request), "cast": _cast()}
    if request.method == "GET":
        return render(request, "accounts/sign_in.html.jinja", page)
    chosen = request.POST.get("cast", "")
    if chosen and settings.BLUELAMP_DEMO:
        name, password = chosen, cast.PASSWORD
    else:
        name, password = request.POST.get("user_name", ""), request.POST.get("password", "")
    name = name.replace("\x00", "\ufffd")
    if password == cast.PASSWORD and not settings.BLUELAMP_DEMO:
        password = ""  # everybody knows it: the cast's accounts may be left from a demonstration
    try:
        user = commands.sign_in(
            actor=_porter(request), at=now(), user_ref=name[:60], password=password[:200]
        )
    except NotPermitted:
        page |= {"errors": {"user_name": NO_MATCH}, "values": {"user_name": name}}
        return render(request, "accounts/sign_in.html.jinja", page)
    except Refused as refusal:
        page |= {"errors": {"user_name": refusal.message}, "values": {"user_name": name}}
        return render(request, "accounts/sign_in.html.jinja", page, status=429)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return HttpResponseRedirect(page["next"] or _home_of(user))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        commands.sign_out(actor=_porter(request), at=now(), user=request.user)
    logout(request)
    return HttpResponseRedirect("/")


def _porter(request: HttpRequest) -> Actor:
    return replace(commands.SIGN_IN, address=str(request.META.get("REMOTE_ADDR", "")))


def _cast() -> list[dict[str, str]]:
    if not settings.BLUELAMP_DEMO:
        return []
    return [
        {
            "user_name": player.username,
            "name": player.name,
            "role": player.title,
            "organisation": player.organisation,
        }
        for player in cast.STAFF
    ]


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def _home_of(user: User) -> str:
    if user.organisation == User.Organisation.CPS:
        return "/partner/"
    roles = {role.name for role in user.roles.all()}
    return "/officer/" if roles == {"response-officer"} else "/desk/"
