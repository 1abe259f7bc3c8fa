"""Everything done with an item is a line that nobody can change, numbered without a gap."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.merkle_log.log import recomputed_roots
from bluelamp.foundation.kernel.merkle_log.merkle import leaf_hash
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogLeaf
from bluelamp.records.evidence.commands import (
    open_original,
    open_preview,
    receive_item,
    record_continuity,
    scan_and_preview_item,
    seal_continuity,
)
from bluelamp.records.evidence.fsck import fsck
from bluelamp.records.evidence.lookups import get_item
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.evidence.store import current_store
from tests.direct_writes import direct_writes
from tests.records.evidence.conftest import REPORT

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(esi: Actor, at: datetime, shared_data: Path) -> Item:
    photo = sorted(shared_data.rglob("*.jpg"))[0]
    received = receive_item(actor=esi, at=at, subject=REPORT, filename="door.jpg", source=photo)
    return Item.objects.get(id=received.id)


def _receive_now(esi: Actor, shared_data: Path) -> Item:
    """Receive an item at the present time, with which the database's own clock agrees."""
    photo = sorted(shared_data.rglob("*.jpg"))[0]
    received = receive_item(actor=esi, at=now(), subject=REPORT, filename="door.jpg", source=photo)
    return Item.objects.get(id=received.id)


def lines_of(item: Item) -> list[Continuity]:
    return list(Continuity.objects.filter(item=item).order_by("sequence"))


def test_it_works(item: Item, dev: Actor, at: datetime) -> None:
    sequence = record_continuity(
        actor=dev,
        at=at,
        item_id=item.id,
        verb=Verb.HANDED_OVER,
        from_="Dev Patel",
        to="Cleo Grant",
        reason="case build",
    )
    assert sequence == 3
    row = lines_of(item)[-1]
    assert (row.sequence, row.verb, row.by_name, row.to_text) == (
        3,
        "handed_over",
        dev.name,
        "Cleo Grant",
    )
    assert json.loads(row.canonical()) == {
        "id": str(row.id),
        "item": str(item.id),
        "sequence": 3,
        "verb": "handed_over",
        "at": "2026-03-03T16:15:00+00:00",
        "by": str(dev.id),
        "by_name": dev.name,
        "from": "Dev Patel",
        "to": "Cleo Grant",
        "why": "case build",
        "sha256": item.sha256,
        "detail": {},
    }


