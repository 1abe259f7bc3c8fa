"""A person's own ways to sign in, and where they are signed in."""

from typing import Any
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.accounts import account_sessions, commands, passkeys
from bluelamp.foundation.accounts.models import AccountSession
from bluelamp.foundation.accounts.recovery_codes import CODE_COUNT
from bluelamp.foundation.accounts.sign_in_methods import PasskeyRow, get_sign_in_methods
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.web.accounts.browsers import describe_browser
from bluelamp.web.accounts.ceremonies import options_response, read_credential, take_ceremony
from bluelamp.web.accounts.enrol import posted_name
from bluelamp.web.accounts.own_account import own_account_actor, signed_in_user
from bluelamp.web.accounts.passkey_host import passkey_notice
from bluelamp.web.accounts.sessions import get_session
from bluelamp.web.accounts.sign_in import start_page
from bluelamp.web.actor import require_confirmation, step_up_required
from bluelamp.web.render import render

Method = AccountSession.Method


def done_messages() -> dict[str, str]:
    """Return what the account page says after each change."""
    return {
        "passkey-added": _("Passkey added"),
        "passkey-removed": _("Passkey removed"),
        "password-set": _("Password and app set up"),
        "password-changed": _("Password changed. You are signed out everywhere else"),
        "password-removed": _("Password and app removed"),
        "app-replaced": _("App replaced"),
        "session-ended": _("That browser is signed out"),
        "sessions-ended": _("You are signed out everywhere else"),
    }


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show how the person signs in, and where they are signed in."""
    return _account_page(request)


@require_http_methods(["GET", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Ask for another passkey and register it."""
    signed_in_user(request)
    require_confirmation(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            commands.register_passkey(
                actor=own_account_actor(request),
                at=now(),
                ceremony=take_ceremony(request),
                credential=read_credential(request),
                name=posted_name(request),
            )
        except NotPermitted:
            errors = {"passkey": _("We could not add this passkey. Try again")}
        else:
            finish_recovery(request, Method.PASSKEY)
            return redirect_to_account("passkey-added")
    context = {
        "passkey_notice": passkey_notice(request),
        "errors": errors,
        "values": {"name": posted_name(request)},
        "back": reverse("account"),
    }
    return render(request, "accounts/add_passkey.html.jinja", context)


@require_POST
def add_passkey_options(request: HttpRequest) -> JsonResponse:
    """Return the options to make another passkey with."""
    user = signed_in_user(request)
    require_confirmation(request)
    options, ceremony = passkeys.begin_registration(user, at=now())
    return options_response(request, options, ceremony)


@require_http_methods(["GET", "POST"])
def remove_passkey(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """Ask whether to remove a passkey, and remove it."""
    passkey = _own_passkey(request, passkey_id)
    require_confirmation(request)
    if request.method == "GET":
        context = {"passkey": passkey, "back": reverse("account")}
        return render(request, "accounts/remove_passkey.html.jinja", context)
    try:
        commands.remove_passkey(actor=own_account_actor(request), at=now(), passkey_id=passkey_id)
    except Refused as refusal:
        return _account_page(request, errors={"passkeys": refusal.message})
    return redirect_to_account("passkey-removed")


@require_POST
@step_up_required
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Replace the person's recovery codes, and show the new ones once."""
    codes = commands.create_recovery_codes(actor=own_account_actor(request), at=now())
    context = {"codes": codes, "next": reverse("account")}
    return render(request, "accounts/recovery_codes.html.jinja", context)


@require_POST
@step_up_required
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign the person out in another browser, or in this one."""
    commands.end_session(actor=own_account_actor(request), at=now(), session_id=session_id)
    return redirect_to_account("session-ended")


@require_POST
@step_up_required
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere, or everywhere but here."""
    session = get_session(request)
    is_here_too = "here_too" in request.POST
    # None keeps nothing: this browser's session ends with the others.
    keep = session.id if session and not is_here_too else None
    commands.end_own_sessions(actor=own_account_actor(request), at=now(), except_session_id=keep)
    if is_here_too:
        logout(request)
        return HttpResponseRedirect(reverse("sign-in"))
    return redirect_to_account("sessions-ended")


def redirect_to_account(done: str) -> HttpResponseRedirect:
    """Return the redirect to the account page, which says what was done."""
    return HttpResponseRedirect(f"{reverse('account')}?{urlencode({'done': done})}")


def finish_recovery(request: HttpRequest, method: Method) -> None:
    """Let somebody who came in with a recovery code use everything, now that they have a device."""
    session = get_session(request)
    # Until then a session of a recovery code opens this page and nothing else.
    if session is not None and session.method == Method.RECOVERY_CODE:
        account_sessions.mark_method(session.id, method)


def _own_passkey(request: HttpRequest, passkey_id: int) -> PasskeyRow:
    # Among their own, so that a number that somebody tries is nobody else's passkey.
    for passkey in get_sign_in_methods(signed_in_user(request)).passkeys:
        if passkey.id == passkey_id:
            return passkey
    raise NotFound("You have no such passkey.")


def _account_page(request: HttpRequest, errors: dict[str, str] | None = None) -> HttpResponse:
    user = signed_in_user(request)
    session = get_session(request)
    rows = account_sessions.list_account_sessions(user, at=now())
    context = {
        "user_name": user.username,
        "email": user.email,
        "methods": get_sign_in_methods(user),
        "code_count": CODE_COUNT,
        "sessions": [_session_row(row, session) for row in rows],
        "is_recovering": bool(session and session.method == Method.RECOVERY_CODE),
        "start": start_page(user),
        "done": done_messages().get(request.GET.get("done", ""), ""),
        "errors": errors or {},
    }
    return render(request, "accounts/account.html.jinja", context)


def _session_row(row: AccountSession, current: AccountSession | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "browser": describe_browser(row.user_agent),
        "address": row.address,
        "signed_in_at": row.signed_in_at,
        "last_seen_at": row.last_seen_at,
        "is_here": current is not None and row.id == current.id,
    }
