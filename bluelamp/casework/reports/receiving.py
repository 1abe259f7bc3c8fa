"""Take in a whole report with its files in one act: for programs that send everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from bluelamp.casework.reports.commands import claim_report, put_on_record
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import Channel, ReportAnswers, check_answers, item_purpose
from bluelamp.foundation.audit.acts import Category, command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence.commands import About
from bluelamp.records.evidence.commands.take_in import hold
from bluelamp.records.evidence.store import Kept, current_store

MOST_FILES = 10
_SAID_NOTHING = About(origin="api")
_disk = ThreadPoolExecutor(8, thread_name_prefix="disk")


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file as it was sent. Without an id of the sender's making it is known by its place in the
    report.
    """

    content: bytes | memoryview
    filename: str
    media_type: str = ""
    id: UUID | None = None
    sha256: str = ""
    about: About = _SAID_NOTHING


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedItem:
    """An item that is held: `sha256` is of its bytes, lower-case hex, `size` in bytes."""

    id: UUID
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedReport:
    """A report that is held with all its items. `is_new` is False where the same had arrived
    before.
    """

    report_id: UUID
    reference: str
    received_at: datetime
    is_new: bool
    items: tuple[ReceivedItem, ...]


@command(may="report.submit", act="report.submitted", category=Category.COLLECTION)
def receive_report(
    *,
    actor: Actor,
    at: datetime,
    report_id: UUID,
    answers: ReportAnswers,
    files: Sequence[SentFile] = (),
    device_at: datetime | None = None,
) -> ReceivedReport:
    """Take in a report and its files, all or nothing, under an id its sender made. Sent twice it is
    one report.

    Raises Refused (fields `files.0` … for a file), and Conflict where the id, or a file's, came
    with other contents.
    """
    if errors := check_answers(answers, at=at):
        raise Refused(errors=errors)
    if len(files) > MOST_FILES:
        raise Refused(f"Send {MOST_FILES} files at most with a report.", field="files")
    item_ids = [file.id or uuid5(report_id, str(place)) for place, file in enumerate(files)]
    if len(set(item_ids)) < len(item_ids):
        raise Refused("Two of the files have the same id.", field="files")
    items: list[ReceivedItem] = []
    with ExitStack() as until_durable:
        sources = [_KeptMeanwhile(file.content, until_durable) for file in files]
        is_new = claim_report(report_id, answers, item_ids)
        for place, (item_id, file, source) in enumerate(zip(item_ids, files, sources, strict=True)):
            is_fresh = is_new and file.id is None
            try:
                items.append(
                    _take_in(actor, at, report_id, item_id, file, source, is_fresh=is_fresh)
                )
            except Refused as refused:
                raise Refused(refused.message, field=f"files.{place}") from None
        submitted = put_on_record(
            actor, at, report_id, answers, item_ids, Channel.API, device_at, is_new=is_new
        )
    received_at = at
    if not submitted.is_new:
        received_at = Report.objects.values_list("received_at", flat=True).get(id=report_id)
    return ReceivedReport(
        report_id=report_id,
        reference=submitted.reference,
        received_at=received_at,
        is_new=submitted.is_new,
        items=tuple(items),
    )


class _KeptMeanwhile:
    """A file that is hashed, and goes to the disk, while the database is written; the commit waits
    in `finish`.
    """

    def __init__(self, content: bytes | memoryview, until_durable: ExitStack) -> None:
        self._staged = current_store().stage()
        try:
            self._written = _disk.submit(self._staged.write, content)
        except BaseException:
            self._staged.discard()
            raise
        self._keeping: Future[Kept] | None = None
        self.path = self._staged.path
        until_durable.callback(self.finish)

    @property
    def sha256(self) -> str:
        """The hash of all its bytes, as soon as they are written. Raises OSError."""
        self._written.result()
        return self._staged.sha256

    @property
    def size(self) -> int:
        """How many bytes there are, as soon as they are written. Raises OSError."""
        self._written.result()
        return self._staged.size

    def keep(self) -> Kept:
        """Begin to keep the bytes. Whether they were new to the store is not known yet."""
        kept = Kept(sha256=self.sha256, size=self.size, is_new=True)
        self._keeping = _disk.submit(self._staged.keep)
        return kept

    def discard(self) -> None:
        """Leave bytes that nobody asked to keep for `finish` to forget."""

    def finish(self) -> None:
        """Wait until the bytes are durable, or forgotten where nobody asked to keep them.

        Raises StoreFault, OSError: nothing may be committed then.
        """
        wait([self._written])
        try:
            if self._keeping is not None:
                self._keeping.result()
        finally:
            self._staged.discard()


def _take_in(
    actor: Actor,
    at: datetime,
    report_id: UUID,
    item_id: UUID,
    file: SentFile,
    source: _KeptMeanwhile,
    *,
    is_fresh: bool,
) -> ReceivedItem:
    item, _ = hold(
        actor=actor,
        at=at,
        purpose=item_purpose(report_id),
        filename=file.filename,
        source=source,
        media_type_claimed=file.media_type,
        item_id=item_id,
        is_fresh=is_fresh,
        soon=True,
        device_sha256=file.sha256,
        about=file.about,
    )
    return ReceivedItem(id=item.id, filename=item.filename, sha256=item.sha256, size=source.size)
