"""Receive files that belong to an application or to the draft of one: scans, letters, photos."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands import ItemClaims
from bluelamp.records.evidence.commands.receiving import (
    NewItem,
    Readable,
    receive_item_within_command,
)
from bluelamp.services.firearms.lookups.files import application_subject


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as somebody uploads it: a scan of paper, or a photo."""

    filename: str
    source: Readable
    media_type: str


def receive_file(
    file: Scan, application_id: UUID, *, actor: Actor, at: datetime, claims: ItemClaims
) -> UUID:
    """Receive a file as an item with its continuity, as part of a command, and return its id.

    Args:
        file: The file.
        application_id: The application, or the draft, whose id the application will have.
        actor: Who adds it.
        at: When.
        claims: What is said of it.
    """
    require_command()
    return receive_item_within_command(
        actor=actor,
        at=at,
        new=NewItem(
            # With the application's files, which few may open.
            subject=application_subject(application_id),
            filename=file.filename,
            source=file.source,
            media_type_claimed=file.media_type,
            claims=claims,
        ),
    ).id
