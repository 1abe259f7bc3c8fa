"""Opening a session in a browser, and ending one that was not used for too long."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login, logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from bluelamp.foundation.accounts import account_sessions, commands
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.accounts.session_limits import has_ended
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now


def open_session(request: HttpRequest, user: User, *, method: AccountSession.Method) -> None:
    """Open a session for a person who proved who they are, under a new key."""
    if SESSION_KEY in request.session:
        # Where the same person signs in again, Django would keep the session and its key.
        account_sessions.forget_replaced_session(request.session.session_key or "")
        request.session.flush()
    # Django keeps what an anonymous session held, its short life too.
    request.session.set_expiry(None)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.account_session = account_sessions.create_account_session(  # type: ignore[attr-defined]
        user,
        session_key=request.session.session_key or "",
        method=method,
        at=now(),
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


def confirm_session(request: HttpRequest) -> None:
    """Note that the signed-in person proved who they are again, and give the session a new key."""
    session = get_session(request)
    if session is not None:
        request.session.cycle_key()
        account_sessions.mark_confirmed(
            session.id, session_key=request.session.session_key or "", at=now()
        )


def refresh_session_hash(request: HttpRequest, user: User) -> None:
    """Keep the person signed in here after their password changed, which ends other sessions."""
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    confirm_session(request)


def get_session(request: HttpRequest) -> AccountSession | None:
    """Return the row of the session that a request belongs to; None for the signed-out."""
    return getattr(request, "account_session", None)


def client_address(request: HttpRequest) -> str:
    """Return the network address that a request comes from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def sign_in_actor(request: HttpRequest) -> Actor:
    """Return the system actor that signs people in, at the address of the request."""
    return replace(commands.SIGN_IN_ACTOR, address=client_address(request))


class AccountSessions:
    """Middleware that finds the session of a signed-in person, or ends it if its time is over.

    The view then sees nobody signed in, and `request.ended_user_id` says whose session it was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without the cookie, as most of the public are, the session is not even looked up.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._find_session(request)
        return self.get_response(request)

    def _find_session(self, request: HttpRequest) -> None:
        at = now()
        session = account_sessions.get_account_session(request.session.session_key or "")
        if session is None or has_ended(session, at=at):
            request.ended_user_id = request.session[SESSION_KEY]  # type: ignore[attr-defined]
            logout(request)
            return
        if session.method == AccountSession.Method.RECOVERY_CODE and not _is_own_account(request):
            # Signed out everywhere but where another device is set up.
            request.user = AnonymousUser()
            return
        request.account_session = session  # type: ignore[attr-defined]
        if _is_user_action(request):
            account_sessions.mark_seen(session, at=at, address=client_address(request))


def has_session_ended(request: HttpRequest) -> bool:
    """Say whether a request came with a session whose time is over."""
    return hasattr(request, "ended_user_id")


def _is_own_account(request: HttpRequest) -> bool:
    return request.path.startswith(("/account/", "/sign-out/"))


def _is_user_action(request: HttpRequest) -> bool:
    """Say whether somebody did something, and not a script that asks how far something is.

    A browser says that it opens a page; what a script or an image of that page gets is no sign of
    anybody being there. A program that is no browser says nothing.
    """
    is_read = request.method in {"GET", "HEAD"}
    return not is_read or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
