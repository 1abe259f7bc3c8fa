"""Allocate a crime to an officer."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands import assign_officer
from bluelamp.casework.crimes.lookups import lock_crime
from bluelamp.casework.investigations.commands.log import MAX_TEXT_LENGTH, write_log_entry
from bluelamp.casework.investigations.events import OfficerAllocated
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.accounts.lookups import get_officer
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
    assign_officer(crime=crime, officer_id=officer.id)
    note = clean_text(
        note, max_length=MAX_TEXT_LENGTH, field="note", label="investigations.note_label"
    )
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.ALLOCATED,
        text=f"Officer in the case: {officer.display_name}. {note}".strip(),
        about_id=officer.id,
    )
    record_act(crime, ref=str(crime.number), detail={"officer": officer.display_name})
    publish(
        OfficerAllocated(
            crime_id=crime.id,
            number=str(crime.number),
            force=crime.force,
            officer_id=officer.id,
            at=at,
        )
    )
