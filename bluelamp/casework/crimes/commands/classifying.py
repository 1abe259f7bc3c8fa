"""Classify a crime, and reclassify it."""

from datetime import datetime

from bluelamp.casework.crimes.commands.changing import rebuild_search_keys
from bluelamp.casework.crimes.lookups import lock_crime
from bluelamp.casework.crimes.models import ClassificationChange, Crime
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.reference.lookups import OffenceDetail, get_offence

MAX_REASON_LENGTH = 4000


@command(permission="crime.reclassify", act="crime.reclassified")
def reclassify_crime(
    *, actor: Actor, at: datetime, number: str, offence_code: str, reason: str
) -> None:
    """Change what a crime is classified as. Its history keeps the classification before.

    Authority: Home Office Counting Rules, general rules B.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: There is no reason, or the offence is unknown or the one the crime has.
    """
    crime = lock_crime(actor=actor, number=number)
    reason = clean_text(
        reason, max_length=MAX_REASON_LENGTH, field="reason", label="crimes.reason_label"
    )
    if not reason:
        raise Refused("crimes.reclassification_reason_missing", field="reason")
    offence = find_offence(offence_code, at)
    # Both are compared: one offence can be counted in several Home Office classes.
    if (crime.offence_code, crime.hocr_class) == (offence.cjs_code, offence.ho_class):
        raise Refused("crimes.same_classification", field="offence_code")
    code_before = crime.offence_code
    set_classification(crime, offence)
    crime.save(update_fields=["offence_code", "offence_title", "hocr_class", "ho_code"])
    add_classification(actor, at, crime, reason)
    rebuild_search_keys(actor=actor, crime=crime)
    record_act(crime, ref=str(crime.number), detail={"from": code_before, "to": crime.offence_code})


def find_offence(code: str, at: datetime) -> OffenceDetail:
    """Return the offence that a code stood for at an instant. Raises Refused for an unknown one."""
    reject_unstorable(code, field="offence_code")
    offence = get_offence(code, on=london_date(at))
    if offence is None:
        raise Refused("crimes.offence_unknown", field="offence_code")
    return offence


def set_classification(crime: Crime, offence: OffenceDetail) -> None:
    """Set the columns of a crime that say what it is classified as, without saving it."""
    crime.offence_code = offence.cjs_code
    # Copied, because the Home Office changes titles and classes in later editions of its list.
    crime.offence_title = offence.title
    crime.hocr_class = offence.ho_class
    crime.ho_code = offence.ho_code


def add_classification(actor: Actor, at: datetime, crime: Crime, reason: str) -> None:
    """Add the present classification of a crime to its history, inside a command."""
    ClassificationChange.objects.create(
        crime=crime,
        offence_code=crime.offence_code,
        offence_title=crime.offence_title,
        hocr_class=crime.hocr_class,
        ho_code=crime.ho_code,
        at=at,
        by_id=actor.id,
        by_name=actor.name[:200],
        reason=reason,
    )
