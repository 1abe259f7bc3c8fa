"""Receive a file from a phone at the desk: read to its end first, and kept only if it is sound."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import ItemClaims, NewItem, receive_item_within_command
from bluelamp.records.evidence.rules import Subject
from bluelamp.services.phone_files.contents import CheckedFile, FoundCapture, check_file
from bluelamp.services.phone_files.models import PhoneFile, PhoneFileEntry
from bluelamp.services.phone_files.rules import SUBJECT_KIND, FileRejected, FileState

_READ_BYTES = 1024**2
MEDIA_TYPE = "application/octet-stream"


@command(permission="device.bring_in", act="phone_file.received", category=Category.COLLECTION)
def receive_phone_file(*, actor: Actor, at: datetime, file: BinaryIO, size: int) -> UUID:
    """Receive a file that somebody brings to the desk, and return its id.

    Nothing in it is brought in yet. A file that came before is the same file.

    Args:
        actor: Who has it.
        at: The time.
        file: The open file, at its beginning.
        size: Its bytes.

    Raises:
        Refused: It is not a file that a phone of this force saved, as it saved it.
    """
    sha256 = _hash(file)
    lock_until_commit(f"phone file {sha256}")
    row = PhoneFile.objects.filter(force=actor.force, sha256=sha256).first()
    if row and row.state not in (FileState.ANNOUNCED, FileState.REFUSED):
        record_act(row, ref=row.device_name, detail={"again": True})
        return row.id
    file.seek(0)
    try:
        checked = check_file(file, size=size, force=actor.force, at=at)
    except FileRejected as rejected:
        raise Refused(f"phone_files.{rejected.fault}", field="file") from None
    if row is None:
        row = PhoneFile(
            id=new_id(),
            force=actor.force,
            sha256=sha256,
            size=size,
            item_id=new_id(),
            is_from_phone=False,
        )
    if row.state == FileState.REFUSED:
        # What was kept then was disposed of.
        row.item_id = new_id()
    # A colleague's phone announced it, and it came this way first.
    row.came_at, row.came_by_id, row.came_by_name = at, actor.id, actor.name[:200]
    row.is_from_phone = False
    file.seek(0)
    receive_item_within_command(
        actor=actor,
        at=at,
        new=NewItem(
            subject=subject_of(row),
            filename=f"phone-{checked.header.file_id}.bluelamp",
            source=file,
            media_type_claimed=MEDIA_TYPE,
            item_id=row.item_id,
            device_sha256=sha256,
            claims=ItemClaims(origin="file from a phone"),
        ),
    )
    save_contents(row, checked)
    record_act(row, ref=row.device_name, detail={"captures": len(checked.captures)})
    return row.id


def subject_of(row: PhoneFile) -> Subject:
    """Return what the file is called among evidence."""
    return Subject(SUBJECT_KIND, row.id)


def save_contents(row: PhoneFile, checked: CheckedFile) -> None:
    """Save what a file holds, as part of a command. It then waits for a decision."""
    row.state = FileState.WAITING
    row.fault = ""
    row.installation_id = checked.header.device_id
    row.device_name = checked.device_name[:60]
    row.saved_at = checked.manifest.saved_at
    row.app = checked.manifest.app
    row.needs_decision = checked.needs_decision
    row.save()
    PhoneFileEntry.objects.bulk_create(_to_entries(row, checked.captures))


def _to_entries(row: PhoneFile, captures: Iterable[FoundCapture]) -> Iterable[PhoneFileEntry]:
    for position, found in enumerate(captures):
        yield PhoneFileEntry(
            file=row,
            position=position,
            capture_id=found.entry.id,
            sha256=found.entry.sha256,
            officer_id=found.entry.officer_id,
            officer_name=found.officer_name[:200],
            kind=found.kind,
            label=found.label,
            made_at=found.made_at,
            file_size=found.entry.file.size if found.entry.file else None,
            phone_problem=found.entry.problem,
        )


def _hash(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(_READ_BYTES):
        digest.update(block)
    return digest.hexdigest()
