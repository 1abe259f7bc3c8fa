"""Every handling is a line that nothing can change, numbered without a gap."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.log import recomputed_roots
from bluelamp.foundation.kernel.log_models import LogCheckpoint, LogLeaf
from bluelamp.foundation.kernel.merkle import leaf_hash
from bluelamp.records.evidence import queries
from bluelamp.records.evidence.commands import (
    note_continuity,
    open_original,
    open_preview,
    seal_continuity,
    take_in,
)
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.evidence.store import current_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(esi: Actor, at: datetime, shared_data: Path) -> Item:
    photo = sorted(shared_data.rglob("*.jpg"))[0]
    return take_in(actor=esi, at=at, purpose="report:1", filename="door.jpg", source=photo)


def test_it_works(item: Item, dev: Actor, at: datetime) -> None:
    row = note_continuity(
        actor=dev,
        at=at,
        item=item,
        verb=Verb.HANDED_OVER,
        from_="Dev Patel",
        to="Cleo Grant",
        why="case build",
    )
    assert (row.sequence, row.verb, row.by_name, row.to_text) == (
        3,
        "handed_over",
        "Dev Patel",
        "Cleo Grant",
    )
    assert json.loads(row.canonical()) == {
        "id": str(row.id), "item": str(item.id), "sequence": 3, "verb": "handed_over",
        "at": "2026-03-03T16:15:00+00:00",
        "by": str(dev.id), "by_name": "Dev Patel", "from": "Dev Patel", "to": "Cleo Grant", "why": "case build",
        "sha256": item.sha256, "detail": {},
    }  # fmt: skip
    assert Continuity.objects.get(id=row.id).canonical() == row.canonical()


def test_another_force(item: Item, femi: Actor, at: datetime) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: note_continuity(actor=femi, at=at, item=item, verb=Verb.VIEWED),
        lambda: open_original(actor=femi, at=at, item_id=item.id),
        lambda: open_preview(actor=femi, at=at, item_id=item.id, kind="view"),
        lambda: queries.view_item(actor=femi, at=at, item_id=item.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert queries.items_for(actor=femi, purpose="report:1") == []
    assert AuditEntry.objects.filter(actor_id=femi.id, result="not found").count() == 4
    assert len(queries.continuity_of(item=item)) == 2


def test_an_original_is_handed_out_byte_for_byte(item: Item, dev: Actor, at: datetime) -> None:
    opened = open_original(actor=dev, at=at, item_id=item.id, to="disc 1", why="for the lab")
    with opened.file as file:
        assert hashlib.sha256(file.read()).hexdigest() == item.sha256
    last = queries.continuity_of(item=item)[-1]
    assert (last.verb, last.to_text, last.why) == ("copied", "disc 1", "for the lab")
    with pytest.raises(NotPermitted):
        open_original(actor=Actor.public(), at=at, item_id=item.id)


def test_previews_and_looks(
    item: Item, dev: Actor, at: datetime, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    item.refresh_from_db()
    kinds = {preview.kind for preview in queries.previews_of(item=item)}
    assert {"thumbnail", "view"} <= kinds
    for minutes in (0, 20, 59, 61):
        open_preview(
            actor=dev, at=at + timedelta(minutes=minutes), item_id=item.id, kind="view"
        ).file.close()
    verbs = [line.verb for line in queries.continuity_of(item=item)]
    assert verbs == ["received", "sealed", *["previewed"] * len(kinds), "viewed", "viewed"]
    assert AuditEntry.objects.filter(act="evidence.viewed", subject_id=item.id).count() == 4
    assert item.scan_verdict == "not_scanned"
    assert item.media_type == "image/jpeg"


def test_previews_made_twice_are_made_once(item: Item, run_jobs: Callable[[], int]) -> None:
    from bluelamp.records.evidence.commands.previews import preview

    run_jobs()
    before = Continuity.objects.count()
    preview(item_id=str(item.id))
    assert Continuity.objects.count() == before


def test_fsck(item: Item, dev: Actor, at: datetime) -> None:
    seal_continuity()
    note_continuity(actor=dev, at=at, item=item, verb=Verb.VIEWED)
    seal_continuity()
    checks = list(queries.fsck())
    assert [check for check in checks if not check.passed] == []
    assert item.sha256 in {check.name for check in checks}
    path = current_store().path(item.sha256)
    assert path
    good = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(bytes([good[0] ^ 1]) + good[1:])
    failed = [check for check in queries.fsck() if not check.passed]
    path.write_bytes(good)
    path.chmod(0o444)
    assert [check.name for check in failed] == [item.sha256]


@pytest.mark.parametrize("how", ["the leaf and the root too", "a line put in behind the seal"])
def test_fsck_is_not_taken_in_by_tables_that_agree(
    item: Item, dev: Actor, at: datetime, how: str
) -> None:
    note_continuity(actor=dev, at=at, item=item, verb=Verb.VIEWED)
    seal_continuity()
    last = Continuity.objects.order_by("-sequence").first()
    assert last
    with connection.cursor() as cursor:
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
            last.pk = UUID(int=last.pk.int - (7 * 24 * 3_600_000 << 80))
            last.save(force_insert=True)
        cursor.execute("SET session_replication_role = DEFAULT")
    assert [check for check in queries.fsck() if not check.passed] != []


def test_nothing_of_an_infected_original_is_shown(
    item: Item, dev: Actor, at: datetime, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    open_preview(actor=dev, at=at, item_id=item.id, kind="thumbnail").file.close()
    Item.objects.filter(id=item.id).update(scan_verdict="infected")
    with pytest.raises(Refused):
        open_preview(actor=dev, at=at, item_id=item.id, kind="thumbnail")
    with pytest.raises(Refused):
        open_original(actor=dev, at=at, item_id=item.id)
