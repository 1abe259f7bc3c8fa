"""Bytes become an item with a continuity of its own; the same bytes are kept once."""

import hashlib
from datetime import datetime
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
from bluelamp.records.evidence import queries
from bluelamp.records.evidence.commands import About, take_in
from bluelamp.records.evidence.models import Blob, Continuity, Item
from bluelamp.records.evidence.store import current_store

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff\xe0 a dented door"
SHA256 = hashlib.sha256(PHOTO).hexdigest()


def test_it_works(esi: Actor, at: datetime) -> None:
    about = About(origin="public form", description="The door", latitude=51.47, longitude=-0.07)
    item = take_in(
        actor=esi,
        at=at,
        purpose="report:1",
        filename="door.jpg",
        source=PHOTO,
        device_sha256=SHA256,
        about=about,
    )
    item.refresh_from_db()
    assert (item.sha256, item.blob.size, item.force, item.filename) == (
        SHA256,
        len(PHOTO),
        "01",
        "door.jpg",
    )
    assert (item.latitude, item.description, item.scan_verdict) == (
        51.47,
        "The door",
        "not_scanned",
    )
    with current_store().open(SHA256) as original:
        assert original.read() == PHOTO
    lines = queries.continuity_of(item=item)
    assert [(line.sequence, line.verb, line.by_name) for line in lines] == [
        (1, "received", "Member of the public"),
        (2, "sealed", "Member of the public"),
    ]
    assert AuditEntry.objects.filter(act="evidence.taken_in", subject_id=item.id).count() == 1


@pytest.mark.parametrize("kind", ["path", "file", "form", "staged"])
def test_every_kind_of_source(kind: str, esi: Actor, at: datetime, tmp_path: Path) -> None:
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
    item = take_in(actor=esi, at=at, purpose="report:1", filename="door.jpg", source=source)  # type: ignore[arg-type]
    staged.discard()
    assert item.sha256 == SHA256
    assert path.read_bytes() == PHOTO


def test_the_same_photo_in_two_cases(esi: Actor, at: datetime) -> None:
    first = take_in(actor=esi, at=at, purpose="report:1", filename="a.jpg", source=PHOTO)
    second = take_in(actor=esi, at=at, purpose="report:2", filename="b.jpg", source=PHOTO)
    assert first.id != second.id
    assert Blob.objects.count() == 1
    for item in (first, second):
        assert [line.verb for line in queries.continuity_of(item=item)] == ["received", "sealed"]
    assert [item.id for item in queries.items_for(actor=esi, purpose="report:2")] == [second.id]


def test_sent_twice_changes_nothing(esi: Actor, at: datetime) -> None:
    item_id = uuid4()
    first = take_in(
        actor=esi, at=at, purpose="report:1", filename="a.jpg", source=PHOTO, item_id=item_id
    )
    again = take_in(
        actor=esi, at=at, purpose="report:1", filename="a.jpg", source=PHOTO, item_id=item_id
    )
    assert first == again
    assert (Item.objects.count(), Continuity.objects.count()) == (1, 2)


@pytest.mark.parametrize("change", ["bytes", "purpose", "force"])
def test_the_same_id_for_something_else(change: str, esi: Actor, femi: Actor, at: datetime) -> None:
    item_id = uuid4()
    take_in(actor=esi, at=at, purpose="report:1", filename="a.jpg", source=PHOTO, item_id=item_id)
    with pytest.raises(Conflict):
        take_in(
            actor=femi if change == "force" else esi,
            at=at,
            purpose="report:2" if change == "purpose" else "report:1",
            filename="a.jpg",
            source=b"other" if change == "bytes" else PHOTO,
            item_id=item_id,
        )
    assert Item.objects.count() == 1


def test_refusals_leave_nothing_behind(esi: Actor, at: datetime) -> None:
    with pytest.raises(Refused, match=r"door\.jpg is empty"):
        take_in(actor=esi, at=at, purpose="report:1", filename="door.jpg", source=b"")
    with pytest.raises(Refused, match="changed on its way"):
        take_in(
            actor=esi, at=at, purpose="report:1", filename="a", source=b"cut", device_sha256=SHA256
        )
    with pytest.raises(NotPermitted):
        take_in(
            actor=Actor.system("nobody", permissions=set()),
            at=at,
            purpose="p",
            filename="a",
            source=b"never kept",
        )
    assert (Item.objects.count(), Blob.objects.count()) == (0, 0)
    assert not list(current_store().incoming.glob("staged-*"))
    assert not current_store().exists(hashlib.sha256(b"never kept").hexdigest())


def test_the_database_refuses_to_change_continuity(esi: Actor, at: datetime) -> None:
    item = take_in(actor=esi, at=at, purpose="report:1", filename="a.jpg", source=PHOTO)
    for verb in ("UPDATE evidence_continuity SET why = 'other'", "DELETE FROM evidence_continuity"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(verb)
    assert len(queries.continuity_of(item=item)) == 2
