"""Take in a whole report with its files in one act: for programs that send everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import Channel, ReportAnswers, check_answers, item_purpose
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence.commands import About, take_in
from bluelamp.records.evidence.store import current_store

MOST_FILES = 10
_SAID_NOTHING = About(origin="api")


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file as it was sent. Without an id of the sender's making it is known by its place in the report."""

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
    """A report that is held with all its items. `is_new` is False where the same had arrived before."""

    report_id: UUID
    reference: str
    received_at: datetime
    is_new: bool
    items: tuple[ReceivedItem, ...]


@command(may="report.submit", act="report.received", category=Category.COLLECTION)
def receive_report(
    *,
    actor: Actor,
    at: datetime,
    report_id: UUID,
    answers: ReportAnswers,
    files: Sequence[SentFile] = (),
    device_at: datetime | None = None,
) -> ReceivedReport:
    """Take in a report and its files, all or nothing, under an id its sender made. Sent twice it is one report.

    Raises Refused (fields `files.0` … for a file), and Conflict where the id, or a file's, came with other contents.
    """
    if errors := check_answers(answers, at=at):
        raise Refused(errors=errors)
    if len(files) > MOST_FILES:
        raise Refused(f"Send {MOST_FILES} files at most with a report.", field="files")
    items = []
    for place, file in enumerate(files):
        try:
            items.append(_take_in(actor, at, report_id, place, file))
        except Refused as refused:
            raise Refused(refused.message, field=f"files.{place}") from None
    submitted = submit_report(
        actor=actor,
        at=at,
        report_id=report_id,
        answers=answers,
        item_ids=[item.id for item in items],
        channel=Channel.API,
        device_at=device_at,
    )
    record_act(None, ref=submitted.reference, detail={"items": len(items)})
    return ReceivedReport(
        report_id=report_id,
        reference=submitted.reference,
        received_at=at
        if submitted.is_new
        else Report.objects.only("received_at").get(id=report_id).received_at,
        is_new=submitted.is_new,
        items=tuple(items),
    )


def _take_in(actor: Actor, at: datetime, report_id: UUID, place: int, file: SentFile) -> ReceivedItem:
    with current_store().stage() as staged:
        staged.write(file.content)
        item = take_in(
            actor=actor,
            at=at,
            purpose=item_purpose(report_id),
            filename=file.filename,
            source=staged,
            media_type_claimed=file.media_type,
            item_id=file.id or uuid5(report_id, str(place)),
            device_sha256=file.sha256,
            about=file.about,
        )
    return ReceivedItem(id=item.id, filename=item.filename, sha256=item.sha256, size=staged.size)
