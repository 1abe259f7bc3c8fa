"""The times of a crime and of what belongs to it that people have corrected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import TimeCorrection
from bluelamp.casework.crimes.rules import TimeField
from bluelamp.foundation.audit.acts import read_within_act
from bluelamp.foundation.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectedTime:
    """One correction of a time: what it was, what it is, and who says so."""

    subject_id: UUID
    field: TimeField
    before_at: datetime | None
    after_at: datetime
    reason: str
    corrected_at: datetime
    corrected_by_name: str


@read_within_act
def list_corrected_times(
    *, actor: Actor, subject_ids: Iterable[UUID]
) -> dict[tuple[UUID, TimeField], tuple[CorrectedTime, ...]]:
    """Return the corrections of each time that was corrected, the latest last.

    For commands and lookups that record the act.
    """
    rows = TimeCorrection.objects.filter(
        crime__force=actor.force, subject_id__in=list(subject_ids)
    ).order_by("corrected_at", "id")
    corrections: dict[tuple[UUID, TimeField], tuple[CorrectedTime, ...]] = {}
    for row in rows:
        field = TimeField(row.field)
        correction = CorrectedTime(
            subject_id=row.subject_id,
            field=field,
            before_at=row.before_at,
            after_at=row.after_at,
            reason=row.reason,
            corrected_at=row.corrected_at,
            corrected_by_name=row.corrected_by_name,
        )
        earlier = corrections.get((row.subject_id, field), ())
        corrections[(row.subject_id, field)] = (*earlier, correction)
    return corrections
