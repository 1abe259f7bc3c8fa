"""Take bytes in as evidence: hashed, kept, on the record, with the first two lines of
continuity.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.db import connection

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.jobs import enqueue
from bluelamp.foundation.kernel.rows import insert_if_new
from bluelamp.records.evidence.commands.continuity import begin_continuity
from bluelamp.records.evidence.media.scanning import scan
from bluelamp.records.evidence.media.sniffing import sniff
from bluelamp.records.evidence.models import Blob, Item
from bluelamp.records.evidence.rules import ScanVerdict, plain_filename
from bluelamp.records.evidence.store import Kept, current_store

_BLOCK = 1024**2


@dataclass(frozen=True, slots=True)
class About:
    """What is said of an item by whoever hands it in: claims, not facts. Degrees are WGS 84,
    `captured_at` aware.
    """

    origin: str = "form"
    description: str = ""
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None

    def as_data(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        data = asdict(self)
        data["captured_at"] = self.captured_at.isoformat() if self.captured_at else None
        return data

    @classmethod
    def of(cls, data: dict[str, Any]) -> About:
        """Return it from plain JSON."""
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        if known.get("captured_at"):
            known["captured_at"] = datetime.fromisoformat(known["captured_at"])
        return cls(**known)


class Readable(Protocol):
    """An open binary file, or Django's UploadedFile."""

    def read(self, size: int, /) -> bytes: ...


class Holding(Protocol):
    """Bytes received and hashed, not yet kept: `Staged`, or a finished upload."""

    @property
    def path(self) -> Path: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    def keep(self) -> Kept: ...
    def discard(self) -> None: ...


@command(may="evidence.take_in", act="evidence.taken_in", category=AuditEntry.Category.COLLECTION)
def take_in(
    *,
    actor: Actor,
    at: datetime,
    purpose: str,
    filename: str,
    source: bytes | Path | Readable | Holding,
    media_type_claimed: str = "",
    item_id: UUID | None = None,
    device_sha256: str = "",
    about: About = About(),
) -> Item:
    """Keep the bytes and make an item of them, with continuity `received` and `sealed`.

    `item_id` may be made on the device: the same id with the same bytes is the same item, returned
    again. A staged `source` is consumed; a path is copied and left alone. The same bytes under two
    ids are one blob and two items.

    Raises:
        Refused: the file is empty, infected, or not what the device hashed (`device_sha256`, hex).
        Conflict: `item_id` was received with other bytes, or for another purpose or force.
        NotPermitted, StoreFault, OSError.
    """
    item, is_new = hold(
        actor=actor,
        at=at,
        purpose=purpose,
        filename=filename,
        source=source,
        media_type_claimed=media_type_claimed,
        item_id=item_id,
        device_sha256=device_sha256,
        about=about,
    )
    detail = {"sha256": item.sha256, "size": item.blob.size, "purpose": purpose}
    record_act(item, ref=item.filename, detail=detail if is_new else {"again": True})
    return item


def hold(
    *,
    actor: Actor,
    at: datetime,
    purpose: str,
    filename: str,
    source: bytes | Path | Readable | Holding,
    media_type_claimed: str = "",
    item_id: UUID | None = None,
    device_sha256: str = "",
    about: About = About(),
    is_fresh: bool = False,
    soon: bool = False,
) -> tuple[Item, bool]:
    """Do what `take_in` does, inside a command that has settled permission and records it; say
    whether it was new.

    With `is_fresh` the caller knows that nobody sent this id before. With `soon` the item is
    written at the end of the transaction: the caller does not look for it before.
    """
    holding = _holding(source)
    name = plain_filename(filename)
    device_sha256 = device_sha256.lower()
    try:
        if not holding.size:
            raise Refused(f"{name} is empty. Choose another file.", field="file")
        if device_sha256 not in ("", holding.sha256):
            raise Refused(f"{name} changed on its way here. Send it again.", field="file")
        if (
            item_id
            and not is_fresh
            and (item := _held_already(actor, purpose, item_id, holding.sha256))
        ):
            return item, False
        facts = sniff(holding.path, claimed_name=name, claimed_type=media_type_claimed)
        verdict = _screen(holding.path, name)
        item = Item(
            id=item_id or new_id(),
            force=actor.force,
            purpose=purpose,
            blob=_blob(holding.keep(), at),
            filename=name,
            media_type_claimed=media_type_claimed[:127],
            media_type=facts.media_type,
            received_at=at,
            facts={
                "kind": facts.kind,
                "family": facts.family,
                "lies": facts.lies,
                "sentence": facts.sentence,
                "cut_short": facts.cut_short,
                "may_show_inline": facts.may_show_inline,
            },
            scan_verdict=verdict,
            device_sha256=device_sha256,
            **{field.name: getattr(about, field.name) for field in fields(about)},
        )
    finally:
        holding.discard()
    size = item.blob.size
    begin_continuity(
        actor=actor,
        at=at,
        item=item,
        received={"filename": item.filename, "origin": item.origin, "size": size},
        sealed={"algorithm": "SHA-256", "device_sha256": device_sha256, "size": size},
        soon=soon,
    )
    enqueue("evidence.preview", item_id=str(item.id))
    return item, True


def _holding(source: bytes | Path | Readable | Holding) -> Holding:
    if not isinstance(source, bytes | Path) and hasattr(source, "keep"):
        return cast(Holding, source)
    staged = current_store().stage()
    try:
        if isinstance(source, bytes):
            staged.write(source)
        elif isinstance(source, Path):
            with source.open("rb") as file:
                while block := file.read(_BLOCK):
                    staged.write(block)
        else:
            while block := source.read(_BLOCK):
                staged.write(block)
    except BaseException:
        staged.discard()
        raise
    return staged


def _held_already(actor: Actor, purpose: str, item_id: UUID, sha256: str) -> Item | None:
    """Return the item made under this id before, if any; a second sender of the same id waits for
    the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [item_id.int & (2**63 - 1)])
    item = Item.objects.select_related("blob").filter(id=item_id).first()
    if item and (item.force, item.purpose, item.sha256) != (actor.force, purpose, sha256):
        raise Conflict("This item was received before with other contents. Send it under a new id.")
    return item


def _screen(path: Path, filename: str) -> ScanVerdict:
    """Ask the scanner, where one is configured. Raises Refused for an infected file.

    A scanner that does not answer does not stop evidence: the verdict stays "not scanned" and the
    job asks again.
    """
    if not settings.BLUELAMP_CLAMD:
        return ScanVerdict.NOT_SCANNED
    verdict = ScanVerdict(scan(path, clamd_address=settings.BLUELAMP_CLAMD).outcome)
    if verdict is ScanVerdict.INFECTED:
        raise Refused(
            f"{plain_filename(filename)} holds a computer virus and was not taken in. If you need it kept as "
            "evidence, tell the officer dealing with you.",
            field="file",
        )
    return verdict


def blob_of(kept: Kept, *, at: datetime) -> Blob:
    """Return the row of kept bytes, made where it is not there."""
    blob = _blob(kept, at)
    insert_if_new(blob)
    return blob


def _blob(kept: Kept, at: datetime) -> Blob:
    return Blob(sha256=kept.sha256, size=kept.size, stored_at=at)
