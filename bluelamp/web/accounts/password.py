"""A person's password and authenticator app: the fallback where there is no passkey."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.foundation.accounts import commands
from bluelamp.foundation.accounts.commands import NewPassword
from bluelamp.foundation.accounts.mfa_adapter import MFAAdapter
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.accounts.totp import new_totp_secret, totp_picture
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.web.accounts.account import finish_recovery, redirect_to_account
from bluelamp.web.accounts.enrol import closed_link_page
from bluelamp.web.accounts.own_account import own_account_actor, signed_in_user
from bluelamp.web.accounts.sessions import open_session, refresh_session_hash, sign_in_actor
from bluelamp.web.accounts.sign_in import MAX_CODE_LENGTH, start_page
from bluelamp.web.actor import require_confirmation, step_up_required
from bluelamp.web.render import render

_SECRET = "totp_secret"
Method = AccountSession.Method


@require_http_methods(["GET", "POST"])
def enrol_with_password(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a password and an authenticator app, for whoever cannot use a passkey."""
    user = commands.find_enrolment_link_user(token=token, at=now())
    if user is None:
        return closed_link_page(request)
    action = reverse("enrol-password", kwargs={"token": token})
    back = reverse("enrol", kwargs={"token": token})
    if request.method == "GET":
        return _set_up_page(request, user, action=action, back=back)
    try:
        enrolment = commands.enrol_password(
            actor=sign_in_actor(request), at=now(), token=token, new=_posted_password(request)
        )
    except Refused as refusal:
        errors = {refusal.problems[0].field: refusal.message}
        return _set_up_page(request, user, action=action, back=back, errors=errors)
    except NotPermitted:
        return closed_link_page(request)
    # It is with the account now: a session must not keep a copy.
    request.session.pop(_SECRET, None)
    open_session(request, enrolment.user, method=Method.PASSWORD)
    context = {"codes": enrolment.recovery_codes, "next": start_page(enrolment.user)}
    return render(request, "accounts/recovery_codes.html.jinja", context)


@require_http_methods(["GET", "POST"])
def set_up_password(request: HttpRequest) -> HttpResponse:
    """Ask for a password and an authenticator app, and set them."""
    user = signed_in_user(request)
    require_confirmation(request)
    action, back = reverse("set-up-password"), reverse("account")
    if request.method == "GET":
        return _set_up_page(request, user, action=action, back=back)
    try:
        user = commands.set_up_password(
            actor=own_account_actor(request), at=now(), new=_posted_password(request)
        )
    except Refused as refusal:
        errors = {refusal.problems[0].field: refusal.message}
        return _set_up_page(request, user, action=action, back=back, errors=errors)
    request.session.pop(_SECRET, None)
    refresh_session_hash(request, user)
    finish_recovery(request, Method.PASSWORD)
    return redirect_to_account("password-set")


@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Ask for the current password and a new one, and change it. Other sessions end."""
    user = signed_in_user(request)
    require_confirmation(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            user = commands.change_password(
                actor=own_account_actor(request),
                at=now(),
                user_ref=user.username,
                current_password=request.POST.get("current_password", ""),
                new_password=request.POST.get("new_password", ""),
            )
        except Refused as refusal:
            field = refusal.problems[0].field
            # Too many attempts are counted by user name, which this form does not ask for.
            errors = {"current_password" if field == "user_name" else field: refusal.message}
        else:
            refresh_session_hash(request, user)
            # Whoever knew the old password may be signed in elsewhere.
            session = getattr(request, "account_session", None)
            commands.end_own_sessions(
                actor=own_account_actor(request),
                at=now(),
                except_session_id=session.id if session else None,
            )
            return redirect_to_account("password-changed")
    context = {"errors": errors, "back": reverse("account"), "user_name": user.username}
    return render(request, "accounts/change_password.html.jinja", context)


@require_POST
@step_up_required
def remove_password(request: HttpRequest) -> HttpResponse:
    """Remove the password and the app."""
    user = commands.remove_password(actor=own_account_actor(request), at=now())
    refresh_session_hash(request, user)
    return redirect_to_account("password-removed")


@require_http_methods(["GET", "POST"])
def replace_authenticator_app(request: HttpRequest) -> HttpResponse:
    """Ask for a code of another authenticator app, and replace the person's."""
    user = signed_in_user(request)
    require_confirmation(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        code = request.POST.get("code", "")[:MAX_CODE_LENGTH]
        try:
            commands.replace_totp(
                actor=own_account_actor(request),
                at=now(),
                secret=_stored_secret(request),
                code=code,
            )
        except Refused as refusal:
            errors = {"code": refusal.message}
        else:
            request.session.pop(_SECRET, None)
            return redirect_to_account("app-replaced")
    context = {**_app_context(request, user), "errors": errors, "back": reverse("account")}
    return render(request, "accounts/replace_app.html.jinja", context)


def _posted_password(request: HttpRequest) -> NewPassword:
    return NewPassword(
        password=request.POST.get("new_password", ""),
        secret=_stored_secret(request),
        code=request.POST.get("code", "")[:MAX_CODE_LENGTH],
    )


def _set_up_page(
    request: HttpRequest,
    user: User,
    *,
    action: str,
    back: str,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        **_app_context(request, user),
        "user_name": user.username,
        "action": action,
        "back": back,
        "errors": errors or {},
    }
    return render(request, "accounts/set_up_password.html.jinja", context)


def _app_context(request: HttpRequest, user: User) -> dict[str, str]:
    secret = _stored_secret(request)
    return {"secret": _spaced(secret), "picture": totp_picture(user, secret)}


def _stored_secret(request: HttpRequest) -> str:
    """Return the secret that the person's app is being set up with: one for the whole set-up."""
    adapter = MFAAdapter()
    if _SECRET not in request.session:
        # Sessions are stored, and whoever has the secret has every code.
        request.session[_SECRET] = adapter.encrypt(new_totp_secret())
    return adapter.decrypt(request.session[_SECRET])


def _spaced(secret: str) -> str:
    """Return a secret in groups of four, as people type it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
