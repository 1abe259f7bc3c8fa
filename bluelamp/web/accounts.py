"""Signing in and out. In demo mode the page lists the cast: one click signs in as one of them."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.demo import cast
from bluelamp.foundation.accounts import commands
from bluelamp.foundation.accounts.models import Organisation, User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.web.render import render

NO_MATCH = "Check your user name and password, and try again"


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a user name and password, then go to the page the person wanted."""
    page: dict[str, Any] = {"next": _safe_next_url(request), "cast": _cast_rows()}
    if request.method == "GET":
        return render(request, "accounts/sign_in.html.jinja", page)
    chosen = request.POST.get("cast", "")
    if chosen and settings.BLUELAMP_DEMO:
        name, password = chosen, cast.PASSWORD
    else:
        name, password = request.POST.get("user_name", ""), request.POST.get("password", "")
    # PostgreSQL cannot hold NUL, and the name is about to be recorded as it was typed.
    name = name.replace("\x00", "\ufffd")
    try:
        user = commands.sign_in(
            actor=_sign_in_actor(request), at=now(), user_ref=name[:60], password=password[:200]
        )
    except NotPermitted:
        page |= {"errors": {"user_name": NO_MATCH}, "values": {"user_name": name}}
        return render(request, "accounts/sign_in.html.jinja", page)
    except Refused as refusal:
        page |= {"errors": {"user_name": refusal.message}, "values": {"user_name": name}}
        return render(request, "accounts/sign_in.html.jinja", page, status=429)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return HttpResponseRedirect(page["next"] or _start_page(user))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        commands.sign_out(actor=_sign_in_actor(request), at=now(), user=request.user)
    logout(request)
    return HttpResponseRedirect(reverse("home"))


def _sign_in_actor(request: HttpRequest) -> Actor:
    """Return the system actor that signs people in, at the address of the request."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return replace(commands.SIGN_IN_ACTOR, address=address)


def _cast_rows() -> list[dict[str, str]]:
    if not settings.BLUELAMP_DEMO:
        return []
    return [
        {"user_name": player.username, "name": player.name, "role": player.title}
        for player in cast.STAFF
    ]


def _safe_next_url(request: HttpRequest) -> str:
    """Return where the person was going, if it is a page of ours; else ""."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        url, {request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else ""


def _start_page(user: User) -> str:
    if user.organisation.kind == Organisation.Kind.PROSECUTOR:
        return reverse("partner")
    roles = {role.name for role in user.roles.all()}
    return reverse("officer" if roles == {"response-officer"} else "desk-home")
