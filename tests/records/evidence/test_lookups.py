"""What people look up about evidence, and what other domains read within their own acts."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bluelamp.foundation.audit.acts import NoActiveAct
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from bluelamp.records.evidence import lookups
from bluelamp.records.evidence.commands import receive_item
from tests.acts import within_lookup
from tests.records.evidence.conftest import OTHER_REPORT, REPORT

pytestmark = pytest.mark.django_db


@pytest.fixture
def item_id(esi: Actor, at: datetime, shared_data: Path) -> UUID:
    photo = sorted(shared_data.rglob("*.jpg"))[0]
    return receive_item(actor=esi, at=at, subject=REPORT, filename="door.jpg", source=photo).id


def test_it_works(item_id: UUID, dev: Actor, at: datetime, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    item = lookups.get_item(actor=dev, at=at, item_id=item_id)
    assert (item.id, item.filename, item.subject) == (item_id, "door.jpg", REPORT)
    assert item.is_processed
    assert not item.is_quarantined
    assert [line.verb for line in item.continuity[:2]] == ["received", "sealed"]
    assert item.continuity[0].canonical.startswith(b'{"at":"2026-03-03')
    thumbnail = item.preview("thumbnail")
    assert thumbnail is not None
    assert (thumbnail.media_type, max(thumbnail.width, thumbnail.height)) == ("image/jpeg", 320)
    assert item.preview("poster", "view") == item.preview("view")
    assert item.preview("poster") is None
    entry = AuditEntry.objects.get(act="evidence.item_viewed")
    assert (entry.subject_id, entry.ref) == (item_id, "door.jpg")


def test_a_list_keeps_the_order_and_is_on_record(
    item_id: UUID, esi: Actor, dev: Actor, femi: Actor, at: datetime
) -> None:
    second = receive_item(actor=esi, at=at, subject=OTHER_REPORT, filename="b.txt", source=b"b").id
    wanted = [second, uuid4(), item_id]
    rows = lookups.list_items(actor=dev, at=at, item_ids=wanted)
    assert [row.id for row in rows] == [second, item_id]
    entry = AuditEntry.objects.get(act="evidence.items_listed")
    assert entry.detail == {"items": [str(second), str(item_id)]}
    assert lookups.list_items(actor=femi, at=at, item_ids=wanted) == []
    with pytest.raises(NotPermitted):
        lookups.list_items(actor=esi, at=at, item_ids=wanted)


def test_items_are_read_by_subject_within_an_act(item_id: UUID, esi: Actor, femi: Actor) -> None:
    with within_lookup(esi):
        (row,) = lookups.items_of_subject(actor=esi, subject=REPORT)
        assert row.id == item_id
        assert lookups.items_of_subject(actor=esi, subject=OTHER_REPORT) == []
        found = lookups.find_item_of_subject(actor=esi, subject=REPORT, item_id=item_id)
        assert found == row
        with pytest.raises(NotFound):
            lookups.find_item_of_subject(actor=esi, subject=OTHER_REPORT, item_id=item_id)
    with within_lookup(femi):
        assert lookups.items_of_subject(actor=femi, subject=REPORT) == []
        with pytest.raises(NotFound):
            lookups.find_item(actor=femi, item_id=item_id)
        with pytest.raises(NotFound):
            lookups.continuity_of_item(actor=femi, item_id=item_id)


def test_reads_of_other_domains_need_an_act(item_id: UUID, dev: Actor) -> None:
    with pytest.raises(NoActiveAct):
        lookups.find_items(actor=dev, item_ids=[item_id])
    with within_lookup(dev):
        (row,) = lookups.find_items(actor=dev, item_ids=[item_id])
        lines = lookups.continuity_of_item(actor=dev, item_id=item_id)
    assert (row.id, [line.sequence for line in lines]) == (item_id, [1, 2])