def test_another_force_finds_nothing(item: Item, femi: Actor, at: datetime) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: record_continuity(actor=femi, at=at, item_id=item.id, verb=Verb.VIEWED),
        lambda: open_original(actor=femi, at=at, item_id=item.id),
        lambda: open_preview(actor=femi, at=at, item_id=item.id, kind="view"),
        lambda: get_item(actor=femi, at=at, item_id=item.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert AuditEntry.objects.filter(actor_id=femi.id, result="not found").count() == 4
    assert len(lines_of(item)) == 2


def test_an_original_is_sent_byte_for_byte(item: Item, dev: Actor, at: datetime) -> None:
    opened = open_original(actor=dev, at=at, item_id=item.id, to="disc 1", reason="for the lab")
    with opened.file as file:
        assert hashlib.sha256(file.read()).hexdigest() == item.sha256 == opened.sha256
    last = lines_of(item)[-1]
    assert (last.verb, last.to_text, last.reason) == ("copied", "disc 1", "for the lab")
    with pytest.raises(NotPermitted):
        open_original(actor=public_actor(), at=at, item_id=item.id)


def test_a_preview_is_viewed_once_an_hour(
    item: Item, dev: Actor, at: datetime, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    item.refresh_from_db()
    kinds = {preview.kind for preview in get_item(actor=dev, at=at, item_id=item.id).previews}
    assert {"thumbnail", "view"} <= kinds
    for minutes in (0, 20, 59, 61):
        open_preview(
            actor=dev, at=at + timedelta(minutes=minutes), item_id=item.id, kind="view"
        ).file.close()
    verbs = [line.verb for line in lines_of(item)]
    assert verbs == ["received", "sealed", *["previewed"] * len(kinds), "viewed", "viewed"]
    assert AuditEntry.objects.filter(act="evidence.viewed", subject_id=item.id).count() == 4
    assert item.scan_verdict == "not_scanned"
    assert item.media_type == "image/jpeg"


def test_previews_made_twice_are_made_once(item: Item, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    before = Continuity.objects.count()
    scan_and_preview_item(item_id=str(item.id))
    assert Continuity.objects.count() == before


def test_fsck_finds_a_changed_byte(esi: Actor, dev: Actor, shared_data: Path) -> None:
    item = _receive_now(esi, shared_data)
    seal_continuity()
    record_continuity(actor=dev, at=now(), item_id=item.id, verb=Verb.VIEWED)
    seal_continuity()
    checks = list(fsck())
    assert [check for check in checks if not check.passed] == []
    assert item.sha256 in {check.name for check in checks}
    path = current_store().path(item.sha256)
    assert path
    good = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    failed = [check for check in fsck() if not check.passed]
    path.write_bytes(good)
    path.chmod(0o444)
    assert [check.name for check in failed] == [item.sha256]


@pytest.mark.parametrize("days", [0, 30])
def test_fsck_names_a_line_that_is_dated_back(
    esi: Actor, dev: Actor, shared_data: Path, days: int
) -> None:
    item = _receive_now(esi, shared_data)
    seal_continuity()
    at = now() - timedelta(days=days)
    line = Continuity(
        item=item,
        sequence=3,
        verb=Verb.VIEWED,
        at=at,
        by_name="PC Framed",
        sha256=item.sha256,
        written_at=at,
    )
    with direct_writes():
        line.save(force_insert=True)
    seal_continuity()
    failed = {check.name: check.detail for check in fsck() if not check.passed}
    assert (f"continuity line {line.pk}" in failed) is bool(days)
    if days:
        detail = failed[f"continuity line {line.pk}"]
        assert f"entered for {at:%Y-%m-%d}" in detail
        assert f"written by the database {now():%Y-%m-%d}" in detail


def test_fsck_misses_checkpoints_that_were_removed(
    esi: Actor, dev: Actor, shared_data: Path, django_capture_on_commit_callbacks: Any
) -> None:
    item = _receive_now(esi, shared_data)
    for _ in range(2):
        record_continuity(actor=dev, at=now(), item_id=item.id, verb=Verb.VIEWED)
        with django_capture_on_commit_callbacks(execute=True):
            seal_continuity()
    assert [check for check in fsck() if not check.passed] == []
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM log_checkpoint WHERE log = 'continuity'")
        cursor.execute("SET session_replication_role = DEFAULT")
    with django_capture_on_commit_callbacks(execute=True):
        seal_continuity()
    failed = [check.name for check in fsck() if not check.passed]
    assert failed == ["the chain of checkpoints outside the database"]


@pytest.mark.parametrize("how", ["the leaf and the root too", "a line added to the sealed past"])
def test_fsck_finds_tampering_where_the_tables_agree(
    item: Item, dev: Actor, at: datetime, how: str
) -> None:
    record_continuity(actor=dev, at=at, item_id=item.id, verb=Verb.VIEWED)
    seal_continuity()
    last = Continuity.objects.order_by("-sequence").first()
    assert last
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what a superuser could do
        if how == "the leaf and the root too":
            Continuity.objects.filter(id=last.id).update(by_name="Nobody")
            last.refresh_from_db()
            LogLeaf.objects.filter(log="continuity", entry_id=last.id).update(
                leaf_hash=leaf_hash(last.canonical())
            )
            size = LogLeaf.objects.filter(log="continuity").count()
            ((_, root),) = recomputed_roots(log="continuity", sizes=[size])
            LogCheckpoint.objects.filter(log="continuity", size=size).update(root=root)
        else:
            last.sequence += 1
            # The first 48 bits of an id are milliseconds: this one is a week older.
            last.pk = UUID(int=last.pk.int - (7 * 24 * 3_600_000 << 80))
            last.save(force_insert=True)
        cursor.execute("SET session_replication_role = DEFAULT")
    assert [check for check in fsck() if not check.passed] != []


def test_nothing_of_an_infected_original_is_shown(
    item: Item, dev: Actor, at: datetime, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    open_preview(actor=dev, at=at, item_id=item.id, kind="thumbnail").file.close()
    with direct_writes():
        Item.objects.filter(id=item.id).update(scan_verdict="infected")
    with pytest.raises(Refused):
        open_preview(actor=dev, at=at, item_id=item.id, kind="thumbnail")
    with pytest.raises(Refused):
        open_original(actor=dev, at=at, item_id=item.id)
