"""The exhibits of a case file, with their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from bluelamp.casework.casefiles.case_data import ContinuityData, ExhibitData, PreviewData
from bluelamp.casework.investigations.lookups import ExhibitDetail, exhibits_of_crimes
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence.lookups import (
    ContinuityLine,
    ItemRow,
    PreviewRow,
    continuity_of_item,
    find_items,
)
from bluelamp.records.evidence.rules import Verb

_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
}

_FAMILIES_WITHOUT_FACTS = ("pdf", "text")

CanonicalLines = Mapping[UUID, Sequence[tuple[UUID, bytes]]]
"""Continuity as the log has it, by item id: the id of each row and its canonical bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExhibitedItem:
    """An exhibit with the item that it is."""

    exhibit: ExhibitDetail
    item: ItemRow


def list_exhibited_items(*, actor: Actor, crime_ids: Sequence[UUID]) -> list[ExhibitedItem]:
    """Return the exhibits of the crimes in the order of their references, one for each item.

    An item that was exhibited in two of the crimes keeps its first reference, and its description
    mentions the other.

    Raises:
        Refused: An item is quarantined.
    """
    exhibits = exhibits_of_crimes(actor=actor, crime_ids=crime_ids)
    # Each once, and in the order of the exhibits, which a set would lose.
    item_ids = list(dict.fromkeys(exhibit.item_id for exhibit in exhibits))
    items = {item.id: item for item in find_items(actor=actor, item_ids=item_ids)}
    exhibited: dict[UUID, ExhibitedItem] = {}
    for exhibit in exhibits:
        item = items[exhibit.item_id]
        if item.is_quarantined:
            raise Refused("casefiles.exhibit_infected", reference=exhibit.reference)
        if exhibit.item_id in exhibited:
            first = exhibited[exhibit.item_id].exhibit
            description = (
                f"{first.description} (also exhibited as {exhibit.reference} in "
                f"{exhibit.crime_number})"
            )
            exhibit = replace(first, description=description)
        exhibited[exhibit.item_id] = ExhibitedItem(exhibit=exhibit, item=item)
    return sorted(exhibited.values(), key=lambda entry: _reference_key(entry.exhibit.reference))


def assemble_exhibits(
    *, actor: Actor, crime_ids: Sequence[UUID]
) -> tuple[tuple[ExhibitData, ...], CanonicalLines]:
    """Return the exhibits with their continuity and previews, and the continuity as the log has it.

    Raises:
        Refused: An item is quarantined.
    """
    exhibits: list[ExhibitData] = []
    canonical: dict[UUID, list[tuple[UUID, bytes]]] = {}
    for exhibited in list_exhibited_items(actor=actor, crime_ids=crime_ids):
        item = exhibited.item
        lines = continuity_of_item(actor=actor, item_id=item.id)
        canonical[item.id] = [(line.id, line.canonical) for line in lines]
        exhibits.append(
            replace(
                _to_exhibit_data(exhibited),
                continuity=tuple(
                    ContinuityData(canonical=line.canonical.decode()) for line in lines
                ),
                previews=tuple(_to_preview_data(preview, lines) for preview in item.previews),
            )
        )
    return tuple(exhibits), canonical


def assemble_exhibits_for_comparison(
    *, actor: Actor, crime_ids: Sequence[UUID]
) -> tuple[ExhibitData, ...]:
    """Return the exhibits without continuity and previews, which the system adds by itself.

    Raises:
        Refused: An item is quarantined.
    """
    exhibited = list_exhibited_items(actor=actor, crime_ids=crime_ids)
    return tuple(_to_exhibit_data(entry) for entry in exhibited)


def _to_exhibit_data(exhibited: ExhibitedItem) -> ExhibitData:
    exhibit, item = exhibited.exhibit, exhibited.item
    return ExhibitData(
        reference=exhibit.reference,
        item_id=item.id,
        description=exhibit.description,
        produced_by=exhibit.produced_by,
        sha256=item.sha256,
        size=item.size,
        filename=item.filename,
        media_type=item.media_type,
        captured_at=item.captured_at,
        captured_text=item.media_info.get("capture", {}).get("captured_text", ""),
        reading=_describe_reading(item),
        received_at=item.received_at,
        held_at=(
            f"Evidence store. Bag sealed as {exhibit.seal_number}"
            if exhibit.seal_number
            else "Evidence store"
        ),
        seal_number=exhibit.seal_number,
        shot=item.shot,
        gps_at=item.gps_at,
        gps_device_at=item.gps_device_at,
    )


def _describe_reading(item: ItemRow) -> str:
    """Return whether the facts in an item's file were read; see `ExhibitData.reading`."""
    if not item.is_processed:
        return "not_read"
    if item.media_info.get("family") in _FAMILIES_WITHOUT_FACTS:
        return ""
    captured_text = item.media_info.get("capture", {}).get("captured_text", "")
    # A file that was cut short can have a problem and say when it was taken all the same.
    is_unreadable = item.media_info.get("problem") and not (item.previews or captured_text)
    return "unreadable" if is_unreadable else "read"


def _to_preview_data(preview: PreviewRow, lines: Sequence[ContinuityLine]) -> PreviewData:
    # Continuity says when a preview was made; its row does not.
    made_at = next(
        (
            line.at
            for line in lines
            if line.verb == Verb.PREVIEWED and line.detail.get("sha256") == preview.sha256
        ),
        None,
    )
    return PreviewData(
        name=f"{preview.kind}{_EXTENSIONS.get(preview.media_type, '')}",
        media_type=preview.media_type,
        size=preview.size,
        sha256=preview.sha256,
        how=preview.method,
        made_at=made_at,
    )


def _reference_key(reference: str) -> tuple[str, int]:
    """Return a sort key that puts AB/2 before AB/10."""
    initials, _slash, serial = reference.partition("/")
    return initials, int(serial) if serial.isdecimal() else 0
