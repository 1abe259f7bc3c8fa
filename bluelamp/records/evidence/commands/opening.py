"""Open an original or a preview. Both are in the audit record and in the item's continuity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.evidence import reads
from bluelamp.records.evidence.commands.continuity import write_continuity
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.policy import audit_ref
from bluelamp.records.evidence.rules import Subject, Verb, is_new_view
from bluelamp.records.evidence.store import current_store


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """Bytes to send to somebody.

    Attributes:
        file: The open file; whoever gets it closes it.
        size: In bytes.
        sha256: In lower-case hex.
        path: Where the bytes are on this machine, or None where they are not (S3).
    """

    file: BinaryIO
    size: int
    sha256: str
    media_type: str
    filename: str
    path: Path | None


@command(permission="evidence.copy", act="evidence.copied", category=AuditEntry.Category.DISCLOSURE)
def open_original(
    *, actor: Actor, at: datetime, item_id: UUID, to: str = "", reason: str = ""
) -> OpenedFile:
    """Open an item's original for copying, with continuity `copied`.

    Args:
        to: Who or what the copy goes to; the actor if empty.
        reason: What the copy is for.

    Raises:
        NotFound: There is no such item, or another force has it.
        NotPermitted: The actor may not copy originals.
        Refused: The original is infected.
    """
    item = reads.find_item_row(actor=actor, item_id=item_id)
    _refuse_quarantined(item)
    write_continuity(
        actor=actor,
        at=at,
        item_id=item.id,
        verb=Verb.COPIED,
        to=to or actor.name,
        reason=reason,
    )
    record_act(item, ref=audit_ref(item))
    return _open_blob(item.sha256, media_type=item.media_type, filename=item.filename)


def open_original_within_command(
    *, actor: Actor, at: datetime, subject: Subject, item_id: UUID, to: str, reason: str
) -> OpenedFile:
    """Open the original of an item that belongs to a record, as part of another command.

    That command decides who may have it and records the act; this writes continuity `copied`.

    Raises:
        NotFound: The record has no such item.
        Refused: The original is infected.
    """
    require_command()
    items = reads.subject_items_with_previews(force=actor.force, subject=subject)
    item = items.filter(id=item_id).first()
    if item is None:
        raise NotFound("There is no such item")
    _refuse_quarantined(item)
    write_continuity(actor=actor, at=at, item_id=item.id, verb=Verb.COPIED, to=to, reason=reason)
    return _open_blob(item.sha256, media_type=item.media_type, filename=item.filename)


@command(
    permission="evidence.view", act="evidence.viewed", category=AuditEntry.Category.CONSULTATION
)
def open_preview(
    *, actor: Actor, at: datetime, item_id: UUID, kind: str, reason: str = ""
) -> OpenedFile:
    """Open a preview of an item, with continuity `viewed` once for each actor, item and hour.

    A picture that was made before the scanner answered is not shown either, if the original is
    infected.

    Raises:
        NotFound: There is no such item or preview, or another force has it.
        NotPermitted: The actor may not see evidence.
        Refused: The original is infected.
    """
    item = reads.find_item_row(actor=actor, item_id=item_id)
    _refuse_quarantined(item)
    preview = item.previews.filter(kind=kind).first()
    if preview is None:
        raise NotFound("There is no such preview")
    last_view = reads.last_view(actor=actor, item_id=item.id)
    if is_new_view(last_viewed_at=last_view.at if last_view else None, at=at):
        write_continuity(
            actor=actor,
            at=at,
            item_id=item.id,
            verb=Verb.VIEWED,
            reason=reason,
            detail={"preview": kind},
        )
    record_act(item, ref=audit_ref(item), detail={"preview": kind})
    return _open_blob(
        preview.blob_id, media_type=preview.media_type, filename=f"{kind}-{item.filename}"
    )


def _refuse_quarantined(item: Item) -> None:
    if item.is_quarantined:
        raise Refused("evidence.original_infected", field="file")


def _open_blob(sha256: str, *, media_type: str, filename: str) -> OpenedFile:
    store = current_store()
    return OpenedFile(
        file=store.open(sha256),
        size=store.size(sha256),
        sha256=sha256,
        media_type=media_type,
        filename=filename,
        path=store.path(sha256),
    )
