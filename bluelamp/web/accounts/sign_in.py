"""Signing in and out. In demo mode the page lists the cast: one click signs in as one of them."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.demo import cast
from bluelamp.foundation.accounts import commands, passkeys
from bluelamp.foundation.accounts.models import AccountSession, Organisation, User
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.web.accounts.carried_posts import (
    FIELD,
    CarriedPost,
    encrypt_post,
    read_carried_post,
)
from bluelamp.web.accounts.ceremonies import options_response, read_credential, take_ceremony
from bluelamp.web.accounts.passkey_host import passkey_notice
from bluelamp.web.accounts.sessions import (
    get_session,
    has_session_ended,
    open_session,
    sign_in_actor,
)
from bluelamp.web.openid.provider import allow_provider, is_configured
from bluelamp.web.render import render

Method = AccountSession.Method
MAX_CODE_LENGTH = 40


class SignInFailed(Exception):
    """Nobody signs in with what was sent.

    Attributes:
        errors: The message for each field.
        status: The HTTP status of the answer; 200 for the usual one of a page with errors.
    """

    def __init__(self, errors: dict[str, str], status: int = 200) -> None:
        super().__init__()
        self.errors = errors
        self.status = status


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a passkey, or a password and a code, then go to the page the person wanted."""
    if request.method == "GET":
        return show_sign_in_page(request)
    try:
        user, method = authenticate(request)
    except SignInFailed as failure:
        values = {"user_name": request.POST.get("user_name", "")}
        return show_sign_in_page(
            request, errors=failure.errors, values=values, status=failure.status
        )
    open_session(request, user, method=method)
    return continue_after_sign_in(request, user)


@require_POST
def sign_in_again(request: HttpRequest) -> JsonResponse:
    """Sign in from inside a page whose session has ended, and say who it is.

    The page stays as it is, with what was typed. Its forms need the new CSRF token.
    """
    try:
        user, method = authenticate(request)
    except SignInFailed as failure:
        # The page's script goes by the status. The whole page is shown again with 200.
        status = 422 if failure.status == 200 else failure.status
        return JsonResponse({"errors": failure.errors}, status=status)
    open_session(request, user, method=method)
    return JsonResponse({"user": str(user.pk), "token": get_token(request)})


@require_POST
def sign_in_options(request: HttpRequest) -> JsonResponse:
    """Return the options to use a passkey with, whoever's it is."""
    options, ceremony = passkeys.begin_authentication(at=now())
    return options_response(request, options, ceremony)


