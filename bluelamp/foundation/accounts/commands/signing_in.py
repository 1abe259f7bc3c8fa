"""Signing in with a password and a code, or a recovery code; signing out; old sessions."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from bluelamp.foundation.accounts.events import SignInChanged
from bluelamp.foundation.accounts.lookups import count_failed_sign_ins, is_locked_out
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.accounts.passwords import MAX_LENGTH
from bluelamp.foundation.accounts.recovery_codes import use_up_recovery_code
from bluelamp.foundation.accounts.rules import is_shared_demo_password
from bluelamp.foundation.accounts.sessions import SessionStore, delete_sessions
from bluelamp.foundation.accounts.totp import use_up_totp_code
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import is_this_machine
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic

SIGN_IN_ACTOR = Actor.system("sign-in", force="", permissions={"account.sign_in"})
LOCKOUT_PERIOD = timedelta(minutes=15)
# Failed attempts within a LOCKOUT_PERIOD after which nobody gets in: at one name from one address,
# at all names from one address (the officers of a station may share one), and at one name from
# anywhere.
MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS = 10
# Generous, because a whole police station may have one address.
MAX_ATTEMPTS_FROM_ADDRESS = 200
MAX_ATTEMPTS_FROM_NETWORK = 400  # an IPv4 /24; an IPv6 /64 counts as one address
MAX_ATTEMPTS_AT_NAME = 100
# Checked against when there is no such user, so that the answer takes as long as for a real one.
_UNUSABLE_PASSWORD = make_password(None)


def sign_in(*, actor: Actor, at: datetime, user_ref: str, password: str, code: str = "") -> User:
    """Return the user whose name, password and code these are.

    A password alone signs nobody in, but for the cast in demo mode with the password they share.
    An attempt that fails is recorded with the name and the network address it came from. It takes
    as long whether the name exists or not. That somebody is locked out goes on the record once in a
    LOCKOUT_PERIOD.

    Args:
        actor: SIGN_IN_ACTOR at the address that the attempt comes from.
        at: The time.
        user_ref: The user name.
        password: The password.
        code: What the person's authenticator app shows.

    Raises:
        NotPermitted: The name, the password and the code don't match, or the account is closed.
        Refused: There were too many failed attempts within LOCKOUT_PERIOD. Attempts from one
            address don't lock the person out elsewhere until there are very many.
    """
    require_attempts_left(actor=actor, at=at, user_ref=user_ref)
    user = find_active_user(user_ref)
    # Before the transaction, which would otherwise be open for as long as the hash takes.
    is_match = matches_password(user, password)
    return _sign_in_with_password(
        actor=actor,
        at=at,
        user_ref=user_ref,
        user=user if is_match else None,
        code=code,
        needs_code=not (settings.BLUELAMP_DEMO and is_shared_demo_password(password)),
    )


def sign_in_with_recovery_code(
    *, actor: Actor, at: datetime, user_ref: str, password: str, code: str
) -> User:
    """Return the user whose name and recovery code these are. The code is used up.

    Whoever has a password must give it as well. The session that follows may only be used to set up
    another device (docs/decisions/0010-passkeys.md).

    Args:
        actor: SIGN_IN_ACTOR at the address that the attempt comes from.
        at: The time.
        user_ref: The user name.
        password: The person's password; "" for somebody who has none.
        code: One of their recovery codes.

    Raises:
        NotPermitted: They don't match, or the account is closed.
        Refused: There were too many failed attempts, as for `sign_in`.
    """
    require_attempts_left(actor=actor, at=at, user_ref=user_ref)
    user = find_active_user(user_ref)
    # Always computed, so that the answer takes as long whoever it is.
    is_match = matches_password(user, password)
    if user is not None and not user.has_usable_password():
        is_match = not password
    return _sign_in_with_recovery_code(
        actor=actor, at=at, user_ref=user_ref, user=user if is_match else None, code=code
    )


def matches_password(user: User | None, password: str) -> bool:
    """Say whether this is a person's password. It takes as long where there is no such person.

    The published password of the demonstration matches nothing outside demo mode: accounts may be
    left over from one.
    """
    is_accepted = len(password) <= MAX_LENGTH and (
        settings.BLUELAMP_DEMO or not is_shared_demo_password(password)
    )
    encoded = user.password if user else _UNUSABLE_PASSWORD
    return check_password(password if is_accepted else "", encoded) and is_accepted


def find_active_user(user_ref: str) -> User | None:
    """Return the active account of this user name, or None."""
    users = User.objects.select_related("organisation")
    return users.filter(username=user_ref, is_active=True).first()


def require_attempts_left(*, actor: Actor, at: datetime, user_ref: str) -> None:
    """Refuse an attempt at a name before anything is computed, if a limit was reached.

    Raises:
        Refused: There were too many failed attempts within LOCKOUT_PERIOD.
    """
    if limit := _find_reached_limit(actor=actor, at=at, user_ref=user_ref):
        name, address = limit
        # Recorded once for each period, not for each attempt in it.
        if not is_locked_out(user_ref=name, address=address, since=at - LOCKOUT_PERIOD):
            record_lockout(actor=replace(actor, address=address), at=at, user_ref=name)
        raise Refused("accounts.too_many_attempts", field="user_name")


@command(permission="account.sign_in", act="account.shut_out", category=Category.CONSULTATION)
def record_lockout(*, actor: Actor, at: datetime, user_ref: str) -> None:
    """Record that nobody can sign in under a name from the actor's address for LOCKOUT_PERIOD.

    `sign_in` calls it only where the record does not say so already, so that somebody who keeps
    trying cannot fill the record.

    Args:
        actor: SIGN_IN_ACTOR; its address is "" for a lockout from anywhere.
        at: The time.
        user_ref: The user name; "" for any.
    """
    record_act(None, ref=user_ref, detail={"minutes": int(LOCKOUT_PERIOD.total_seconds() // 60)})


def _find_reached_limit(*, actor: Actor, at: datetime, user_ref: str) -> tuple[str, str] | None:
    """Return the name ("" for any) and address ("" for anywhere) that a limit was reached for."""
    since, address = at - LOCKOUT_PERIOD, actor.address
    attempts_here = count_failed_sign_ins(user_ref=user_ref, since=since, address=address)
    if attempts_here >= MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS:
        return user_ref, address
    # Behind a proxy that hides the client's address everybody comes from this machine: a limit on
    # all names would lock everybody out together.
    if not is_this_machine(address):
        if count_failed_sign_ins(since=since, address=address) >= MAX_ATTEMPTS_FROM_ADDRESS:
            return "", address
        if count_failed_sign_ins(since=since, network=address) >= MAX_ATTEMPTS_FROM_NETWORK:
            return "", address
    if count_failed_sign_ins(user_ref=user_ref, since=since) >= MAX_ATTEMPTS_AT_NAME:
        return user_ref, ""
    return None


@command(permission="account.sign_in", act="account.signed_in", category=Category.CONSULTATION)
def _sign_in_with_password(
    *, actor: Actor, at: datetime, user_ref: str, user: User | None, code: str, needs_code: bool
) -> User:
    if user is None or (needs_code and not use_up_totp_code(user, code, at=at)):
        raise NotPermitted("The user name, the password and the code do not match.")
    # How is on the record (ASVS 5.0, 16.3.1).
    method = "password and code" if needs_code else "demonstration"
    record_act(user, ref=user.username, detail={"method": method})
    return user


@command(permission="account.sign_in", act="account.signed_in", category=Category.CONSULTATION)
def _sign_in_with_recovery_code(
    *, actor: Actor, at: datetime, user_ref: str, user: User | None, code: str
) -> User:
    # Also called for nobody, because it takes as long as for a real person.
    if not use_up_recovery_code(user, code, at=at) or user is None:
        raise NotPermitted("The user name and the recovery code do not match.")
    publish(SignInChanged(user_id=user.id, change="recovery_code_used", changed_at=at))
    record_act(user, ref=user.username, detail={"method": "recovery code"})
    return user


@command(permission="account.sign_in", act="account.signed_out", category=Category.CONSULTATION)
def sign_out(*, actor: Actor, at: datetime, user: User, session_id: UUID | None = None) -> None:
    """Record that a person signed out, and delete the session."""
    if session_id is not None:
        delete_sessions(AccountSession.objects.filter(user=user, id=session_id))
    record_act(user, ref=user.username)


@command(permission="account.sign_in", act="account.sessions_swept", category=Category.ERASURE)
def delete_expired_sessions(*, actor: Actor, at: datetime) -> None:
    """Delete the sessions that have expired."""
    SessionStore.clear_expired()
    record_act(None)


@periodic(cron="41 3 * * *", name="accounts.sweep_sessions", queue=Queue.BULK)
def delete_expired_sessions_every_night() -> None:
    """Delete the sessions that expired since last night."""
    delete_expired_sessions(actor=SIGN_IN_ACTOR, at=now())
