"""Photographs that the invented reports come with: their origin is in README.md beside them."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from bluelamp.casework.reports.rules import item_purpose
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands import take_in

NAMES = ("landscape_6", "portrait_1", "landscape_1")


def hand_in(
    actor: Actor, *, at: datetime, name: str, report_id: UUID | None = None, purpose: str = ""
) -> UUID:
    """Hand in a photograph with a report, or for another purpose; returns the item's id."""
    path = Path(__file__).parent / f"{name}.jpg"
    item = take_in(
        actor=actor,
        at=at,
        purpose=item_purpose(report_id) if report_id else purpose,
        filename=path.name,
        source=path,
        media_type_claimed="image/jpeg",
    )
    return item.id
