"""Allocate a crime to an officer, or hand one over to a colleague."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands import assign_officer
from bluelamp.casework.crimes.lookups import lock_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.commands.log import MAX_TEXT_LENGTH, write_log_entry
from bluelamp.casework.investigations.events import OfficerAllocated
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.accounts.lookups import (
    UserDetail,
    get_officer,
    list_officers,
    list_officers_who_may,
)
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.text import clean_text


@command(permission="investigation.allocate", act="investigation.allocated")
def allocate_officer(
    *, actor: Actor, at: datetime, number: str, officer_id: UUID, note: str = ""
) -> None:
    """Make somebody the officer in the case.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: The officer is not one of this force.
    """
    crime = lock_crime(actor=actor, number=number)
    officer = get_officer(user_id=officer_id, force=actor.force)
    if officer is None:
        raise Refused("investigations.officer_unknown", field="officer")
    note = clean_text(
        note, max_length=MAX_TEXT_LENGTH, field="note", label="investigations.note_label"
    )
    _assign(actor=actor, at=at, crime=crime, officer=officer, note=note)
    record_act(crime, ref=str(crime.number), detail={"officer": officer.display_name})


def hand_over_crime(
    *, actor: Actor, at: datetime, crime: Crime, wanted: str, reason: str, device_at: datetime
) -> str:
    """Give a crime to a colleague, inside the command that receives it from a device.

    Args:
        crime: The crime, locked.
        wanted: The colleague's collar number or full name, in either case.
        reason: Why, for the log.
        device_at: When the officer did so, by the device's own clock.

    Returns:
        The colleague's name, for the record of the act.

    Raises:
        Refused: It is not the actor's to hand over, there is no reason, or not one colleague who
            may take it on.
    """
    # A crime that nobody was given yet is still with whoever recorded it.
    holder = crime.officer_in_case_id or crime.recorded_by_id
    if holder != actor.id and not actor.may("investigation.allocate"):
        raise Refused("investigations.hand_over_not_yours", field="hand_over_to")
    if not reason:
        raise Refused("investigations.hand_over_reason_missing", field="note")
    officer = _find_colleague(actor, wanted)
    if officer.id == crime.officer_in_case_id:
        raise Refused(
            "investigations.colleague_has_it", field="hand_over_to", name=officer.display_name
        )
    _assign(actor=actor, at=at, crime=crime, officer=officer, note=reason, device_at=device_at)
    return officer.display_name


def _find_colleague(actor: Actor, wanted: str) -> UserDetail:
    """Return the officer of the actor's force whom a collar number or name means."""
    typed = " ".join(wanted.split()).casefold()
    officers = list_officers(force=actor.force)
    found = [officer for officer in officers if officer.collar.casefold() == typed] or [
        officer
        for officer in officers
        if typed in {officer.name.casefold(), officer.display_name.casefold()}
    ]
    if not found:
        raise Refused("investigations.colleague_unknown", field="hand_over_to")
    if len(found) > 1:
        raise Refused("investigations.colleague_ambiguous", field="hand_over_to")
    (officer,) = found
    able = list_officers_who_may("investigation.write", force=actor.force)
    if officer.id not in {one.id for one in able}:
        raise Refused(
            "investigations.colleague_may_not", field="hand_over_to", name=officer.display_name
        )
    return officer


def _assign(
    *,
    actor: Actor,
    at: datetime,
    crime: Crime,
    officer: UserDetail,
    note: str,
    device_at: datetime | None = None,
) -> None:
    """Make somebody the officer in the case, write it in the log, and tell who needs to know."""
    assign_officer(crime=crime, officer_id=officer.id)
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.ALLOCATED,
        text=f"Officer in the case: {officer.display_name}. {note}".strip(),
        device_at=device_at,
        about_id=officer.id,
    )
    publish(
        OfficerAllocated(
            crime_id=crime.id,
            number=str(crime.number),
            force=crime.force,
            officer_id=officer.id,
            at=at,
        )
    )
