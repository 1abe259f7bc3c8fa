"""Uploads on record: begun, finished as an item, refused, or ended.

Their bytes are in `bluelamp.records.evidence.uploads`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import rate_limit_key
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.records.evidence import reads
from bluelamp.records.evidence.commands.quotas import check_public_upload
from bluelamp.records.evidence.commands.receiving import ItemClaims, ReceivedBytes, receive_item
from bluelamp.records.evidence.commands.tokens import UploadToken
from bluelamp.records.evidence.models import Item, Upload
from bluelamp.records.evidence.policy import audit_ref
from bluelamp.records.evidence.rules import (
    MAX_UNFINISHED_UPLOADS,
    STAGED_FILE_LIFETIME,
    UPLOAD_LIFETIME,
    UploadState,
    clean_filename,
)
from bluelamp.records.evidence.store import current_store

_COLLECTION = AuditEntry.Category.COLLECTION


@command(permission="evidence.take_in", act="upload.begun", category=_COLLECTION)
def begin_upload(
    *,
    actor: Actor,
    at: datetime,
    token: UploadToken,
    length: int,
    filename: str,
    metadata: dict[str, str],
    item_id: UUID | None = None,
    device_sha256: str = "",
) -> Upload:
    """Put a new upload on record. Its state is "received" if the item is here already.

    Args:
        length: How many bytes will come.
        metadata: What the sender's program said in Upload-Metadata.
        item_id: The id that the sender made for the item; the token's own id comes first.
        device_sha256: The hash that the device made; the token's own hash comes first.

    Raises:
        Refused: The file is empty, or there are too many files.
        LimitReached: As `check_public_upload`.
        Conflict: The item is here already with other contents, or is arriving.
        NotPermitted: The actor may not hand in evidence.
    """
    item_id = token.item_id or item_id or new_id()
    device_sha256 = token.sha256 or device_sha256
    if length < 1:
        raise Refused("evidence.upload_empty", field="file")
    # Not limited to what the actor may see: another force's id must not be given out twice.
    item = Item.objects.select_related("blob").filter(id=item_id).first()
    _check_limits(actor, at, token, item_id, length=0 if item else length)
    upload = Upload(
        force=actor.force,
        **token.subject.as_columns(),
        token_id=token.id,
        made_by_kind=actor.kind,
        made_by_id=actor.id,
        rate_limit_key=rate_limit_key(actor.address) if actor.kind == "public" else "",
        made_at=at,
        expires_at=at + UPLOAD_LIFETIME,
        announced_item_id=item_id,
        filename=clean_filename(filename),
        length=length,
        metadata=metadata,
        claims=token.claims.as_data(),
        device_sha256=device_sha256,
    )
    if item:
        is_same = (item.force, item.subject) == (actor.force, token.subject)
        # An id names one item of one force for ever: it must not stand for other bytes.
        if not is_same or device_sha256 != item.sha256:
            raise Conflict("evidence.item_differs")
        if item.blob.size != length:
            raise Conflict("evidence.item_length_differs")
        upload.state = UploadState.RECEIVED
        upload.item = item
        upload.sha256 = item.sha256
    upload.save(force_insert=True)
    record_act(
        upload,
        ref=audit_ref(upload),
        detail={"item": str(item_id), "length": length, "subject": str(token.subject)},
    )
    return upload


@command(permission="evidence.take_in", act="upload.finished", category=_COLLECTION)
def finish_upload(*, actor: Actor, at: datetime, upload_id: UUID, source: ReceivedBytes) -> Upload:
    """Receive the complete bytes as the upload's item. To finish it twice changes nothing.

    Raises:
        NotFound: There is no such upload, somebody else began it, or it has ended.
        Refused, Conflict: As `receive_item`.
    """
    upload = reads.lock_upload_row(actor=actor, upload_id=upload_id)
    if upload.state != UploadState.RECEIVED:
        # It was cancelled or refused meanwhile: late bytes do not revive it.
        if upload.state != UploadState.ARRIVING:
            raise NotFound("This upload has ended.")
        item = receive_item(
            actor=actor,
            at=at,
            subject=upload.subject,
            filename=upload.filename,
            source=source,
            media_type_claimed=upload.metadata.get("filetype", ""),
            item_id=upload.announced_item_id,
            device_sha256=upload.device_sha256,
            claims=ItemClaims.from_data(upload.claims),
        )
        upload.state = UploadState.RECEIVED
        # The whole row, because the sender is told when it was received.
        upload.item = Item.objects.get(id=item.id)
        upload.sha256 = item.sha256
        upload.save(update_fields=["state", "item", "sha256"])
    record_act(
        upload, ref=audit_ref(upload), detail={"item": str(upload.item_id), "sha256": upload.sha256}
    )
    return upload


@command(permission="evidence.take_in", act="upload.refused", category=_COLLECTION)
def refuse_upload(*, actor: Actor, at: datetime, upload_id: UUID, reason: str) -> None:
    """Record that a complete upload did not become an item, and the reason.

    Raises:
        NotFound: There is no such upload, or somebody else began it.
    """
    upload = reads.lock_upload_row(actor=actor, upload_id=upload_id)
    upload.state = UploadState.REFUSED
    upload.save(update_fields=["state"])
    record_act(upload, ref=audit_ref(upload), detail={"why": reason})


@command(permission="evidence.take_in", act="upload.ended", category=AuditEntry.Category.ERASURE)
def cancel_upload(*, actor: Actor, at: datetime, upload_id: UUID) -> Upload:
    """Record that the sender cancelled an upload. An item that was made of it stays.

    Raises:
        NotFound: There is no such upload, or somebody else began it.
    """
    upload = reads.lock_upload_row(actor=actor, upload_id=upload_id)
    if upload.state != UploadState.REFUSED:
        upload.state = UploadState.ENDED
        upload.save(update_fields=["state"])
    record_act(upload, ref=audit_ref(upload))
    return upload


@command(permission="evidence.take_in", act="upload.swept", category=AuditEntry.Category.ERASURE)
def expire_uploads(*, actor: Actor, at: datetime, incoming: Path) -> int:
    """End the force's uploads that expired, and delete the files that nobody will finish.

    Args:
        incoming: The folder where bytes arrive.

    Returns:
        How many uploads ended.

    Raises:
        NotPermitted: The actor is not the system.
    """
    if actor.kind != "system":
        raise NotPermitted("Only the system sweeps uploads.")
    # Skips what is locked: somebody finishes it at this moment.
    uploads = Upload.objects.select_for_update(skip_locked=True)
    expired = list(uploads.filter(force=actor.force, expires_at__lt=at, state=UploadState.ARRIVING))
    for upload in expired:
        upload.state = UploadState.ENDED
        upload.save(update_fields=["state"])
        for name in (f"upload-{upload.id}", f"upload-{upload.id}.journal"):
            (incoming / name).unlink(missing_ok=True)
    _delete_old_files(incoming, at)
    record_act(None, detail={"ended": len(expired)})
    return len(expired)


@periodic(cron="17 * * * *", name="evidence.sweep", queue=Queue.BULK)
def expire_uploads_every_hour() -> None:
    """Sweep the uploads of every force that has any."""
    forces = Upload.objects.filter(state=UploadState.ARRIVING).values_list("force", flat=True)
    # Our own force always, because its sweep also deletes the files.
    for force in sorted({settings.BLUELAMP_FORCE, *forces}):
        sweeper = Actor.system("upload sweeper", force=force, permissions={"evidence.take_in"})
        expire_uploads(actor=sweeper, at=now(), incoming=current_store().incoming_folder)


def _check_limits(
    actor: Actor, at: datetime, token: UploadToken, item_id: UUID, *, length: int
) -> None:
    """Check that the token, the sender and the report have room for one more upload.

    Args:
        item_id: The item that the upload will be.
        length: How many bytes will come; 0 for an item that is here already and takes no room.

    Raises:
        Refused, LimitReached, Conflict: As `begin_upload`.
    """
    if actor.kind == "public":
        incoming = current_store().incoming_folder
        check_public_upload(
            actor=actor, at=at, subject=token.subject, length=length, incoming=incoming
        )
    # Two files for one subject at the same time are counted one after the other.
    lock_until_commit(f"uploads for {token.subject}")
    uploads = Upload.objects.filter(**token.subject.as_columns())
    arriving = uploads.filter(
        state=UploadState.ARRIVING,
        made_by_kind=actor.kind,
        made_by_id=actor.id,
        expires_at__gt=at,
    )
    # Whoever begins an upload of the same item ends the one before: see `lifecycle`. Here is only
    # who began one at the same moment.
    if arriving.filter(announced_item_id=item_id).exists():
        raise Conflict("evidence.item_is_arriving")
    received = uploads.filter(state=UploadState.RECEIVED, item__withdrawn_at=None)
    sent = arriving | received.exclude(announced_item_id=item_id)
    if length and sent.filter(token_id=token.id).count() >= token.max_files:
        raise Refused("evidence.too_many_files", field="file", max_files=token.max_files)
    if token.item_id is not None:
        # The token is for one item, so it can't open more and more uploads.
        return
    if arriving.count() >= max(token.max_files, MAX_UNFINISHED_UPLOADS):
        raise Refused("evidence.too_many_unfinished_uploads", field="file")


def _delete_old_files(incoming: Path, at: datetime) -> None:
    """Delete files older than a day, except those of uploads that are still arriving."""
    ids = Upload.objects.filter(state=UploadState.ARRIVING).values_list("id", flat=True)
    arriving = {f"upload-{upload_id}" for upload_id in ids}
    oldest = (at - STAGED_FILE_LIFETIME).timestamp()
    for path in (*incoming.glob("staged-*"), *incoming.glob("upload-*"), *incoming.glob("copy-*")):
        # Whoever used the file may delete it first.
        with suppress(FileNotFoundError):
            is_old = path.stat().st_mtime < oldest
            if is_old and path.name.removesuffix(".journal") not in arriving:
                path.unlink()
