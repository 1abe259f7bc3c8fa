"""What is asked about files from phones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, When

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page
from bluelamp.foundation.kernel.models import Receipt
from bluelamp.records.evidence.models import Item
from bluelamp.services.phone_files.models import PhoneFile, PhoneFileEntry
from bluelamp.services.phone_files.policy import phone_file_policy
from bluelamp.services.phone_files.rules import FileState, Outcome

FILES_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDetail:
    """One capture of a file. `is_here` says that all of it has arrived, whichever way it came."""

    capture_id: UUID
    kind: str
    label: str
    officer_name: str
    made_at: datetime | None
    file_size: int | None
    phone_problem: str
    outcome: Outcome
    problem: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file from a phone, as a list shows it."""

    id: UUID
    state: FileState
    fault: str
    device_name: str
    installation_id: UUID | None
    size: int
    came_at: datetime
    came_by_name: str
    is_from_phone: bool
    needs_decision: str
    total: int
    received: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDetail:
    """A file from a phone with everything in it.

    `done` is how many captures were dealt with since somebody last decided to bring it in.
    """

    file: FileRow
    sha256: str
    saved_at: datetime | None
    app: str
    decided_at: datetime | None
    decided_by_name: str
    reason: str
    done: int
    entries: tuple[EntryDetail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage(ListPage):
    """A page of files, how many there are, and how many of them wait for a decision."""

    rows: tuple[FileRow, ...]
    waiting: int


@lookup(permission="device.bring_in", act="phone_file.listed")
def list_phone_files(*, actor: Actor, at: datetime, page: int = 1) -> FilePage:
    """Return the files that came from phones, those that somebody has to decide about first."""
    files = phone_file_policy.queryset(actor).exclude(state=FileState.ANNOUNCED)
    total = files.count()
    page, pages = choose_page(page, total=total, size=FILES_ON_A_PAGE)
    start = (page - 1) * FILES_ON_A_PAGE
    first = Case(When(state=FileState.WAITING, then=0), default=1)
    rows = list(files.order_by(first, "-came_at", "id")[start : start + FILES_ON_A_PAGE])
    outcomes = _outcomes_of(rows)
    record_act(None, detail={"count": total})
    return FilePage(
        rows=tuple(_to_row(row, outcomes[row.id]) for row in rows),
        waiting=files.filter(state=FileState.WAITING).count(),
        total=total,
        page=page,
        pages=pages,
    )


@lookup(permission="device.bring_in", act="phone_file.viewed")
def get_phone_file(*, actor: Actor, at: datetime, file_id: UUID) -> FileDetail:
    """Return a file and what is in it. Raises NotFound."""
    row = phone_file_policy.get(actor, id=file_id)
    record_act(row, ref=row.device_name)
    return _to_detail(row)


@lookup(permission="device.enrol", act="phone_file.carried_viewed")
def get_carried_file(*, actor: Actor, at: datetime, file_id: UUID) -> FileRow:
    """Return how far the file is that the actor's own phone sent: counts, and nothing in it.

    Raises:
        NotFound: There is none, or somebody else sent it.
    """
    row = phone_file_policy.get(actor, id=file_id, is_from_phone=True, came_by_id=actor.id)
    record_act(row, ref=row.device_name)
    return _to_row(row, _outcomes_of([row])[row.id])


def _outcomes_of(rows: Iterable[PhoneFile]) -> dict[UUID, list[str]]:
    outcomes: dict[UUID, list[str]] = {row.id: [] for row in rows}
    entries = PhoneFileEntry.objects.filter(file__in=outcomes)
    for file_id, outcome in entries.values_list("file_id", "outcome"):
        outcomes[file_id].append(outcome)
    return outcomes


def _to_row(row: PhoneFile, outcomes: list[str]) -> FileRow:
    return FileRow(
        id=row.id,
        state=FileState(row.state),
        fault=row.fault,
        device_name=row.device_name,
        installation_id=row.installation_id,
        size=row.size,
        came_at=row.came_at,
        came_by_name=row.came_by_name,
        is_from_phone=row.is_from_phone,
        needs_decision=row.needs_decision,
        total=len(outcomes),
        received=sum(value in (Outcome.RECEIVED, Outcome.BEFORE) for value in outcomes),
        refused=outcomes.count(Outcome.REFUSED),
    )


def _to_detail(row: PhoneFile) -> FileDetail:
    entries = list(row.entries.order_by("position"))
    ids = [entry.capture_id for entry in entries]
    receipts = dict(Receipt.objects.filter(id__in=ids).values_list("id", "sha256"))
    items = set(Item.objects.filter(id__in=ids, force=row.force).values_list("id", flat=True))
    return FileDetail(
        file=_to_row(row, [entry.outcome for entry in entries]),
        sha256=row.sha256,
        saved_at=row.saved_at,
        app=row.app,
        decided_at=row.decided_at,
        decided_by_name=row.decided_by_name,
        reason=row.reason,
        done=sum(entry.done_at is not None for entry in entries),
        entries=tuple(
            EntryDetail(
                capture_id=entry.capture_id,
                kind=entry.kind,
                label=entry.label,
                officer_name=entry.officer_name,
                made_at=entry.made_at,
                file_size=entry.file_size,
                phone_problem=entry.phone_problem,
                outcome=Outcome(entry.outcome),
                problem=entry.problem,
                is_here=receipts.get(entry.capture_id) == entry.sha256
                and (entry.file_size is None or entry.capture_id in items),
            )
            for entry in entries
        ),
    )
