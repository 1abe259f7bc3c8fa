"""Open an original or a preview. Each is on the audit record and in the item's continuity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.evidence.commands.continuity import write_continuity
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.rules import Verb, is_new_view
from bluelamp.records.evidence.store import current_store


@dataclass(frozen=True, slots=True)
class Opened:
    """Bytes to hand out: the stream (close it), its size and type, and a local path where there is
    one.
    """

    item: Item
    file: BinaryIO
    size: int
    media_type: str
    filename: str
    path: Path | None


@command(may="evidence.copy", act="evidence.copied", category=AuditEntry.Category.DISCLOSURE)
def open_original(
    *, actor: Actor, at: datetime, item_id: UUID, to: str = "", why: str = ""
) -> Opened:
    """Open an item's original for copying, with continuity `copied`.

    Raises NotFound (also for another force's item), NotPermitted, and Refused for an infected
    original.
    """
    item = _item(actor, item_id)
    _refuse_held_back(item)
    write_continuity(actor=actor, at=at, item=item, verb=Verb.COPIED, to=to or actor.name, why=why)
    record_act(item, ref=item.filename)
    return _opened(item, item.sha256, item.media_type, item.filename)


@command(may="evidence.view", act="evidence.viewed", category=AuditEntry.Category.CONSULTATION)
def open_preview(*, actor: Actor, at: datetime, item_id: UUID, kind: str, why: str = "") -> Opened:
    """Open a preview of an item, with continuity `viewed` once for each actor, item and hour.

    Raises NotFound when there is no such item or preview, NotPermitted, and Refused for an infected
    original: a picture made before the scanner spoke is not shown either.
    """
    item = _item(actor, item_id)
    _refuse_held_back(item)
    preview = item.previews.filter(kind=kind).first()
    if preview is None:
        raise NotFound("There is no such preview.")
    seen = Continuity.objects.filter(
        item=item, verb=Verb.VIEWED, by_id=actor.id, by_name=actor.name
    )
    last = seen.order_by("-sequence").values_list("at", flat=True).first()
    if is_new_view(last_viewed_at=last, at=at):
        write_continuity(
            actor=actor, at=at, item=item, verb=Verb.VIEWED, why=why, detail={"preview": kind}
        )
    record_act(item, ref=item.filename, detail={"preview": kind})
    return _opened(item, preview.blob_id, preview.media_type, f"{kind}-{item.filename}")


def _item(actor: Actor, item_id: UUID) -> Item:
    item = Item.objects.select_related("blob").filter(id=item_id, force=actor.force).first()
    if item is None:
        raise NotFound("There is no such item.")
    return item


def _refuse_held_back(item: Item) -> None:
    if item.is_held_back:
        raise Refused(
            "This file was found infected and is held back. Ask the evidence officer.", field="file"
        )


def _opened(item: Item, sha256: str, media_type: str, filename: str) -> Opened:
    store = current_store()
    return Opened(
        item, store.open(sha256), store.size(sha256), media_type, filename, store.path(sha256)
    )
