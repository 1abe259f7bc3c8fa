"""What is done with accounts: sign in, sign out, open an account, set the roles."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from procrastinate.contrib.django import app

from bluelamp.foundation.accounts.models import Role, User
from bluelamp.foundation.accounts.permissions import PERMISSIONS, ROLES
from bluelamp.foundation.accounts.queries import failed_sign_ins, was_shut_out
from bluelamp.foundation.accounts.sessions import SessionStore
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.sender import is_this_machine

SIGN_IN = Actor.system("sign-in", force="", permissions={"account.sign_in"})
WINDOW = timedelta(minutes=15)
TRIES_FROM_ONE_ADDRESS = 10
TRIES_AT_ALL_NAMES = 200
TRIES = 100
_NOBODY = make_password(None)


def sign_in(*, actor: Actor, at: datetime, user_ref: str, password: str) -> User:
    """Return the user whose name and password these are.

    Raises NotPermitted, which is recorded with the name and the network address tried from, and
    takes as long whether the name exists or not. Raises Refused after too many wrong tries within
    WINDOW: at a name from one sender, at all names from one sender (a station's officers may share
    an address), or at a name from anywhere. A stranger's wrong tries do not soon keep the person
    out elsewhere. That somebody is refused so goes on the record once a WINDOW.
    """
    if reached := _limit_reached(actor=actor, at=at, user_ref=user_ref):
        name, address = reached
        if not was_shut_out(user_ref=name, address=address, since=at - WINDOW):
            shut_out(actor=replace(actor, address=address), at=at, user_ref=name)
        raise Refused(
            "Too many tries. Wait 15 minutes, or ask your service desk.", field="user_name"
        )
    return _check_in(actor=actor, at=at, user_ref=user_ref, password=password)


@command(may="account.sign_in", act="account.shut_out", category=Category.CONSULTATION)
def shut_out(*, actor: Actor, at: datetime, user_ref: str) -> None:
    """Record that nobody gets in under a name ("" for any) from the actor's address ("" for
    anywhere) for a while.

    `sign_in` asks for it only where the record does not say so already: whoever keeps trying cannot
    fill it.
    """
    record_act(None, ref=user_ref, detail={"minutes": int(WINDOW.total_seconds() // 60)})


def _limit_reached(*, actor: Actor, at: datetime, user_ref: str) -> tuple[str, str] | None:
    """Return which limit holds, as the name ("" for any) and the address ("" for anywhere) that it
    is on.
    """
    lately, here = at - WINDOW, actor.address
    if failed_sign_ins(user_ref=user_ref, since=lately, address=here) >= TRIES_FROM_ONE_ADDRESS:
        return user_ref, here
    if (
        not is_this_machine(here)
        and failed_sign_ins(since=lately, address=here) >= TRIES_AT_ALL_NAMES
    ):
        return "", here
    return (user_ref, "") if failed_sign_ins(user_ref=user_ref, since=lately) >= TRIES else None


@command(may="account.sign_in", act="account.signed_in", category=Category.CONSULTATION)
def _check_in(*, actor: Actor, at: datetime, user_ref: str, password: str) -> User:
    user = User.objects.filter(username=user_ref, is_active=True).first()
    if not check_password(password, user.password if user else _NOBODY) or user is None:
        raise NotPermitted("That user name and password do not match.")
    record_act(user, ref=user.username)
    return user


@command(may="account.sign_in", act="account.signed_out", category=Category.CONSULTATION)
def sign_out(*, actor: Actor, at: datetime, user: User) -> None:
    """Record that a person signed out."""
    record_act(user, ref=user.username)


@command(may="account.sign_in", act="account.sessions_swept", category=Category.ERASURE)
def sweep_sessions(*, actor: Actor, at: datetime) -> None:
    """Remove the sessions that have run out."""
    SessionStore.clear_expired()
    record_act(None)


@app.periodic(cron="41 3 * * *")
@app.task(
    name="accounts.sweep_sessions", queueing_lock="accounts.sweep_sessions", pass_context=False
)
def sweep_sessions_every_night(timestamp: int) -> None:
    """Remove what sessions ran out since last night."""
    sweep_sessions(actor=SIGN_IN, at=now())


@command(may="account.manage", act="account.opened", category=Category.COLLECTION)
def open_account(
    *,
    actor: Actor,
    at: datetime,
    username: str,
    name: str,
    force: str,
    roles: list[str],
    password: str = "",
    rank: str = "",
    collar: str = "",
    unit: str = "",
    email: str = "",
    organisation: str = "police",
) -> User:
    """Open an account with named roles; with no password nobody can sign in with one."""
    held = list(Role.objects.filter(name__in=roles))
    if len(held) != len(set(roles)):
        raise Refused("There is no such role.", field="roles")
    if User.objects.filter(username=username).exists():
        raise Refused("That user name is taken.", field="username")
    user = User(
        username=username,
        name=name,
        force=force,
        rank=rank,
        collar=collar,
        unit=unit,
        email=email,
        organisation=organisation,
        password=make_password(password or None),
    )
    user.save()
    user.roles.set(held)
    record_act(user, ref=username, detail={"roles": sorted(roles)})
    return user


@command(may="account.manage", act="account.roles_set")
def set_up_roles(*, actor: Actor, at: datetime) -> None:
    """Make the roles a force starts with; a role that is there already is left as the force has
    it.
    """
    for name, (title, permissions) in ROLES.items():
        assert permissions <= PERMISSIONS.keys()
        Role.objects.get_or_create(
            name=name, defaults={"title": title, "permissions": sorted(permissions)}
        )
    record_act(None, ref="roles")
