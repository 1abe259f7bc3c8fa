"""What people look up about evidence, and what other domains read for their own lookups.

Everything here takes an actor, starts from what that actor may see, and returns frozen dataclasses.
A `@lookup` is recorded itself; a `@read_within_act` is part of another domain's recorded act.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence import reads
from bluelamp.records.evidence.media.media_info import StoredMediaInfo
from bluelamp.records.evidence.models import Continuity, Item, Preview
from bluelamp.records.evidence.policy import audit_ref, item_policy
from bluelamp.records.evidence.rules import ScanVerdict, Subject
from bluelamp.records.evidence.store import current_store


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A picture derived from an item.

    `size` is in bytes, `width` and `height` in pixels. `method` says how the picture was made, so
    that somebody else can repeat it.
    """

    kind: str
    media_type: str
    width: int
    height: int
    sha256: str
    size: int
    method: str


@dataclass(frozen=True, slots=True)
class ContinuityLine:
    """One line of an item's continuity.

    `by_id` is None for the public and for the system. `canonical` is the line as the Merkle log
    holds it.
    """

    id: UUID
    sequence: int
    verb: str
    at: datetime
    by_id: UUID | None
    by_name: str
    from_text: str
    to_text: str
    reason: str
    sha256: str
    detail: dict[str, Any]
    canonical: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item as a list or a gallery shows it. `size` is that of the original, in bytes."""

    id: UUID
    force: str
    subject: Subject
    filename: str
    media_type: str
    description: str
    sha256: str
    size: int
    captured_at: datetime | None
    gps_at: datetime | None
    gps_device_at: datetime | None
    shot: str
    received_at: datetime
    scan_verdict: ScanVerdict
    media_info: StoredMediaInfo
    previews: tuple[PreviewRow, ...]

    @property
    def is_quarantined(self) -> bool:
        """Whether the original is infected, so that nobody may open it."""
        return self.scan_verdict == ScanVerdict.INFECTED

    @property
    def is_processed(self) -> bool:
        """Whether the job that makes previews is done with it, with or without a result."""
        return "problem" in self.media_info or self.is_quarantined

    def preview(self, *kinds: str) -> PreviewRow | None:
        """Return the preview of the first of these kinds that there is, or None."""
        by_kind = {preview.kind: preview for preview in self.previews}
        return next((by_kind[kind] for kind in kinds if kind in by_kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail(ItemRow):
    """An item with its continuity, as its own page shows it."""

    origin: str
    device_sha256: str
    continuity: tuple[ContinuityLine, ...]


@lookup(permission="evidence.view", act="evidence.item_viewed")
def get_item(*, actor: Actor, at: datetime, item_id: UUID) -> ItemDetail:
    """Return one item with its continuity.

    Raises:
        NotFound: There is no such item, or another force has it.
        NotPermitted: The actor may not see evidence.
    """
    item = _first_item(reads.visible_items_with_previews(actor).filter(id=item_id))
    record_act(item, ref=audit_ref(item))
    return _to_item_detail(item)


@lookup(permission="evidence.view", act="evidence.items_listed")
def list_items(*, actor: Actor, at: datetime, item_ids: Collection[UUID]) -> list[ItemRow]:
    """Return the items with these ids, in that order, for a page that shows their pictures.

    An id whose bytes have not arrived yet is left out, and so is another force's.

    Raises:
        NotPermitted: The actor may not see evidence.
    """
    rows = find_items(actor=actor, item_ids=item_ids)
    record_act(None, detail={"items": [str(row.id) for row in rows]})
    return rows


@read_within_act
def find_item(*, actor: Actor, item_id: UUID) -> ItemRow:
    """Return one item.

    Raises:
        NotFound: There is no such item, or another force has it.
    """
    return _to_item_row(_first_item(reads.visible_items_with_previews(actor).filter(id=item_id)))


@read_within_act
def find_items(*, actor: Actor, item_ids: Collection[UUID]) -> list[ItemRow]:
    """Return the items with these ids, in that order; those that are not here are left out."""
    if not item_ids:
        return []
    items = reads.visible_items_with_previews(actor).filter(id__in=item_ids)
    # The database returns them in any order; a gallery shows them in the order of the ids.
    by_id = {item.id: item for item in items}
    return [_to_item_row(by_id[item_id]) for item_id in item_ids if item_id in by_id]


@read_within_act
def items_of_subject(*, actor: Actor, subject: Subject) -> list[ItemRow]:
    """Return the items that belong to a record, in the order in which they arrived.

    The caller has decided that the actor may see that record.
    """
    items = reads.subject_items_with_previews(force=actor.force, subject=subject)
    # By id too: the files of one form may arrive in the same instant.
    return [_to_item_row(item) for item in items.order_by("received_at", "id")]


@read_within_act
def find_item_of_subject(*, actor: Actor, subject: Subject, item_id: UUID) -> ItemRow:
    """Return one item that belongs to a record.

    The caller has decided that the actor may see that record.

    Raises:
        NotFound: The record has no such item.
    """
    items = reads.subject_items_with_previews(force=actor.force, subject=subject)
    return _to_item_row(_first_item(items.filter(id=item_id)))


@read_within_act
def continuity_of_item(*, actor: Actor, item_id: UUID) -> list[ContinuityLine]:
    """Return an item's continuity, from its first line to its last.

    Raises:
        NotFound: There is no such item, or another force has it.
    """
    return _continuity_lines(reads.find_item_row(actor=actor, item_id=item_id))


@read_within_act
def open_preview_bytes(*, actor: Actor, preview: PreviewRow) -> BinaryIO:
    """Open the bytes of a preview; the caller closes the file. Raises FileNotFoundError."""
    return current_store().open(preview.sha256)


def _first_item(items: QuerySet[Item]) -> Item:
    item = items.first()
    if item is None:
        raise NotFound(item_policy.not_found)
    return item


def _to_item_row(item: Item) -> ItemRow:
    return ItemRow(
        id=item.id,
        force=item.force,
        subject=item.subject,
        filename=item.filename,
        media_type=item.media_type,
        description=item.description,
        sha256=item.sha256,
        size=item.blob.size,
        captured_at=item.captured_at,
        gps_at=item.gps_at,
        gps_device_at=item.gps_device_at,
        shot=item.shot,
        received_at=item.received_at,
        scan_verdict=ScanVerdict(item.scan_verdict),
        media_info=item.media_info,
        previews=tuple(_to_preview_row(preview) for preview in item.previews.all()),
    )


def _to_item_detail(item: Item) -> ItemDetail:
    row = _to_item_row(item)
    # By name, because a dataclass with slots has no __dict__.
    return ItemDetail(
        **{name: getattr(row, name) for name in ItemRow.__dataclass_fields__},
        origin=item.origin,
        device_sha256=item.device_sha256,
        continuity=tuple(_continuity_lines(item)),
    )


def _to_preview_row(preview: Preview) -> PreviewRow:
    return PreviewRow(
        kind=preview.kind,
        media_type=preview.media_type,
        width=preview.width,
        height=preview.height,
        sha256=preview.blob_id,
        size=preview.blob.size,
        method=preview.method,
    )


def _continuity_lines(item: Item) -> list[ContinuityLine]:
    lines = Continuity.objects.filter(item=item).order_by("sequence")
    return [
        ContinuityLine(
            id=line.id,
            sequence=line.sequence,
            verb=line.verb,
            at=line.at,
            by_id=line.by_id,
            by_name=line.by_name,
            from_text=line.from_text,
            to_text=line.to_text,
            reason=line.reason,
            sha256=line.sha256,
            detail=line.detail,
            canonical=line.canonical(),
        )
        for line in lines
    ]
