"""From an account to an actor."""

from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from bluelamp.foundation.accounts.models import Role, User
from bluelamp.foundation.audit.acts import lookup
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.sender import sender_of


def actor_for(user: User, *, address: str = "", why: str = "") -> Actor:
    """Return the actor a signed-in person is, with the permissions of all their roles."""
    permissions: set[str] = set()
    for role in cast("list[Role]", list(user.roles.all())):
        permissions.update(role.permissions)
    return Actor(
        kind="person",
        id=user.id,
        name=user.known_as,
        force=user.force,
        permissions=frozenset(permissions),
        organisation="cps" if user.organisation == User.Organisation.CPS else "police",
        collar=user.collar,
        rank=user.rank,
        unit=user.unit,
        address=address,
        why=why,
    )


def officers(*, force: str) -> list[User]:
    """Return the active police accounts of a force, by name: for choosing an officer in the
    case.
    """
    return list(
        User.objects.filter(force=force, organisation="police", is_active=True).order_by("name")
    )


def find_user(*, user_id: UUID) -> User | None:
    """Return an active account by id."""
    return User.objects.filter(id=user_id, is_active=True).first()


def failed_sign_ins(
    *, since: datetime, user_ref: str | None = None, address: str | None = None
) -> int:
    """Count the wrong tries since a moment: at one name or all, by the sender of one address or by
    everybody.
    """
    tries = AuditEntry.objects.filter(
        act="account.signed_in", at__gte=since, result=AuditEntry.Result.REFUSED
    )
    if user_ref is not None:
        tries = tries.filter(ref=f"user_ref={user_ref}")
    if address is not None:
        tries = tries.filter(sender=sender_of(address))
    return tries.count()


def was_shut_out(*, user_ref: str, address: str, since: datetime) -> bool:
    """Say whether the record says since a moment that a name ("" for any) is shut out from there
    ("" for anywhere).
    """
    said = AuditEntry.objects.filter(
        act="account.shut_out", sender=sender_of(address), at__gte=since
    )
    return said.filter(ref=user_ref).exists()


@lookup(may="account.sign_in", act="door.tried")
def _closed_door(*, actor: Actor, at: datetime, door_ref: str) -> None:
    raise NotFound


def try_closed_door(*, actor: Actor, at: datetime, door_ref: str) -> None:
    """Record that somebody tried a door of another organisation, and raise NotFound."""
    porter = replace(actor, permissions=frozenset({"account.sign_in"}))
    _closed_door(actor=porter, at=at, door_ref=door_ref)
