"""The cast as actors, accounts and browsers, for tests."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from bluelamp.demo import cast
from bluelamp.demo.load import open_for
from bluelamp.foundation.accounts.commands import set_up_roles
from bluelamp.foundation.accounts.models import Role, User
from bluelamp.foundation.accounts.permissions import ROLES
from bluelamp.foundation.accounts.queries import actor_for
from bluelamp.foundation.kernel.actor import Actor

INSTALLER = Actor.system(
    "installer", force="01", permissions={"account.manage", "reference.edit", "demo.load"}
)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def actor(player: cast.Player) -> Actor:
    """Return the actor a player is, without an account in the database."""
    if not player.roles:
        return Actor.public(address="127.0.0.1")
    permissions = frozenset[str]().union(*(ROLES[role][1] for role in player.roles))
    known_as = " ".join(part for part in (player.rank, player.name, player.collar) if part)
    return Actor(
        kind="person",
        id=None,
        name=known_as,
        force=player.force,
        permissions=permissions,
        organisation="cps" if player.organisation == "cps" else "police",
        collar=player.collar,
        rank=player.rank,
        unit=player.unit,
    )


def account(player: cast.Player) -> User:
    """Return the player's account, opened if need be."""
    if not Role.objects.exists():
        set_up_roles(actor=INSTALLER, at=START)
    known = User.objects.filter(username=player.username).first()
    return known or open_for(player, actor=INSTALLER, at=START)


def signed_in(player: cast.Player) -> Actor:
    """Return a player as an actor, with an account."""
    return actor_for(account(player), address="127.0.0.1")


def browser(player: cast.Player, **options: Any) -> Client:
    """Return a browser in which a player is signed in; the options are those of Django's Client."""
    client = Client(**options)
    client.force_login(account(player))
    return client
