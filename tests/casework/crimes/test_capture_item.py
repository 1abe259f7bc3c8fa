"""A phone announces an item, sends its bytes later, and the item then belongs to the crime."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bluelamp.casework.crimes.commands import (
    add_item,
    announce_captured_item,
    connect_received_items,
    issue_item_token,
    record_at_scene,
)
from bluelamp.casework.crimes.commands.items import connect_received_items_every_ten_minutes
from bluelamp.casework.crimes.lookups import get_crime, list_crimes_with_item
from bluelamp.casework.crimes.models import CrimeItem
from bluelamp.casework.crimes.rules import SceneItem, crime_subject
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from tests.casework.scenes import AT, make_scene_crime, refusal_of
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
DEVICE = UUID(int=1)
PHOTO = b"\xff\xd8\xff\xe0photo"
PHOTO_SHA256 = sha256(PHOTO).hexdigest()
CAPTURE_SHA256 = "b" * 64


@pytest.fixture
def crime(ada: Actor) -> tuple[UUID, str]:
    scene = make_scene_crime(number=None, lease_id=None, device_id=DEVICE)
    recorded = record_at_scene(actor=ada, at=AT, capture=scene, sha256="a" * 64)
    return recorded.crime_id, recorded.number


@pytest.fixture
def item(crime: tuple[UUID, str]) -> SceneItem:
    return SceneItem(
        item_id=new_id(),
        crime_id=crime[0],
        filename="mirror.jpg",
        media_type="image/jpeg",
        size=len(PHOTO),
        sha256=PHOTO_SHA256,
        captured_at=AT,
        description="The mirror.",
        device_id=DEVICE,
        device_at=AT,
    )


def _capture(actor: Actor, item: SceneItem) -> bool:
    return announce_captured_item(actor=actor, at=AT, capture=item, sha256=CAPTURE_SHA256)


def _receive_bytes(actor: Actor, item: SceneItem) -> None:
    receive_item(
        actor=actor,
        at=AT,
        subject=crime_subject(item.crime_id),
        filename=item.filename,
        source=PHOTO,
        item_id=item.item_id,
    )


def test_it_works(ada: Actor, crime: tuple[UUID, str], item: SceneItem) -> None:
    assert _capture(ada, item)
    assert get_crime(actor=ada, at=AT, number=crime[1]).item_ids == (item.item_id,)
    assert issue_item_token(
        actor=ada, at=AT, item_id=item.item_id, size=item.size, sha256=item.sha256
    )
    assert CrimeItem.objects.get().item is None
    assert connect_received_items(actor=ada, at=AT) == 0
    _receive_bytes(ada, item)
    assert connect_received_items(actor=ada, at=AT) == 1
    crime_item = CrimeItem.objects.get()
    assert crime_item.item_id == crime_item.announced_item_id == item.item_id
    (linked,) = list_crimes_with_item(actor=ada, at=AT, item_id=item.item_id)
    assert linked.number == crime[1]


def test_the_job_connects_what_arrived(ada: Actor, item: SceneItem) -> None:
    _capture(ada, item)
    _receive_bytes(ada, item)
    connect_received_items_every_ten_minutes()
    assert CrimeItem.objects.get().item_id == item.item_id


def test_a_capture_sent_twice_is_one_item(ada: Actor, item: SceneItem) -> None:
    assert _capture(ada, item)
    assert not _capture(ada, item)
    assert CrimeItem.objects.count() == 1


def test_an_item_added_after_its_bytes_is_connected_at_once(
    ada: Actor, crime: tuple[UUID, str], item: SceneItem
) -> None:
    _receive_bytes(ada, item)
    for _ in range(2):
        add_item(actor=ada, at=AT, crime_id=crime[0], item_id=item.item_id)
    assert CrimeItem.objects.get().item_id == item.item_id


def test_the_bytes_must_be_the_announced_ones(ada: Actor, item: SceneItem) -> None:
    _capture(ada, item)
    with pytest.raises(Conflict):
        issue_item_token(
            actor=ada, at=AT, item_id=item.item_id, size=item.size + 1, sha256=item.sha256
        )
    with pytest.raises(NotFound):
        issue_item_token(actor=ada, at=AT, item_id=new_id(), size=1, sha256=item.sha256)


def test_a_description_that_is_too_long_is_refused(ada: Actor, item: SceneItem) -> None:
    long = replace(item, description="x" * 4001)
    assert refusal_of(lambda: _capture(ada, long)) == {
        "description": "The description must be 4,000 characters or fewer"
    }


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, item: _capture(actor, item),
        lambda actor, item: add_item(
            actor=actor, at=AT, crime_id=item.crime_id, item_id=item.item_id
        ),
    ],
)
def test_another_force_adds_nothing(
    ada: Actor, femi: Actor, item: SceneItem, act: Callable[[Actor, SceneItem], object]
) -> None:
    with pytest.raises(NotFound):
        act(femi, item)
    _capture(ada, item)
    assert list_crimes_with_item(actor=femi, at=AT, item_id=item.item_id) == ()


def test_the_database_refuses_an_item_under_another_id(ada: Actor, item: SceneItem) -> None:
    _capture(ada, item)
    _receive_bytes(ada, item)
    with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
        CrimeItem.objects.update(item_id=item.item_id, announced_item_id=new_id())
