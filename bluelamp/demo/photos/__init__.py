"""Photographs for the invented reports. README.md in this folder says where they are from."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.evidence.rules import Subject

PHOTO_NAMES = ("landscape_6", "portrait_1", "landscape_1")


def receive_photo(actor: Actor, *, at: datetime, name: str, subject: Subject) -> UUID:
    """Hand in a photograph for a report or a crime, and return the item's id."""
    path = Path(__file__).parent / f"{name}.jpg"
    item = receive_item(
        actor=actor,
        at=at,
        subject=subject,
        filename=path.name,
        source=path,
        media_type_claimed="image/jpeg",
    )
    return item.id
