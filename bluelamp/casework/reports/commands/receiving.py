"""Receive a whole report with its files in one act, from programs that send everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from bluelamp.casework.reports.commands.submitting import (
    NewReport,
    create_report,
    record_report_receipt,
    require_valid_answers,
    return_existing_report,
)
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import Channel, ReportAnswers, report_subject
from bluelamp.foundation.audit.acts import Category, command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import LimitReached, Refused
from bluelamp.records.evidence.commands import (
    ItemClaims,
    NewItem,
    ReceivedItem,
    receive_item_within_command,
)
from bluelamp.records.evidence.store import StoredBlob, current_store

MAX_FILES = 10
_NO_CLAIMS = ItemClaims(origin="api")
# More threads than cores: they mostly wait for the disk.
_disk_pool = ThreadPoolExecutor(8, thread_name_prefix="disk")


@dataclass(frozen=True, kw_only=True)
class UploadedPart:
    """A file as it was sent. Without an id from the sender it gets one from its place."""

    content: bytes | memoryview
    filename: str
    media_type: str = ""
    id: UUID | None = None
    sha256: str = ""
    claims: ItemClaims = _NO_CLAIMS


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedReport:
    """A report that is stored with all its items.

    `is_new` is False where the same had arrived before.
    """

    report_id: UUID
    reference: str
    received_at: datetime
    is_new: bool
    items: tuple[ReceivedItem, ...]


@command(permission="report.submit", act="report.submitted", category=Category.COLLECTION)
def receive_report(
    *,
    actor: Actor,
    at: datetime,
    report_id: UUID,
    answers: ReportAnswers,
    files: Sequence[UploadedPart] = (),
    device_at: datetime | None = None,
) -> ReceivedReport:
    """Receive a report and its files, all or nothing, under an id that its sender made.

    Sent twice, it is one report.

    Raises:
        Refused: An answer is to be put right, or a file is refused (fields `files.0` and so on).
        Conflict: The id, or a file's, was received with other contents.
    """
    checked = require_valid_answers(answers, at=at)
    if len(files) > MAX_FILES:
        raise Refused("reports.too_many_files", field="files", max_files=MAX_FILES)
    # The id of a file without one follows from its place, so that a second try sends the same.
    item_ids = [file.id or uuid5(report_id, str(place)) for place, file in enumerate(files)]
    if len(set(item_ids)) < len(item_ids):
        raise Refused("reports.file_ids_not_unique", field="files")
    new = NewReport(
        report_id=report_id,
        answers=answers,
        item_ids=item_ids,
        channel=Channel.API,
        device_at=device_at,
    )
    # Leaving this block waits until every file is durable; the commit comes after it.
    with ExitStack() as pending_writes:
        sources = [_BackgroundWrite(file.content, pending_writes) for file in files]
        is_new = record_report_receipt(new)
        items = [
            _receive_file(actor, at, new, place, file, source, is_new=is_new)
            for place, (file, source) in enumerate(zip(files, sources, strict=True))
        ]
        submitted = (
            create_report(actor=actor, at=at, new=new, checked=checked)
            if is_new
            else return_existing_report(report_id)
        )
    received_at = at
    if not is_new:
        # The first time counts, as the first answer said, not the time of this second try.
        received_at = Report.objects.values_list("received_at", flat=True).get(id=report_id)
    return ReceivedReport(
        report_id=report_id,
        reference=submitted.reference,
        received_at=received_at,
        is_new=is_new,
        items=tuple(items),
    )


class _BackgroundWrite:
    """A file that is hashed and written to disk while the database is written.

    It is `ReceivedBytes` for evidence. `wait_until_durable` runs before the commit.
    """

    def __init__(self, content: bytes | memoryview, pending_writes: ExitStack) -> None:
        self._staged = current_store().stage()
        try:
            self._write = _disk_pool.submit(self._staged.write, content)
        # The pool may be shutting down: the file on disk must not stay behind.
        except BaseException:
            self._staged.discard()
            raise
        self._commit: Future[StoredBlob] | None = None
        self.path = self._staged.path
        pending_writes.callback(self.wait_until_durable)

    @property
    def sha256(self) -> str:
        """Return the hash of all its bytes, as soon as they are written. Raises OSError."""
        self._write.result()
        return self._staged.sha256

    @property
    def size(self) -> int:
        """Return how many bytes there are, as soon as they are written. Raises OSError."""
        self._write.result()
        return self._staged.size

    def commit(self) -> StoredBlob:
        """Start to commit the bytes to the store.

        Whether they are new to the store is not known yet, and nobody here needs to know.
        """
        stored = StoredBlob(sha256=self.sha256, size=self.size, is_new=True)
        self._commit = _disk_pool.submit(self._staged.commit)
        return stored

    def discard(self) -> None:
        """Leave it to `wait_until_durable` to discard bytes that nobody committed."""

    def wait_until_durable(self) -> None:
        """Wait until the bytes are durable, or are discarded because nobody committed them.

        Raises:
            StoreError, OSError: They are not, so nothing may be committed to the database.
        """
        wait([self._write])
        try:
            if self._commit is not None:
                self._commit.result()
        finally:
            self._staged.discard()


def _receive_file(
    actor: Actor,
    at: datetime,
    new: NewReport,
    place: int,
    file: UploadedPart,
    source: _BackgroundWrite,
    *,
    is_new: bool,
) -> ReceivedItem:
    new_item = NewItem(
        subject=report_subject(new.report_id),
        filename=file.filename,
        source=source,
        media_type_claimed=file.media_type,
        item_id=new.item_ids[place],
        device_sha256=file.sha256,
        claims=file.claims,
    )
    # An id that follows from a new report's id cannot be on record. One from the sender can.
    known_new = is_new and file.id is None
    try:
        return receive_item_within_command(
            actor=actor, at=at, new=new_item, known_new=known_new, deferred=True
        )
    except LimitReached:
        raise
    except Refused as refused:
        problem = replace(refused.problems[0], field=f"files.{place}")
        raise Refused(errors=[problem]) from None
