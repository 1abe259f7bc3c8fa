"""Receive bytes as evidence: hash them, store them, and put the item on record.

The first two lines of the item's continuity are written with it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import is_in_future
from bluelamp.foundation.kernel.database.fast_sql import insert_or_ignore
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.records.evidence.commands.continuity import write_new_item
from bluelamp.records.evidence.commands.quotas import (
    check_public_file,
    check_public_space,
    check_sender,
    count_received_file,
)
from bluelamp.records.evidence.media.detection import detect_media
from bluelamp.records.evidence.media.media_info import media_info_to_json
from bluelamp.records.evidence.media.scanning import scan_file
from bluelamp.records.evidence.models import Blob, Item
from bluelamp.records.evidence.policy import audit_ref
from bluelamp.records.evidence.rules import ScanVerdict, Subject, clean_filename
from bluelamp.records.evidence.store import StoredBlob, current_store

_COPY_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class ItemClaims:
    """What the sender says about an item. These are claims, not facts.

    Positions are degrees in WGS 84 with an accuracy in metres. Times are aware datetimes: `gps_at`
    is the satellites' when the position was found, and `gps_device_at` the device's own clock at
    that moment. `shot` is a value of `Shot`, or "".
    """

    origin: str = "form"
    description: str = ""
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    gps_at: datetime | None = None
    gps_device_at: datetime | None = None
    shot: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return the claims as plain JSON."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ItemClaims:
        """Return the claims from plain JSON. Keys that are not known are ignored."""
        claims = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        for name in ("captured_at", "gps_at", "gps_device_at"):
            if claims.get(name):
                claims[name] = datetime.fromisoformat(claims[name])
        return cls(**claims)


class Readable(Protocol):
    """An open binary file, or Django's UploadedFile."""

    def read(self, size: int, /) -> bytes: ...


