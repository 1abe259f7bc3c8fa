"""Signing in with a password, signing out, and sweeping old sessions."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from bluelamp.foundation.accounts.lookups import count_failed_sign_ins, is_locked_out
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.rules import is_shared_demo_password
from bluelamp.foundation.accounts.sessions import SessionStore
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import is_this_machine
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic

SIGN_IN_ACTOR = Actor.system("sign-in", force="", permissions={"account.sign_in"})
LOCKOUT_PERIOD = timedelta(minutes=15)
# Failed attempts within a LOCKOUT_PERIOD after which nobody gets in: at one name from one address,
# at all names from one address (the officers of a station may share one), and at one name from
# anywhere.
MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS = 10
MAX_ATTEMPTS_FROM_ADDRESS = 200
MAX_ATTEMPTS_AT_NAME = 100
# Checked against when there is no such user, so that the answer takes as long as for a real one.
_UNUSABLE_PASSWORD = make_password(None)


def sign_in(*, actor: Actor, at: datetime, user_ref: str, password: str) -> User:
    """Return the user whose name and password these are.

    An attempt that fails is recorded with the name and the network address it came from. It takes
    as long whether the name exists or not. That somebody is locked out goes on the record once in a
    LOCKOUT_PERIOD.

    Args:
        actor: SIGN_IN_ACTOR at the address that the attempt comes from.
        at: The time.
        user_ref: The user name.
        password: The password. The one that everybody in the demonstration shares is accepted in
            demo mode alone.

    Raises:
        NotPermitted: The name and the password don't match, or the account is closed.
        Refused: There were too many failed attempts within LOCKOUT_PERIOD. Attempts from one
            address don't lock the person out elsewhere until there are very many.
    """
    if limit := _find_reached_limit(actor=actor, at=at, user_ref=user_ref):
        name, address = limit
        if not is_locked_out(user_ref=name, address=address, since=at - LOCKOUT_PERIOD):
            record_lockout(actor=replace(actor, address=address), at=at, user_ref=name)
        raise Refused("accounts.too_many_attempts", field="user_name")
    if is_shared_demo_password(password) and not settings.BLUELAMP_DEMO:
        # Accounts may be left over from a demonstration. An empty password fails like a wrong one,
        # and is recorded like one.
        password = ""
    return _authenticate(actor=actor, at=at, user_ref=user_ref, password=password)


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
    if (
        not is_this_machine(address)
        and count_failed_sign_ins(since=since, address=address) >= MAX_ATTEMPTS_FROM_ADDRESS
    ):
        return "", address
    if count_failed_sign_ins(user_ref=user_ref, since=since) >= MAX_ATTEMPTS_AT_NAME:
        return user_ref, ""
    return None


@command(permission="account.sign_in", act="account.signed_in", category=Category.CONSULTATION)
def _authenticate(*, actor: Actor, at: datetime, user_ref: str, password: str) -> User:
    user = (
        User.objects.select_related("organisation")
        .filter(username=user_ref, is_active=True)
        .first()
    )
    if not check_password(password, user.password if user else _UNUSABLE_PASSWORD) or user is None:
        raise NotPermitted("The user name and password do not match.")
    record_act(user, ref=user.username)
    return user


@command(permission="account.sign_in", act="account.signed_out", category=Category.CONSULTATION)
def sign_out(*, actor: Actor, at: datetime, user: User) -> None:
    """Record that a person signed out."""
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
