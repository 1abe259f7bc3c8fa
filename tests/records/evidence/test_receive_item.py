"""Bytes become an item with its own continuity; the same bytes are stored once."""

import hashlib
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import IntegrityError

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.records.evidence.commands import ItemClaims, ReceivedItem, receive_item
from bluelamp.records.evidence.models import Blob, Continuity, Item
from bluelamp.records.evidence.rules import Subject, Verb
from bluelamp.records.evidence.store import current_store
from tests.direct_writes import direct_writes
from tests.records.evidence.conftest import OTHER_REPORT, REPORT

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff\xe0 a dented door"
SHA256 = hashlib.sha256(PHOTO).hexdigest()


def receive(actor: Actor, at: datetime, **changes: object) -> ReceivedItem:
    arguments = {"subject": REPORT, "filename": "a.jpg", "source": PHOTO} | changes
    return receive_item(actor=actor, at=at, **arguments)  # type: ignore[arg-type]


def verbs_of(received: ReceivedItem) -> list[str]:
    lines = Continuity.objects.filter(item_id=received.id).order_by("sequence")
    return [line.verb for line in lines]


def test_it_works(esi: Actor, at: datetime) -> None:
    claims = ItemClaims(
        origin="public form", description="The door", latitude=51.47, longitude=-0.07
    )
    received = receive(esi, at, filename="door.jpg", device_sha256=SHA256, claims=claims)
    item = Item.objects.get(id=received.id)
    assert (received.sha256, received.size, received.filename, received.is_new) == (
        SHA256,
        len(PHOTO),
        "door.jpg",
        True,
    )
    assert (item.sha256, item.blob.size, item.force, item.filename, item.subject) == (
        SHA256,
        len(PHOTO),
        "01",
        "door.jpg",
        REPORT,
    )
    assert (item.latitude, item.description, item.scan_verdict) == (
        51.47,
        "The door",
        "not_scanned",
    )
    with current_store().open(SHA256) as original:
        assert original.read() == PHOTO
    lines = Continuity.objects.filter(item=item).order_by("sequence")
    assert [(line.sequence, line.verb, line.by_name, line.by_id) for line in lines] == [
        (1, "received", "Member of the public", None),
        (2, "sealed", "Member of the public", None),
    ]
    assert AuditEntry.objects.filter(act="evidence.taken_in", subject_id=item.id).count() == 1


@pytest.mark.parametrize("kind", ["path", "file", "form", "staged"])
def test_every_kind_of_source_is_received(
    kind: str, esi: Actor, at: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "door.jpg"
    path.write_bytes(PHOTO)
    staged = current_store().stage()
    staged.write(PHOTO)
    source = {
        "path": path,
        "file": BytesIO(PHOTO),
        "form": SimpleUploadedFile("x", PHOTO),
        "staged": staged,
    }[kind]
    received = receive(esi, at, source=source)
    staged.discard()
    assert received.sha256 == SHA256
    assert path.read_bytes() == PHOTO


@pytest.mark.parametrize(
    ("ahead", "noted"), [(timedelta(minutes=2), None), (timedelta(days=3650), 3650 * 86400)]
)
def test_a_capture_from_a_clock_that_is_ahead_is_kept_and_flagged(
    esi: Actor, at: datetime, ahead: timedelta, noted: int | None
) -> None:
    claims = ItemClaims(origin="camera", captured_at=at + ahead)
    received = receive_item(
        actor=esi, at=at, subject=REPORT, filename="a.jpg", source=b"a photo", claims=claims
    )
    item = Item.objects.get(id=received.id)
    assert (item.captured_at, item.received_at) == (at + ahead, at)
    line = Continuity.objects.get(item=item, verb=Verb.RECEIVED)
    assert line.detail.get("clock_ahead_s") == noted


def test_the_same_photo_in_two_reports_is_two_items(esi: Actor, at: datetime) -> None:
    first = receive(esi, at, subject=REPORT)
    second = receive(esi, at, subject=OTHER_REPORT)
    assert first.id != second.id
    assert Blob.objects.count() == 1
    for received in (first, second):
        assert verbs_of(received) == ["received", "sealed"]


def test_an_item_sent_twice_is_one_item(esi: Actor, at: datetime) -> None:
    item_id = uuid4()
    first = receive(esi, at, item_id=item_id)
    again = receive(esi, at, item_id=item_id)
    assert (first.id, first.is_new, again.id, again.is_new) == (item_id, True, item_id, False)
    assert (Item.objects.count(), Continuity.objects.count()) == (1, 2)


@pytest.mark.parametrize("change", ["bytes", "subject", "force"])
def test_the_same_id_for_something_else_is_a_conflict(
    change: str, esi: Actor, femi: Actor, at: datetime
) -> None:
    item_id = uuid4()
    receive(esi, at, item_id=item_id)
    with pytest.raises(Conflict):
        receive(
            femi if change == "force" else esi,
            at,
            subject=OTHER_REPORT if change == "subject" else REPORT,
            source=b"other" if change == "bytes" else PHOTO,
            item_id=item_id,
        )
    assert Item.objects.count() == 1


def test_a_refused_file_leaves_nothing(esi: Actor, at: datetime) -> None:
    with pytest.raises(Refused, match=r"door\.jpg is empty"):
        receive(esi, at, filename="door.jpg", source=b"")
    with pytest.raises(Refused, match="changed while it was sent"):
        receive(esi, at, source=b"cut", device_sha256=SHA256)
    with pytest.raises(NotPermitted):
        receive(Actor.system("nobody", permissions=set()), at, source=b"never stored")
    assert (Item.objects.count(), Blob.objects.count()) == (0, 0)
    assert not list(current_store().incoming_folder.glob("staged-*"))
    assert not current_store().exists(hashlib.sha256(b"never stored").hexdigest())


def test_the_database_refuses_to_change_continuity(esi: Actor, at: datetime) -> None:
    received = receive(esi, at)
    for statement in (
        "UPDATE evidence_continuity SET reason = 'other'",
        "DELETE FROM evidence_continuity",
    ):
        with (
            direct_writes(),
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert verbs_of(received) == ["received", "sealed"]


def test_the_database_refuses_an_account_that_does_not_exist(esi: Actor, at: datetime) -> None:
    """Whoever handed something in can be found for as long as the continuity is kept."""
    received = receive(esi, at)
    item = Item.objects.get(id=received.id)
    with direct_writes(), transaction.atomic(), connection.cursor() as cursor:
        savepoint = transaction.savepoint()
        Continuity.objects.create(
            item=item, sequence=3, verb="viewed", at=at, by_id=uuid4(), by_name="x", sha256=SHA256
        )
        # Foreign keys are checked at the end of a transaction, unless one asks before.
        with pytest.raises(IntegrityError, match="foreign key"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.savepoint_rollback(savepoint)


def test_a_subject_kind_is_a_word() -> None:
    for kind in ("", "Report", "a:b", "x" * 21):
        with pytest.raises(ValueError, match="not a kind"):
            Subject(kind, uuid4())
