"""How much the public may send: for one report, from one sender, and altogether.

Everything that is open or kept counts, whatever it is called: neither another item's id nor a new
token gives more room. The public is stopped long before the disk is full, so that staff can go on
working. Staff are limited by the disk alone.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count, QuerySet, Sum

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import is_this_machine, rate_limit_key
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import LimitReached, Refused
from bluelamp.foundation.kernel.transient import has_free_share
from bluelamp.records.evidence.models import Item, Upload
from bluelamp.records.evidence.rules import (
    MAX_BYTES_OF_PUBLIC_SUBJECT,
    MAX_BYTES_OF_SENDER,
    MAX_FILES_OF_PUBLIC_SUBJECT,
    MAX_OPEN_PUBLIC_UPLOADS,
    MAX_UPLOADS_OF_SENDER,
    QUOTA_WINDOW,
    Subject,
    UploadState,
)

_COUNTED_STATES = (UploadState.ARRIVING, UploadState.RECEIVED)


def check_public_upload(
    *, actor: Actor, at: datetime, subject: Subject, length: int, incoming: Path
) -> None:
    """Check that a member of the public may begin an upload. Call it in the transaction that does.

    Args:
        length: How many bytes will come; 0 if they are here already.
        incoming: The folder where bytes arrive.

    Raises:
        LimitReached: There is no room on the disk, for this report or for this sender.
        Refused: The report has as many files as it may have.
    """
    # Two uploads that begin at the same time are counted one after the other.
    lock_until_commit("public uploads")
    check_sender(actor=actor, at=at, length=length)
    if not length:
        return
    check_public_space(incoming, length=length)
    _check_subject_quota(at, subject, length)
    open_uploads = Upload.objects.filter(
        made_by_kind="public", state=UploadState.ARRIVING, expires_at__gt=at
    )
    if open_uploads.count() >= MAX_OPEN_PUBLIC_UPLOADS:
        raise LimitReached("evidence.no_space_for_public", status=507, field="file")


def check_public_file(
    *, actor: Actor, at: datetime, subject: Subject, length: int, incoming: Path
) -> None:
    """Check that a file which came with a form may become an item of a report.

    Raises:
        LimitReached, Refused: As `check_public_upload`.
    """
    check_sender(actor=actor, at=at, length=length)
    check_public_space(incoming, length=length)
    _check_subject_quota(at, subject, length)


def check_public_space(incoming: Path, *, length: int = 0) -> None:
    """Check that the disk has room for a file of the public, and the share that is kept for staff.

    Raises:
        LimitReached: It has not.
    """
    if not has_free_share(incoming, settings.BLUELAMP_PUBLIC_RESERVE, size=length):
        raise LimitReached("evidence.no_space_for_public", status=507, field="file")


def _check_subject_quota(at: datetime, subject: Subject, length: int) -> None:
    """Check what a report has: its items, without those that were taken out again, and what is
    still arriving for it.
    """
    arriving = Upload.objects.filter(
        **subject.as_columns(), state=UploadState.ARRIVING, expires_at__gt=at
    )
    items = Item.objects.filter(**subject.as_columns(), withdrawn_at=None)
    open_files, open_bytes = _count(arriving, "length")
    kept_files, kept_bytes = _count(items, "blob__size")
    if open_files + kept_files >= MAX_FILES_OF_PUBLIC_SUBJECT:
        raise Refused(
            "evidence.too_many_files", field="file", max_files=MAX_FILES_OF_PUBLIC_SUBJECT
        )
    if open_bytes + kept_bytes + length > MAX_BYTES_OF_PUBLIC_SUBJECT:
        raise LimitReached(
            "evidence.report_too_large",
            status=413,
            field="file",
            max_gigabytes=MAX_BYTES_OF_PUBLIC_SUBJECT // 10**9,
        )


def check_sender(*, actor: Actor, at: datetime, length: int = 0) -> None:
    """Check what came from a network address within a day, by uploads, forms and the API.

    Args:
        length: How many bytes will come; 0 if that is not known yet.

    Raises:
        LimitReached: It sent too many files, or too much.
    """
    if not (key := _sender_key(actor)):
        return
    # Files of one sender that come at the same time are counted one after the other.
    lock_until_commit(f"files from {key}")
    uploads = Upload.objects.filter(rate_limit_key=key, made_at__gt=at - QUOTA_WINDOW)
    counted = uploads.filter(state__in=_COUNTED_STATES)
    if (
        uploads.count() >= MAX_UPLOADS_OF_SENDER
        or _count(counted, "length")[1] + length > MAX_BYTES_OF_SENDER
    ):
        raise LimitReached("evidence.sent_too_much", status=429, field="file")


def count_received_file(*, actor: Actor, at: datetime, item: Item) -> None:
    """Count a file that came whole, with a form or through the API, for its sender.

    It becomes an upload that has arrived: what tus brings is counted by these rows too.
    """
    if not (key := _sender_key(actor)):
        return
    Upload.objects.create(
        force=item.force,
        **item.subject.as_columns(),
        token_id=item.id,  # nobody had a token
        made_by_kind=actor.kind,
        rate_limit_key=key,
        made_at=at,
        expires_at=at,
        announced_item_id=item.id,
        # By its id: the item itself may be written at the end of the transaction.
        item_id=item.id,
        filename=item.filename,
        length=item.blob.size,
        sha256=item.blob.sha256,
        state=UploadState.RECEIVED,
    )


def _sender_key(actor: Actor) -> str:
    """Return what a sender is counted by; "" for whoever is not counted.

    Behind a proxy that does not tell us who sends, everybody has this machine's own address.
    """
    if actor.kind != "public" or is_this_machine(actor.address):
        return ""
    return rate_limit_key(actor.address)


def _count(rows: QuerySet[Upload] | QuerySet[Item], size: str) -> tuple[int, int]:
    totals = rows.aggregate(files=Count("id"), total=Sum(size))
    return totals["files"], totals["total"] or 0
