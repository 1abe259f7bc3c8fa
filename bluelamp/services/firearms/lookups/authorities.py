"""The authority table: who may decide what, to which limit, from when."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.services.firearms.models import AuthorityEntry
from bluelamp.services.firearms.policy import authority_policy


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorityRow:
    """A line of the table. `certificate_kind` is "" for any; `is_over` says that it has ended."""

    id: UUID
    name: str
    decision: str
    certificate_kind: str
    max_risk: str
    valid_from: date
    valid_until: date | None
    written_in: str
    granted_by_name: str
    is_over: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorityTable:
    """The lines, those in force first, and who else may be given one: (user name, name)."""

    rows: tuple[AuthorityRow, ...]
    people: tuple[tuple[str, str], ...]


@lookup(permission="firearms.view", act="firearms.authorities_listed")
def get_authority_table(*, actor: Actor, at: datetime) -> AuthorityTable:
    """Return the authority table of the actor's force."""
    entries = authority_policy.queryset(actor).select_related("user")
    rows = [_to_row(row, on=london_date(at)) for row in entries.order_by("user__name", "id")]
    record_act(None, detail={"count": len(rows)})
    return AuthorityTable(
        # Sorting is stable: those in force and those that ended each stay in the order of names.
        rows=tuple(sorted(rows, key=lambda row: row.is_over)),
        people=_list_people(actor) if actor.may("firearms.authority") else (),
    )


def _list_people(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the managers of the force but the actor: nobody writes their own line."""
    people = User.objects.filter(
        force=actor.force, is_active=True, roles__permissions__contains=["firearms.decide"]
    )
    return tuple(
        (user.username, user.name)
        # Somebody with two such roles is there once.
        for user in people.distinct().order_by("name")
        if user.id != actor.id
    )


def _to_row(row: AuthorityEntry, *, on: date) -> AuthorityRow:
    return AuthorityRow(
        id=row.id,
        name=row.user.name,
        decision=row.decision,
        certificate_kind=row.certificate_kind,
        max_risk=row.max_risk,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        written_in=row.written_in,
        granted_by_name=row.granted_by_name,
        # The last day counts.
        is_over=row.valid_until is not None and row.valid_until < on,
    )