@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery code; then the person can set up another device, and nothing else."""
    values = {"user_name": clean_user_name(request)}
    if request.method == "GET":
        return render(request, "accounts/recover.html.jinja", {"values": values})
    errors: dict[str, str] = {}
    status = 200
    try:
        user = commands.sign_in_with_recovery_code(
            actor=sign_in_actor(request),
            at=now(),
            user_ref=values["user_name"],
            password=request.POST.get("password", ""),
            code=request.POST.get("code", "")[:MAX_CODE_LENGTH],
        )
    except NotPermitted:
        errors = {"code": _("Check your user name, your password and the code, and try again")}
    except Refused as refusal:
        errors, status = {"user_name": refusal.message}, 429
    if errors:
        context = {"values": values, "errors": errors}
        return render(request, "accounts/recover.html.jinja", context, status=status)
    open_session(request, user, method=Method.RECOVERY_CODE)
    # Not to the page they wanted: first they set up another device.
    return HttpResponseRedirect(reverse("account"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        session = get_session(request)
        commands.sign_out(
            actor=sign_in_actor(request),
            at=now(),
            user=request.user,
            session_id=session.id if session else None,
        )
    logout(request)
    # Not "storage": on an officer's phone that is where captures wait to be sent.
    return HttpResponseRedirect(reverse("home"), headers={"Clear-Site-Data": '"cache"'})


def authenticate(request: HttpRequest) -> tuple[User, Method]:
    """Return who signs in with what a form holds, and how.

    It holds a passkey's answer, a user name with a password and a code, or, in demo mode, the name
    of one of the cast.

    Raises:
        SignInFailed: Nobody does.
    """
    if "credential" in request.POST:
        return _authenticate_with_passkey(request), Method.PASSKEY
    chosen = request.POST.get("cast", "")
    # The cast's password is known to everybody: outside the demonstration it is never tried.
    is_demonstration = bool(chosen) and settings.BLUELAMP_DEMO
    try:
        user = commands.sign_in(
            actor=sign_in_actor(request),
            at=now(),
            user_ref=chosen[:60] if is_demonstration else clean_user_name(request),
            password=cast.PASSWORD if is_demonstration else request.POST.get("password", ""),
            code=request.POST.get("code", "")[:MAX_CODE_LENGTH],
        )
    except NotPermitted:
        # One sentence for all three: whoever guesses must not learn which of them was right.
        error = _("Check your user name, your password and the code, and try again")
        raise SignInFailed({"user_name": error}) from None
    except Refused as refusal:
        raise SignInFailed({"user_name": refusal.message}, status=429) from None
    return user, Method.DEMONSTRATION if is_demonstration else Method.PASSWORD


def _authenticate_with_passkey(request: HttpRequest) -> User:
    try:
        return commands.sign_in_with_passkey(
            actor=sign_in_actor(request),
            at=now(),
            ceremony=take_ceremony(request),
            credential=read_credential(request),
        )
    except NotPermitted:
        error = _("We could not sign you in with this passkey. Try again, or use another way")
        raise SignInFailed({"passkey": error}) from None


def continue_after_sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """Go to the page the person wanted, or show what they had sent before they signed in."""
    carried = read_carried_post(request)
    if carried is not None:
        return show_carried_post(request, carried, next_url=safe_next_url(request))
    return HttpResponseRedirect(safe_next_url(request) or start_page(user))


def show_carried_post(
    request: HttpRequest, carried: CarriedPost, *, next_url: str, is_confirmed: bool = False
) -> HttpResponse:
    """Show what the person had sent before they signed in or confirmed, to send with a button."""
    context = {"carried": carried, "is_confirmed": is_confirmed, "next": next_url}
    return render(request, "accounts/carry_on.html.jinja", context)


def clean_user_name(request: HttpRequest) -> str:
    """Return the user name that was typed, as it can be recorded: PostgreSQL cannot hold NUL."""
    return request.POST.get("user_name", "").replace("\x00", "\ufffd")[:60]


def safe_next_url(request: HttpRequest) -> str:
    """Return where the person was going, if it is a page of ours; else ""."""
    # Anybody can send a link to our sign-in page: it must not lead on to one that imitates ours.
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
    # Whoever has a second role has work at the desk.
    return reverse("officer" if roles == {"response-officer"} else "desk-home")


def show_sign_in_page(
    request: HttpRequest,
    *,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
    carried: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the sign-in page, perhaps with what went wrong, and a form that is carried on."""
    page: dict[str, Any] = {
        "next": safe_next_url(request),
        "cast": cast_rows(),
        "carried": carried or request.POST.get(FIELD, ""),
        "has_ended": "ended" in request.GET,
        "passkey_notice": passkey_notice(request),
        "has_provider": is_configured(),
        "errors": errors or {},
        "values": values or {},
    }
    response = render(request, "accounts/sign_in.html.jinja", page, status=status)
    return allow_provider(response)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the answer to somebody who is signed out where they must not be.

    What they sent is kept in the sign-in page.
    """
    if request.method in {"GET", "HEAD"}:
        query = {"next": request.get_full_path()}
        if has_session_ended(request):
            query["ended"] = "1"
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode(query, safe='/')}")
    page: dict[str, Any] = {
        "next": "",
        "cast": cast_rows(),
        "carried": encrypt_post(request),
        "has_ended": True,
        "passkey_notice": passkey_notice(request),
        "has_provider": is_configured(),
    }
    # Not a redirect, which would lose what was posted.
    response = render(request, "accounts/sign_in.html.jinja", page, status=403)
    return allow_provider(response)


def cast_rows() -> list[dict[str, str]]:
    """Return whom of the cast one click signs in as; nobody outside demo mode."""
    if not settings.BLUELAMP_DEMO:
        return []
    return [
        {"user_name": player.username, "name": player.name, "role": player.title}
        for player in cast.STAFF
    ]
