"""The cast as actors, accounts and browsers, for tests."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from bluelamp.demo import cast
from bluelamp.demo.commands import open_player_account
from bluelamp.foundation.accounts.account_sessions import create_account_session
from bluelamp.foundation.accounts.actors import public_actor, user_actor
from bluelamp.foundation.accounts.commands import create_default_roles
from bluelamp.foundation.accounts.models import AccountSession, Role, User
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind
from bluelamp.foundation.kernel.clock import now

INSTALLER = Actor.system(
    "installer",
    force="01",
    permissions={
        "account.manage",
        "demo.load",
        "fees.edit",
        "firearms.authority",
        "reference.edit",
    },
)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def actor(player: cast.Player) -> Actor:
    """Return the actor a player is, without an account in the database."""
    if not player.roles:
        return public_actor(address="127.0.0.1")
    permissions = frozenset[str]().union(*(ROLES[role].permissions for role in player.roles))
    display_name = " ".join(part for part in (player.rank, player.name, player.collar) if part)
    organisation = cast.organisation_of(player)
    return Actor(
        kind="person",
        id=None,
        name=display_name,
        force=player.force,
        permissions=permissions,
        organisation=organisation.code,
        organisation_kind=OrganisationKind(organisation.kind),
        collar=player.collar,
        rank=player.rank,
        unit=player.unit,
    )


def account(player: cast.Player) -> User:
    """Return the player's account; it is opened on the first call."""
    if not Role.objects.exists():
        create_default_roles(actor=INSTALLER, at=START)
    user = User.objects.filter(username=player.username).first()
    return user or open_player_account(player, actor=INSTALLER, at=START)


def signed_in(player: cast.Player) -> Actor:
    """Return a player as an actor, with an account."""
    return user_actor(account(player), address="127.0.0.1")


def browser(player: cast.Player, **options: Any) -> Client:
    """Return a browser in which a player is signed in; the options are those of Django's Client."""
    client = Client(**options)
    sign_in(client, account(player))
    return client


def sign_in(client: Client, user: User) -> None:
    """Sign a person in, in a test's browser, as if they had just used their passkey."""
    client.force_login(user)
    create_account_session(
        user,
        session_key=client.session.session_key or "",
        method=AccountSession.Method.PASSKEY,
        at=now(),
        address="127.0.0.1",
        user_agent="",
    )