class ReceivedBytes(Protocol):
    """Bytes that are here and hashed, but not in the store yet.

    A `StagedFile` is one, and so is a complete upload.
    """

    @property
    def path(self) -> Path: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    def commit(self) -> StoredBlob: ...
    def discard(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What an item is made from.

    Attributes:
        subject: The record that the item belongs to.
        filename: The name it came under, cleaned before it is stored.
        source: The bytes. Received bytes are used up; a path is copied and left alone.
        media_type_claimed: The media type that the sender named.
        item_id: An id that the sender made, or None for one of ours.
        device_sha256: The hash that the device made, in hex, or "".
        claims: What the sender says about the item.
    """

    subject: Subject
    filename: str
    source: bytes | Path | Readable | ReceivedBytes
    media_type_claimed: str = ""
    item_id: UUID | None = None
    device_sha256: str = ""
    claims: ItemClaims = ItemClaims()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedItem:
    """An item that is on record.

    `sha256` is that of its bytes, in lower-case hex, and `size` is in bytes. `is_new` is False
    where the same item had arrived before.
    """

    id: UUID
    filename: str
    media_type: str
    sha256: str
    size: int
    is_new: bool


@command(
    permission="evidence.take_in",
    act="evidence.taken_in",
    category=AuditEntry.Category.COLLECTION,
)
def receive_item(
    *,
    actor: Actor,
    at: datetime,
    subject: Subject,
    filename: str,
    source: bytes | Path | Readable | ReceivedBytes,
    media_type_claimed: str = "",
    item_id: UUID | None = None,
    device_sha256: str = "",
    claims: ItemClaims = ItemClaims(),
) -> ReceivedItem:
    """Store the bytes and make an item of them, with continuity `received` and `sealed`.

    The sender may make the `item_id`. The same id with the same bytes is the same item, and is
    returned again. The same bytes under two ids are one blob and two items. `NewItem` describes the
    other arguments.

    Raises:
        Refused: The file is empty, infected, or not what the device hashed.
        LimitReached: The public may send no more: see `check_public_file`.
        Conflict: `item_id` was received with other bytes, or for another subject or force.
        NotPermitted: The actor may not hand in evidence.
        StoreError: The store failed.
        OSError: The disk refused.
    """
    new = NewItem(
        subject=subject,
        filename=filename,
        source=source,
        media_type_claimed=media_type_claimed,
        item_id=item_id,
        device_sha256=device_sha256,
        claims=claims,
    )
    # Bytes that came with a form. An upload was counted when it began.
    came_with_form = actor.kind == "public" and hasattr(source, "read")
    if came_with_form:
        check_public_file(
            actor=actor,
            at=at,
            subject=subject,
            length=getattr(source, "size", 0),
            incoming=current_store().incoming_folder,
        )
    item, is_new = _receive_item(actor=actor, at=at, new=new)
    if came_with_form and is_new:
        count_received_file(actor=actor, at=at, item=item)
    detail = {"sha256": item.sha256, "size": item.blob.size, "subject": str(subject)}
    record_act(item, ref=audit_ref(item), detail=detail if is_new else {"again": True})
    return _to_received_item(item, is_new)


def receive_item_within_command(
    *, actor: Actor, at: datetime, new: NewItem, known_new: bool = False, deferred: bool = False
) -> ReceivedItem:
    """Do what `receive_item` does, as part of another command.

    That command checks the permission and records the act.

    Args:
        new: What to make the item from.
        known_new: The caller knows that nobody sent this id before, so nobody needs to look.
        deferred: Write the item at the end of the transaction. Until then it cannot be read.

    Raises:
        Refused, Conflict, StoreError, OSError: As `receive_item`.
    """
    if actor.kind == "public":
        check_sender(actor=actor, at=at)
        check_public_space(current_store().incoming_folder)
    item, is_new = _receive_item(
        actor=actor, at=at, new=new, known_new=known_new, deferred=deferred
    )
    if is_new:
        count_received_file(actor=actor, at=at, item=item)
    return _to_received_item(item, is_new)


def withdraw_item(*, subject: Subject, item_id: UUID, at: datetime) -> None:
    """Note that the sender took an item out of a report, as part of another command.

    The item stays, because evidence is never thrown away. It no longer counts as one of the
    report's files.
    """
    require_command()
    # Taken out twice, the first time counts.
    items = Item.objects.filter(id=item_id, withdrawn_at=None, **subject.as_columns())
    items.update(withdrawn_at=at)


def get_or_create_blob(stored: StoredBlob, *, at: datetime) -> Blob:
    """Return the row of stored bytes, and create it if it is not there."""
    blob = _new_blob(stored, at)
    insert_or_ignore(blob)
    return blob


def _receive_item(
    *, actor: Actor, at: datetime, new: NewItem, known_new: bool = False, deferred: bool = False
) -> tuple[Item, bool]:
    """Return the item and whether it is new."""
    received = _to_received_bytes(new.source)
    filename = clean_filename(new.filename)
    device_sha256 = new.device_sha256.lower()
    try:
        if not received.size:
            raise Refused("evidence.file_empty", field="file", filename=filename)
        if device_sha256 not in ("", received.sha256):
            raise Refused("evidence.file_changed", field="file", filename=filename)
        if new.item_id and not known_new:
            existing = _find_existing_item(actor, new.subject, new.item_id, received.sha256)
            if existing:
                return existing, False
        media = detect_media(
            received.path, claimed_name=filename, claimed_type=new.media_type_claimed
        )
        verdict = _virus_scan(received.path, filename)
        item = Item(
            id=new.item_id or new_id(),
            force=actor.force,
            blob=_new_blob(received.commit(), at),
            filename=filename,
            # As much as the column takes: a long claim is no reason to refuse evidence.
            media_type_claimed=new.media_type_claimed[:127],
            media_type=media.media_type,
            received_at=at,
            media_info=media_info_to_json(media),
            scan_verdict=verdict,
            device_sha256=device_sha256,
            **new.subject.as_columns(),
            **{field.name: getattr(new.claims, field.name) for field in fields(new.claims)},
        )
    finally:
        # Does nothing once the bytes are committed.
        received.discard()
    size = item.blob.size
    received_detail = {"filename": item.filename, "origin": item.origin, "size": size}
    # Nothing is refused for a wrong clock: both times are kept, and continuity says so.
    if item.captured_at and is_in_future(item.captured_at, at=at):
        received_detail["clock_ahead_s"] = int((item.captured_at - at).total_seconds())
    write_new_item(
        actor=actor,
        at=at,
        item=item,
        received=received_detail,
        sealed={"algorithm": "SHA-256", "device_sha256": device_sha256, "size": size},
        deferred=deferred,
    )
    enqueue("evidence.preview", item_id=str(item.id))
    return item, True


def _to_received_bytes(source: bytes | Path | Readable | ReceivedBytes) -> ReceivedBytes:
    """Return the source itself if it is hashed already, else a staged copy of it."""
    if not isinstance(source, bytes | Path) and hasattr(source, "commit"):
        return cast(ReceivedBytes, source)
    staged = current_store().stage()
    try:
        if isinstance(source, bytes):
            staged.write(source)
        elif isinstance(source, Path):
            with source.open("rb") as file:
                while block := file.read(_COPY_BYTES):
                    staged.write(block)
        else:
            while block := source.read(_COPY_BYTES):
                staged.write(block)
    # Ctrl+C as well: what is staged and never committed would fill the disk.
    except BaseException:
        staged.discard()
        raise
    return staged


def _find_existing_item(actor: Actor, subject: Subject, item_id: UUID, sha256: str) -> Item | None:
    """Return the item that has this id already, if there is one.

    Raises:
        Conflict: It has other bytes, or belongs to another subject or force.
    """
    # Two senders of one id must not both find nothing.
    lock_until_commit(f"item {item_id}")
    # Not limited to what the actor may see: another force's id must not be given out twice.
    item = Item.objects.select_related("blob").filter(id=item_id).first()
    if item and (item.force, item.subject, item.sha256) != (actor.force, subject, sha256):
        raise Conflict("evidence.item_differs")
    return item


def _virus_scan(path: Path, filename: str) -> ScanVerdict:
    """Ask the virus scanner, where one is set up.

    A scanner that does not answer must not stop evidence: the verdict stays "not scanned", and the
    job that makes previews asks again.

    Raises:
        Refused: The file is infected.
    """
    if not settings.BLUELAMP_CLAMD:
        return ScanVerdict.NOT_SCANNED
    verdict = ScanVerdict(scan_file(path, clamd_address=settings.BLUELAMP_CLAMD).outcome)
    if verdict is ScanVerdict.INFECTED:
        raise Refused("evidence.file_infected", field="file", filename=filename)
    return verdict


def _new_blob(stored: StoredBlob, at: datetime) -> Blob:
    return Blob(sha256=stored.sha256, size=stored.size, stored_at=at)


def _to_received_item(item: Item, is_new: bool) -> ReceivedItem:
    return ReceivedItem(
        id=item.id,
        filename=item.filename,
        media_type=item.media_type,
        sha256=item.sha256,
        size=item.blob.size,
        is_new=is_new,
    )
