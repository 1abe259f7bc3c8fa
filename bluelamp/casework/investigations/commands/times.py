"""Correct when a statement was signed, where a phone's clock got it wrong."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands import NewTime, write_time_correction
from bluelamp.casework.crimes.rules import TimeField
from bluelamp.casework.investigations.commands.log import write_log_entry
from bluelamp.casework.investigations.policy import statement_policy
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON


@command(
    permission="investigation.write",
    act="statement.time_corrected",
    category=Category.ALTERATION,
)
def correct_statement_time(
    *, actor: Actor, at: datetime, statement_id: UUID, moment: datetime, reason: str
) -> None:
    """Correct when a statement was signed. The statement stays as it was signed, to the letter.

    The log of the crime says so too: whoever serves the statement must be able to explain its date
    (Criminal Justice Act 1967, section 9).

    Raises:
        NotFound: There is no such statement in the actor's force.
        Refused: There is no reason, or the time is still to come or before the crime.
    """
    statement = statement_policy.get(actor, id=statement_id)
    crime = statement.crime
    write_time_correction(
        actor=actor,
        at=at,
        crime=crime,
        subject_id=statement.id,
        before_at=statement.signed_at,
        new=NewTime(field=TimeField.SIGNED, moment=moment, reason=reason),
        earliest=crime.occurred_from,
    )
    signed = f"{moment.astimezone(LONDON):%d/%m/%Y %H:%M}"
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.NOTE,
        text=f"Time of the statement of {statement.maker_name} corrected to {signed}. "
        f"{reason.strip()}",
        about_id=statement.id,
    )
    record_act(statement, ref=str(crime.number))
