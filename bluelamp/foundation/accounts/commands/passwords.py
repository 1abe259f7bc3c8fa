"""Passwords, which work only together with an authenticator app; and recovery codes.

The callers hash nothing themselves, and a new password is hashed in here: so these commands run
where hashing may take its time (`bluelamp/web/serving`).
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from bluelamp.foundation.accounts.commands.lifecycle import use_enrolment_link
from bluelamp.foundation.accounts.commands.own_account import lock_own_account
from bluelamp.foundation.accounts.commands.passkeys import Enrolment
from bluelamp.foundation.accounts.commands.signing_in import (
    find_active_user,
    matches_password,
    require_attempts_left,
)
from bluelamp.foundation.accounts.events import SignInChanged
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passwords import require_strong_password
from bluelamp.foundation.accounts.recovery_codes import replace_recovery_codes
from bluelamp.foundation.accounts.sign_in_methods import get_sign_in_methods
from bluelamp.foundation.accounts.totp import activate_totp, is_current_code
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import publish


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password and the authenticator app that goes with it.

    Attributes:
        password: The password.
        secret: What the app computes its codes from.
        code: What the app shows now, which proves that it has the secret.
    """

    password: str
    secret: str
    code: str


@command(permission="account.sign_in", act="account.password_enrolled")
def enrol_password(*, actor: Actor, at: datetime, token: str, new: NewPassword) -> Enrolment:
    """Set a password and an authenticator app with an enrolment link.

    Args:
        actor: SIGN_IN_ACTOR at the address that the attempt comes from.
        at: The time.
        token: The token of the link, which is used up.
        new: The password and the app.

    Raises:
        NotPermitted: The link is not open.
        Refused: The password is too easy to guess, or the code is wrong.
    """
    # First, and in the same transaction: a link that is used up must not be left without what it
    # was for.
    user = use_enrolment_link(actor=actor, at=at, token=token)
    _set_password_and_app(user, new, at=at)
    codes = replace_recovery_codes(user, at=at)
    record_act(user, ref=user.username)
    return Enrolment(user, codes)


@command(permission="account.sign_in", act="account.password_set")
def set_up_password(*, actor: Actor, at: datetime, new: NewPassword) -> User:
    """Set a password and an authenticator app for the actor, instead of any earlier ones.

    Raises:
        Refused: The password is too easy to guess, or the code is wrong.
    """
    user = lock_own_account(actor)
    _set_password_and_app(user, new, at=at)
    # The person is told of each change of this kind: it may not have been theirs.
    publish(SignInChanged(user_id=user.id, change="password_set", changed_at=at))
    record_act(user, ref=user.username)
    return user


def change_password(
    *, actor: Actor, at: datetime, user_ref: str, current_password: str, new_password: str
) -> User:
    """Change the actor's password. Whoever knows the current one may.

    Args:
        actor: The person.
        at: The time.
        user_ref: Their user name.
        current_password: Their current password.
        new_password: The new one.

    Raises:
        Refused: The current password is wrong, the new one is too easy to guess, or there were too
            many attempts.
    """
    require_attempts_left(actor=actor, at=at, user_ref=user_ref)
    user = find_active_user(user_ref)
    is_match = matches_password(user, current_password)
    try:
        require_current_password(actor=actor, at=at, user_ref=user_ref, is_match=is_match)
    except NotPermitted:
        # Outside the command that recorded the attempt, or raising would roll the count back.
        raise Refused("accounts.password_wrong", field="current_password") from None
    return _change_password(actor=actor, at=at, new_password=new_password)


@command(permission="account.sign_in", act="account.confirmed")
def require_current_password(*, actor: Actor, at: datetime, user_ref: str, is_match: bool) -> None:
    """Record whether somebody knew their current password, so that guesses are counted.

    Raises:
        NotPermitted: They did not.
    """
    user = lock_own_account(actor)
    if not is_match:
        raise NotPermitted("The current password is wrong.")
    record_act(user, ref=user.username, detail={"method": "password"})


@command(permission="account.sign_in", act="account.password_changed")
def _change_password(*, actor: Actor, at: datetime, new_password: str) -> User:
    user = lock_own_account(actor)
    require_strong_password(new_password, user, field="new_password")
    user.password = make_password(new_password)
    user.save(update_fields=["password"])
    publish(SignInChanged(user_id=user.id, change="password_changed", changed_at=at))
    record_act(user, ref=user.username)
    return user


@command(permission="account.sign_in", act="account.app_replaced")
def replace_totp(*, actor: Actor, at: datetime, secret: str, code: str) -> None:
    """Replace the actor's authenticator app.

    Raises:
        Refused: The code is wrong.
    """
    user = lock_own_account(actor)
    _activate_app(user, secret, code, at=at)
    publish(SignInChanged(user_id=user.id, change="app_replaced", changed_at=at))
    record_act(user, ref=user.username)


@command(permission="account.sign_in", act="account.password_removed")
def remove_password(*, actor: Actor, at: datetime) -> User:
    """Remove the actor's password and authenticator app.

    Raises:
        Refused: The actor could then not sign in any more.
    """
    user = lock_own_account(actor)
    # Recovery codes are no way to sign in for good: they only lead to setting up another.
    if not get_sign_in_methods(user).usable_passkeys:
        raise Refused("accounts.last_sign_in_method", field="password")
    # The app goes too: a code is only ever asked for with a password.
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    publish(SignInChanged(user_id=user.id, change="password_removed", changed_at=at))
    record_act(user, ref=user.username)
    return user


@command(permission="account.sign_in", act="account.recovery_codes_replaced")
def create_recovery_codes(*, actor: Actor, at: datetime) -> list[str]:
    """Give the actor new recovery codes instead of the earlier ones, and return them."""
    user = lock_own_account(actor)
    codes = replace_recovery_codes(user, at=at)
    publish(SignInChanged(user_id=user.id, change="recovery_codes_replaced", changed_at=at))
    record_act(user, ref=user.username)
    return codes


def _set_password_and_app(user: User, new: NewPassword, *, at: datetime) -> None:
    require_strong_password(new.password, user, field="new_password")
    # First what costs little: a wrong code must not cost the hashing of a password.
    _activate_app(user, new.secret, new.code, at=at)
    user.password = make_password(new.password)
    user.save(update_fields=["password"])


def _activate_app(user: User, secret: str, code: str, *, at: datetime) -> None:
    if not is_current_code(secret, code, at=at):
        raise Refused("accounts.code_wrong", field="code")
    activate_totp(user, secret, at=at)
