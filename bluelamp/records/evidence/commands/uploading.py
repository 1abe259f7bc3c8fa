"""Uploads on the record: begun, finished as an item, refused, or ended. Their bytes are in
`uploads.incoming`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands.take_in import About, Holding, take_in
from bluelamp.records.evidence.commands.tokens import UploadToken
from bluelamp.records.evidence.models import Item, Upload
from bluelamp.records.evidence.rules import (
    MOST_COMING,
    STAGED_LIFE,
    UPLOAD_LIFE,
    UploadState,
    plain_filename,
)
from bluelamp.records.evidence.store import current_store

_COLLECTION = AuditEntry.Category.COLLECTION


@command(may="evidence.take_in", act="upload.begun", category=_COLLECTION)
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
    """Put a new upload of `length` bytes on the record; its state is "received" when the item is
    here already.

    Raises Refused (empty, too large, too many files, not the file the token is for), Conflict (the
    item is here with other contents), NotPermitted.
    """
    item_id = token.item_id or item_id or new_id()
    device_sha256 = token.sha256 or device_sha256
    if length < 1:
        raise Refused("The file is empty. Choose another file.", field="file")
    with (
        connection.cursor() as cursor
    ):  # two files at once for one purpose are counted one after the other
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"uploads for {token.purpose}"]
        )
    others = Upload.objects.filter(purpose=token.purpose).exclude(item_id=item_id)
    if others.filter(token_id=token.id).count() >= token.max_files:
        raise Refused(f"No more than {token.max_files} files can be sent here.", field="file")
    coming = others.filter(
        state=UploadState.COMING, made_by_kind=actor.kind, made_by=actor.id, expires_at__gt=at
    )
    if token.item_id is None and coming.count() >= max(token.max_files, MOST_COMING):
        raise Refused(
            "Too many files are still on their way. Let one of them arrive first.", field="file"
        )
    upload = Upload(
        force=actor.force, purpose=token.purpose, token_id=token.id, made_by_kind=actor.kind, made_by=actor.id,
        made_at=at, expires_at=at + UPLOAD_LIFE, item_id=item_id, filename=plain_filename(filename), length=length,
        metadata=metadata, about=token.about.as_data(), device_sha256=device_sha256,
    )  # fmt: skip
    if item := Item.objects.select_related("blob").filter(id=item_id).first():
        if (item.force, item.purpose) != (
            actor.force,
            token.purpose,
        ) or device_sha256 != item.sha256:
            raise Conflict(
                "This item was received before with other contents. Send it under a new id."
            )
        if item.blob.size != length:
            raise Conflict(
                "This item was received before with another length. Send it under a new id."
            )
        upload.state, upload.sha256 = UploadState.RECEIVED, item.sha256
    upload.save(force_insert=True)
    record_act(
        upload,
        ref=upload.filename,
        detail={"item": str(item_id), "length": length, "purpose": token.purpose},
    )
    return upload


@command(may="evidence.take_in", act="upload.finished", category=_COLLECTION)
def finish_upload(*, actor: Actor, at: datetime, upload_id: UUID, source: Holding) -> Upload:
    """Take the finished bytes in as the upload's item. Finished twice is finished once.

    Raises Refused, Conflict (as `take_in`), NotFound.
    """
    upload = _locked(actor, upload_id)
    if upload.state != UploadState.RECEIVED:
        if upload.state != UploadState.COMING:
            raise NotFound("This upload has ended.")
        item = take_in(
            actor=actor, at=at, purpose=upload.purpose, filename=upload.filename, source=source,
            media_type_claimed=upload.metadata.get("filetype", ""), item_id=upload.item_id,
            device_sha256=upload.device_sha256, about=About.of(upload.about),
        )  # fmt: skip
        upload.state, upload.sha256 = UploadState.RECEIVED, item.sha256
        upload.save(update_fields=["state", "sha256"])
    record_act(
        upload, ref=upload.filename, detail={"item": str(upload.item_id), "sha256": upload.sha256}
    )
    return upload


@command(may="evidence.take_in", act="upload.refused", category=_COLLECTION)
def refuse_upload(*, actor: Actor, at: datetime, upload_id: UUID, why: str) -> None:
    """Record that a finished upload was not taken in. Raises NotFound."""
    upload = _locked(actor, upload_id)
    upload.state = UploadState.REFUSED
    upload.save(update_fields=["state"])
    record_act(upload, ref=upload.filename, detail={"why": why})


@command(may="evidence.take_in", act="upload.ended", category=AuditEntry.Category.ERASURE)
def end_upload(*, actor: Actor, at: datetime, upload_id: UUID) -> Upload:
    """Record that the sender gave an upload up: its address is no more. An item made of it stays.
    Raises NotFound.
    """
    upload = _locked(actor, upload_id)
    if upload.state != UploadState.REFUSED:
        upload.state = UploadState.ENDED
        upload.save(update_fields=["state"])
    record_act(upload, ref=upload.filename)
    return upload


@command(may="evidence.take_in", act="upload.swept", category=AuditEntry.Category.ERASURE)
def sweep_uploads(*, actor: Actor, at: datetime, incoming: Path) -> int:
    """End the force's uploads that expired; remove what they, and what was cut off a day ago, left
    on disk.

    Returns how many uploads ended. Raises NotPermitted: only the system sweeps.
    """
    if actor.kind != "system":
        raise NotPermitted("Only the system sweeps uploads.")
    uploads = Upload.objects.select_for_update(skip_locked=True)
    expired = list(uploads.filter(force=actor.force, expires_at__lt=at, state=UploadState.COMING))
    for upload in expired:
        upload.state = UploadState.ENDED
        upload.save(update_fields=["state"])
        for name in (f"upload-{upload.id}", f"upload-{upload.id}.journal"):
            (incoming / name).unlink(missing_ok=True)
    coming = {
        f"upload-{each}"
        for each in Upload.objects.filter(state=UploadState.COMING).values_list("id", flat=True)
    }
    for left in (*incoming.glob("staged-*"), *incoming.glob("upload-*"), *incoming.glob("copy-*")):
        with suppress(FileNotFoundError):
            is_old = left.stat().st_mtime < (at - STAGED_LIFE).timestamp()
            if is_old and left.name.removesuffix(".journal") not in coming:
                left.unlink()
    record_act(None, detail={"ended": len(expired)})
    return len(expired)


@app.periodic(cron="17 * * * *")
@app.task(name="evidence.sweep", queueing_lock="evidence.sweep", pass_context=False)
def sweep_every_hour(timestamp: int) -> None:
    """End what was left too long."""
    coming = Upload.objects.filter(state=UploadState.COMING).values_list("force", flat=True)
    for force in sorted({settings.BLUELAMP_FORCE, *coming}):
        sweeper = Actor.system("upload sweeper", force=force, permissions={"evidence.take_in"})
        sweep_uploads(actor=sweeper, at=now(), incoming=current_store().incoming)


def _locked(actor: Actor, upload_id: UUID) -> Upload:
    upload = Upload.objects.select_for_update().filter(id=upload_id, force=actor.force).first()
    if upload is None or (upload.made_by_kind, upload.made_by) != (actor.kind, actor.id):
        raise NotFound("There is no such upload.")
    return upload
