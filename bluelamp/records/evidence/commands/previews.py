"""Make previews of an item, and ask the virus scanner again where it did not answer before."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.jobs.queues import Queue, job
from bluelamp.records.evidence.blob_files import local_blob
from bluelamp.records.evidence.commands.continuity import write_continuity
from bluelamp.records.evidence.commands.receiving import get_or_create_blob
from bluelamp.records.evidence.media.media_info import (
    DerivedPicture,
    PreviewResult,
    StoredMediaInfo,
    preview_result_to_json,
)
from bluelamp.records.evidence.media.previews import make_previews
from bluelamp.records.evidence.media.scanning import ScanResult, scan_file
from bluelamp.records.evidence.models import Item, Preview
from bluelamp.records.evidence.policy import audit_ref, item_policy
from bluelamp.records.evidence.rules import ScanVerdict, Verb
from bluelamp.records.evidence.store import current_store


@job(name="evidence.preview", queue=Queue.PREVIEWS, attempts=4)
def scan_and_preview_item(*, item_id: str) -> None:
    """Scan an item's original where that is still to do, and make its previews.

    The slow work runs outside any transaction. A command then puts the results on record.
    """
    item = Item.objects.get(id=UUID(item_id))
    worker = Actor.system("preview maker", force=item.force, permissions={"evidence.preview"})
    with (
        tempfile.TemporaryDirectory(prefix="previews-", dir=settings.BLUELAMP_VAR) as folder,
        local_blob(item.sha256) as source,
    ):
        scan_result = None
        if item.scan_verdict == ScanVerdict.NOT_SCANNED and settings.BLUELAMP_CLAMD:
            scan_result = scan_file(source, clamd_address=settings.BLUELAMP_CLAMD)
        previews = None
        # Nothing decodes bytes that are known to be infected, sandbox or not.
        if scan_result is None or scan_result.outcome != "infected":
            previews = make_previews(
                source,
                Path(folder),
                claimed_name=item.filename,
                claimed_type=item.media_type_claimed,
            )
        # Inside the block: the pictures are in the temporary folder.
        save_item_previews(
            actor=worker, at=now(), item_id=item.id, previews=previews, scan_result=scan_result
        )


@command(permission="evidence.preview", act="evidence.previewed")
def save_item_previews(
    *,
    actor: Actor,
    at: datetime,
    item_id: UUID,
    previews: PreviewResult | None,
    scan_result: ScanResult | None = None,
) -> None:
    """Save what was derived from an item, each picture with a line of continuity.

    A job may run twice: a picture that the item has already is left as it is.

    Args:
        previews: The pictures and what is known about the file; None for an infected original.
        scan_result: The scanner's answer, if it was asked.

    Raises:
        NotFound: There is no such item.
    """
    item = item_policy.get(actor, lock=True, id=item_id)
    media_info: StoredMediaInfo = {**item.media_info}
    if scan_result is not None:
        item.scan_verdict = ScanVerdict(scan_result.outcome)
        media_info["scan"] = asdict(scan_result)  # type: ignore[typeddict-item]
    if previews is not None:
        item.media_type = previews.media.media_type
        media_info.update(preview_result_to_json(previews))
    item.media_info = media_info
    item.save(update_fields=["scan_verdict", "media_info", "media_type"])
    pictures = previews.pictures if previews else ()
    for picture in pictures:
        if not item.previews.filter(kind=picture.kind).exists():
            _save_picture(actor, at, item, picture)
    record_act(item, ref=audit_ref(item), detail={"kinds": [picture.kind for picture in pictures]})


def _save_picture(actor: Actor, at: datetime, item: Item, picture: DerivedPicture) -> None:
    # In the store as originals are, by its hash: a preview that is made twice is one file.
    with current_store().stage() as staged:
        staged.write(picture.path.read_bytes())
        blob = get_or_create_blob(staged.commit(), at=at)
    Preview.objects.create(
        item=item,
        kind=picture.kind,
        blob=blob,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        method=picture.method,
    )
    write_continuity(
        actor=actor,
        at=at,
        item_id=item.id,
        verb=Verb.PREVIEWED,
        detail={"kind": picture.kind, "how": picture.method, "sha256": blob.sha256},
    )
