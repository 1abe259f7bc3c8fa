"""Write in the log of an investigation."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import InvestigationEntry
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text

MAX_TEXT_LENGTH = 20_000


@command(
    permission="investigation.write", act="investigation.entry_added", category=Category.COLLECTION
)
def add_log_entry(
    *, actor: Actor, at: datetime, number: str, text: str, kind: str = EntryKind.NOTE
) -> UUID:
    """Write a note or an action in the log and return the entry's id. Raises NotFound, Refused."""
    # Every other kind is written by the command that it tells of.
    if kind not in {EntryKind.NOTE, EntryKind.ACTION}:
        raise Refused("investigations.entry_kind_unknown", field="kind")
    crime = find_crime(actor=actor, number=number)
    text = clean_text(
        text, max_length=MAX_TEXT_LENGTH, field="text", label="investigations.entry_label"
    )
    if not text:
        raise Refused("investigations.entry_missing", field="text")
    entry = write_log_entry(actor=actor, at=at, crime=crime, kind=kind, text=text)
    record_act(entry, ref=str(crime.number))
    return entry.id


def write_log_entry(
    *,
    actor: Actor,
    at: datetime,
    crime: Crime,
    kind: str,
    text: str,
    device_at: datetime | None = None,
    about_id: UUID | None = None,
) -> InvestigationEntry:
    """Write a line of the log, inside a command. The arguments are columns of the entry."""
    return InvestigationEntry.objects.create(
        crime=crime,
        kind=kind,
        text=text,
        at=at,
        device_at=device_at,
        by_id=actor.id,
        by_name=actor.name[:200],
        about_id=about_id,
    )
