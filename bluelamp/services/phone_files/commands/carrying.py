"""A colleague's phone sends the file: it carries it, and sees nothing that is in it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.records.evidence.commands import (
    ItemClaims,
    dispose_of_subject,
    issue_upload_token,
    open_original_within_command,
)
from bluelamp.records.evidence.models import Item
from bluelamp.services.phone_files.commands.receiving import save_contents, subject_of
from bluelamp.services.phone_files.contents import check_file
from bluelamp.services.phone_files.models import PhoneFile
from bluelamp.services.phone_files.policy import phone_file_policy
from bluelamp.services.phone_files.rules import Fault, FileRejected, FileState

BRING_IN_JOB = "phone_files.bring_in"


@command(permission="device.enrol", act="phone_file.announced", category=Category.COLLECTION)
def announce_phone_file(
    *, actor: Actor, at: datetime, sha256: str, size: int
) -> tuple[UUID, UUID, str]:
    """Announce a file that the actor's phone is about to send.

    Args:
        actor: The officer whose phone carries it.
        at: The time.
        sha256: The hash of the whole file, in lower-case hexadecimal.
        size: Its bytes.

    Returns:
        The file's id, its item's, and the token to send its bytes with; "" where they are here.

    Raises:
        Conflict: It was announced with another size.
        Refused: It can't be read, as we found before.
    """
    lock_until_commit(f"phone file {sha256}")
    row = PhoneFile.objects.filter(force=actor.force, sha256=sha256).first()
    if row is None:
        row = PhoneFile.objects.create(
            force=actor.force,
            sha256=sha256,
            size=size,
            item_id=new_id(),
            came_at=at,
            came_by_id=actor.id,
            came_by_name=actor.name[:200],
            is_from_phone=True,
            state=FileState.ANNOUNCED,
        )
    if row.size != size:
        raise Conflict("phone_files.differs")
    if row.state == FileState.REFUSED:
        raise Refused(f"phone_files.{row.fault}", field="file")
    # Whoever sends it last is told how far it is.
    if (row.came_by_id, row.is_from_phone) != (actor.id, True):
        row.came_by_id, row.came_by_name, row.is_from_phone = actor.id, actor.name[:200], True
        row.save(update_fields=["came_by_id", "came_by_name", "is_from_phone"])
    record_act(row, detail={"sha256": sha256, "size": size})
    if row.state != FileState.ANNOUNCED:
        return row.id, row.item_id, ""
    token = issue_upload_token(
        actor=actor,
        at=at,
        subject=subject_of(row),
        max_bytes=size,
        item_id=row.item_id,
        sha256=sha256,
        claims=ItemClaims(origin="file from a phone"),
    )
    return row.id, row.item_id, token


@command(permission="device.enrol", act="phone_file.carried", category=Category.COLLECTION)
def finish_phone_file(*, actor: Actor, at: datetime, file_id: UUID) -> None:
    """Read a file whose bytes have all come from the actor's phone.

    It is brought in at once, as if its own phone had sent it, unless something is unusual: then
    somebody at the desk decides. A file that can't be read is not kept.

    Raises:
        NotFound: The actor's phone sent no such file.
        Conflict: Its bytes have not all arrived, or this node has not the key.
    """
    row = phone_file_policy.get(
        actor, lock=True, id=file_id, is_from_phone=True, came_by_id=actor.id
    )
    if row.state != FileState.ANNOUNCED:
        record_act(row, ref=row.device_name, detail={"again": True})
        return
    if not Item.objects.filter(id=row.item_id, force=row.force).exists():
        raise Conflict("phone_files.item_lost")
    opened = open_original_within_command(
        actor=actor,
        at=at,
        subject=subject_of(row),
        item_id=row.item_id,
        to="Bluelamp",
        reason="Read what is in it.",
    )
    row.came_at = at
    try:
        with opened.file as file:
            checked = check_file(file, size=opened.size, force=row.force, at=at)
    except FileRejected as rejected:
        if rejected.fault == Fault.KEY_UNKNOWN:
            # Of this server, and not of the file: it is asked again.
            raise Conflict("phone_files.key_unknown") from None
        row.state, row.fault = FileState.REFUSED, rejected.fault
        row.save()
        dispose_of_subject(
            actor=actor,
            at=at,
            subject=subject_of(row),
            reason=f"No file of a phone of this force: {rejected.fault}",
        )
        record_act(row, detail={"fault": rejected.fault})
        return
    save_contents(row, checked)
    if not row.needs_decision:
        row.state = FileState.BRINGING_IN
        row.reason = f"Handed over to {actor.name}"[:300]
        row.decided_at, row.decided_by_id = at, actor.id
        row.decided_by_name = actor.name[:200]
        row.save()
        enqueue(BRING_IN_JOB, once=f"{BRING_IN_JOB} {row.id}", file_id=str(row.id), force=row.force)
    record_act(
        row,
        ref=row.device_name,
        detail={"captures": len(checked.captures), "needs_decision": row.needs_decision},
    )
