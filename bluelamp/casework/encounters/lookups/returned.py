"""Look up the records that supervisors gave back to their officer, until they are corrected."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.casework.encounters.models import Encounter
from bluelamp.casework.encounters.policy import encounter_policy
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor

_LIMIT = 50
_EDITION_DIGITS = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedRecord:
    """A record that a supervisor gave back, with its answers, so that it can be corrected.

    `id` is that of the return. `values` are the answers to `question_set` at `version`.
    """

    id: UUID
    reference: str
    kind: str
    happened_at: datetime
    reason: str
    returned_at: datetime
    returned_by_name: str
    due_on: date | None
    question_set: str
    version: int
    values: dict[str, Any]


@lookup(permission="encounter.view", act="encounter.returned_listed")
def list_returned_records(*, actor: Actor, at: datetime) -> tuple[ReturnedRecord, ...]:
    """Return the actor's own records that a supervisor gave back, the first that was, first."""
    rows = _returned_rows(actor).select_related("returned")[:_LIMIT]
    record_act(None, detail={"references": [row.reference for row in rows]})
    return tuple(
        ReturnedRecord(
            id=row.returned.id,
            reference=row.reference,
            kind=row.kind,
            happened_at=row.happened_at,
            reason=row.returned.reason,
            returned_at=row.returned.returned_at,
            returned_by_name=row.returned.returned_by_name,
            due_on=row.returned.due_on,
            question_set=row.question_set,
            version=row.question_set_version,
            values=dict(row.answers),
        )
        for row in rows
    )


def returned_records_edition(*, actor: Actor) -> str:
    """Return a text that changes when `list_returned_records` returns others.

    It is no act on the record, because it says nothing about anybody.
    """
    if actor.id is None:
        return ""
    # Neither a record nor its return ever changes.
    ids = list(_returned_rows(actor).values_list("returned__id", flat=True)[:_LIMIT])
    return hashlib.sha256(repr(ids).encode()).hexdigest()[:_EDITION_DIGITS]


def _returned_rows(actor: Actor) -> QuerySet[Encounter]:
    return (
        encounter_policy.queryset(actor)
        .filter(recorded_by_id=actor.id, returned__isnull=False, corrected_by=None)
        .order_by("returned__returned_at", "returned__id")
    )
