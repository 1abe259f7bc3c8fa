"""Correct a time that a phone's clock got wrong: of a crime, or of what belongs to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.lookups import lock_crime
from bluelamp.casework.crimes.lookups.times import list_corrected_times
from bluelamp.casework.crimes.models import Crime, TimeCorrection
from bluelamp.casework.crimes.policy import crime_item_policy
from bluelamp.casework.crimes.rules import TimeField
from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.device_clock import TimeProblem, find_time_problem
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text

_MAX_REASON_LENGTH = 1_000
_CRIME_FIELDS = frozenset({TimeField.OCCURRED_FROM, TimeField.OCCURRED_TO, TimeField.REPORTED})


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTime:
    """The time that a field should have, and how the person knows."""

    field: TimeField
    moment: datetime
    reason: str


@command(permission="crime.record", act="crime.time_corrected")
def correct_crime_time(*, actor: Actor, at: datetime, number: str, new: NewTime) -> None:
    """Correct when a crime happened, or when it was reported. The time before stays on record.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: There is no reason, or the time can't be: it is still to come, or the crime would
            end before it began or be reported before it began.
    """
    if new.field not in _CRIME_FIELDS:
        raise Refused("crimes.time_field_unknown", field="moment")
    crime = lock_crime(actor=actor, number=number)
    before_at = getattr(crime, new.field)
    times = {field: getattr(crime, field) for field in _CRIME_FIELDS} | {new.field: new.moment}
    start, end = times[TimeField.OCCURRED_FROM], times[TimeField.OCCURRED_TO]
    if start and end and end < start:
        raise Refused("crimes.ends_before_it_starts", field="moment")
    # Only what the officer was told can be reported: a crime is not reported before it began. The
    # time limits of the counting rules run from then (National Crime Recording Standard).
    if new.field == TimeField.REPORTED and start and new.moment < start:
        raise Refused("crimes.reported_before_it_started", field="moment")
    write_time_correction(
        actor=actor, at=at, crime=crime, subject_id=crime.id, before_at=before_at, new=new
    )
    setattr(crime, new.field, new.moment)
    crime.save(update_fields=[new.field])
    record_act(crime, ref=str(crime.number), detail={"field": new.field})


@command(permission="evidence.take_in", act="crime.item_time_corrected")
def correct_item_time(
    *, actor: Actor, at: datetime, item_id: UUID, moment: datetime, reason: str
) -> None:
    """Correct when a photo or file was taken. What the phone said stays as it came.

    Raises:
        NotFound: No phone announced such an item for a crime of the actor's force.
        Refused: There is no reason, or the time is still to come.
    """
    announced = crime_item_policy.get(actor, announced_item_id=item_id)
    said = announced.announcement.get("about", {}).get("captured_at")
    write_time_correction(
        actor=actor,
        at=at,
        crime=announced.crime,
        subject_id=item_id,
        before_at=datetime.fromisoformat(said) if said else None,
        new=NewTime(field=TimeField.CAPTURED, moment=moment, reason=reason),
    )
    record_act(announced.crime, ref=str(announced.crime.number), detail={"item": str(item_id)})


def write_time_correction(
    *,
    actor: Actor,
    at: datetime,
    crime: Crime,
    subject_id: UUID,
    before_at: datetime | None,
    new: NewTime,
    earliest: datetime | None = None,
) -> None:
    """Write that a time was wrong and what it is, inside a command that records the act.

    Args:
        actor: Who corrects it.
        at: The time.
        crime: The crime that the subject belongs to, or is.
        subject_id: The crime, statement or item.
        before_at: What the record said at first. An earlier correction is used instead.
        new: The time that it should have.
        earliest: Before it, it can't have been.

    Raises:
        Refused: There is no reason, or the time can't be.
    """
    require_command()
    reason = clean_text(
        new.reason, max_length=_MAX_REASON_LENGTH, field="reason", label="crimes.reason_label"
    )
    if not reason:
        raise Refused("crimes.time_reason_missing", field="reason")
    # Without the tolerance for phones: the person reads our clock.
    if new.moment > at:
        raise Refused("crimes.occurred_in_future", field="moment")
    if find_time_problem(new.moment, at=at, earliest=earliest) == TimeProblem.TOO_EARLY:
        raise Refused("crimes.time_before_the_crime", field="moment")
    key = (subject_id, new.field)
    earlier = list_corrected_times(actor=actor, subject_ids=[subject_id]).get(key, ())
    TimeCorrection.objects.create(
        crime=crime,
        subject_id=subject_id,
        field=new.field,
        before_at=earlier[-1].after_at if earlier else before_at,
        after_at=new.moment,
        reason=reason,
        corrected_at=at,
        corrected_by_id=actor.id,
        corrected_by_name=actor.name[:200],
    )
