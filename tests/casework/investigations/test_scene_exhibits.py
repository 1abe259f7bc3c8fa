"""Exhibit references given at the scene: never twice, whoever gives them and wherever."""

from collections.abc import Callable
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import add_item, record_at_scene
from bluelamp.casework.crimes.rules import SceneItem, crime_subject
from bluelamp.casework.investigations.commands import (
    announce_exhibit,
    exhibit_item,
    lease_exhibit_references,
)
from bluelamp.casework.investigations.commands.scene_exhibits import (
    add_received_exhibits_every_minute,
)
from bluelamp.casework.investigations.lookups import get_investigation
from bluelamp.casework.investigations.models import Exhibit
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.evidence.lookups import get_item
from tests.casework.scenes import AT, make_scene_crime, refusal_of
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
PHONE, OTHER_PHONE = UUID(int=1), UUID(int=2)
PHOTO = b"\xff\xd8\xff\xe0photo"


def _lease(actor: Actor, phone: UUID = PHONE, used_up_to: int = 0) -> tuple[str, ...]:
    return lease_exhibit_references(
        actor=actor, at=AT, device_id=phone, used_up_to=used_up_to
    ).references


@pytest.fixture
def crime(ada: Actor) -> tuple[UUID, str]:
    scene = make_scene_crime(number=None, lease_id=None, device_id=PHONE)
    recorded = record_at_scene(actor=ada, at=AT, capture=scene, sha256="a" * 64)
    return recorded.crime_id, recorded.number


@pytest.fixture
def make_item(crime: tuple[UUID, str]) -> Callable[..., SceneItem]:
    def make(reference: str, seal: str = "") -> SceneItem:
        return SceneItem(
            item_id=new_id(),
            crime_id=crime[0],
            filename="knife.jpg",
            media_type="image/jpeg",
            size=len(PHOTO),
            sha256="f" * 64,
            captured_at=AT,
            description="A kitchen knife",
            device_id=PHONE,
            device_at=AT,
            exhibit_reference=reference,
            seal_number=seal,
        )

    return make


def _announce(actor: Actor, item: SceneItem) -> bool:
    sha256 = item.item_id.hex * 2
    return announce_exhibit(actor=actor, at=AT, capture=item, sha256=sha256)


def _receive(actor: Actor, item: SceneItem) -> None:
    receive_item(
        actor=actor,
        at=AT,
        subject=crime_subject(item.crime_id),
        filename=item.filename,
        source=PHOTO,
        item_id=item.item_id,
    )


def test_it_works(
    ada: Actor, bilal: Actor, crime: tuple[UUID, str], make_item: Callable[..., SceneItem]
) -> None:
    first, second = _lease(ada)[:2]
    assert (first, second) == ("AB/101", "AB/102")
    item = make_item(first, "A1234567")
    assert _announce(ada, item)
    assert not _announce(ada, item), "sent twice, it is one"
    found = get_investigation(actor=bilal, at=AT, number=crime[1])
    assert found.exhibits == ()
    (waiting,) = found.announced_exhibits
    assert (waiting.reference, waiting.seal_number) == ("AB/101", "A1234567")

    _receive(ada, item)
    add_received_exhibits_every_minute()
    add_received_exhibits_every_minute()
    found = get_investigation(actor=bilal, at=AT, number=crime[1])
    assert found.announced_exhibits == ()
    (exhibit,) = found.exhibits
    assert (exhibit.reference, exhibit.seal_number) == ("AB/101", "A1234567")
    assert (exhibit.produced_by, exhibit.exhibited_by_name) == ("Ada Bello", "Ada Bello")
    line = get_item(actor=bilal, at=AT, item_id=item.item_id).continuity[-1]
    assert line.verb == "exhibited"
    assert "sealed in bag A1234567" in line.to_text


def test_two_phones_of_an_officer_never_have_the_same(ada: Actor) -> None:
    one, two = _lease(ada), _lease(ada, OTHER_PHONE)
    assert len(one) == len(two) == 50
    assert not set(one) & set(two)
    assert _lease(ada) == one, "asked again, the phone has what it had"


def test_what_a_phone_has_used_without_signal_is_not_given_again(ada: Actor) -> None:
    _lease(ada)
    left = _lease(ada, used_up_to=140)
    # Ten of the first block, and a further block.
    assert (left[0], left[-1], len(left)) == ("AB/141", "AB/200", 60)


def test_namesakes_have_initials_of_their_own(ada: Actor, bilal: Actor) -> None:
    _lease(ada)
    with direct_writes():
        User.objects.filter(id=bilal.id).update(name="Abel Brown")
    assert _lease(bilal)[0] == "ABR/101"


def test_a_reference_is_on_one_item_only(ada: Actor, make_item: Callable[..., SceneItem]) -> None:
    reference = _lease(ada)[0]
    _announce(ada, make_item(reference))
    refusal = refusal_of(lambda: _announce(ada, make_item(reference)))
    assert "exhibit_reference" in str(refusal)


@pytest.mark.parametrize("reference", ["AB/1", "AB/999", "XY/101", "AB101", "ab/101"])
def test_a_reference_of_no_lease_is_refused(
    ada: Actor, make_item: Callable[..., SceneItem], reference: str
) -> None:
    _lease(ada)
    assert refusal_of(lambda: _announce(ada, make_item(reference)))


def test_a_colleagues_reference_is_refused(
    ada: Actor, bilal: Actor, make_item: Callable[..., SceneItem]
) -> None:
    reference = _lease(bilal)[0]
    assert refusal_of(lambda: _announce(ada, make_item(reference)))


def test_the_desk_goes_on_counting_from_1_and_keeps_what_the_scene_gave(
    ada: Actor, bilal: Actor, crime: tuple[UUID, str], make_item: Callable[..., SceneItem]
) -> None:
    item = make_item(_lease(ada)[0])
    _announce(ada, item)
    _receive(ada, item)

    def exhibit(item_id: UUID, producer: str) -> str:
        return exhibit_item(
            actor=bilal,
            at=AT,
            number=crime[1],
            item_id=item_id,
            description="Another",
            produced_by=producer,
            seal_number="B7",
        ).reference

    # Before the job has run: the bag says AB/101 already.
    assert exhibit(item.item_id, "Somebody Else") == "AB/101"
    for producer, expected in (("Ada Bello", "AB/1"), ("Alan Bright", "ABR/1")):
        more = receive_item(
            actor=ada,
            at=AT,
            subject=crime_subject(crime[0]),
            filename="more.jpg",
            source=PHOTO + producer.encode(),
        )
        add_item(actor=ada, at=AT, crime_id=crime[0], item_id=more.id)
        assert exhibit(more.id, producer) == expected
    assert set(Exhibit.objects.values_list("seal_number", flat=True)) == {"", "B7"}
