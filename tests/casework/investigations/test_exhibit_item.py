from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bluelamp.casework.crimes.commands import add_item, link_crimes, record_crime
from bluelamp.casework.crimes.rules import NewCrime, crime_subject
from bluelamp.casework.investigations.commands import exhibit_item
from bluelamp.casework.investigations.lookups import get_investigation
from bluelamp.casework.investigations.models import Exhibit
from bluelamp.casework.investigations.rules import initials_from_name, initials_unique_in_case
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import receive_item
from bluelamp.records.evidence.lookups import get_item
from tests.casework.scenes import AT, DAMAGE, refusal_of
from tests.concurrency import run_concurrently
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]


def _crime(ada: Actor) -> tuple[UUID, str]:
    crime = NewCrime(offence_code=DAMAGE, summary="A mirror was broken.")
    done = record_crime(actor=ada, at=AT, crime=crime)
    return done.crime_id, done.number


def _item(ada: Actor, crime_id: UUID) -> UUID:
    photo = b"\xff\xd8\xff\xe0" + new_id().bytes
    item = receive_item(
        actor=ada, at=AT, subject=crime_subject(crime_id), filename="mirror.jpg", source=photo
    )
    for _ in range(2):
        add_item(actor=ada, at=AT, crime_id=crime_id, item_id=item.id)
    return item.id


def _exhibit(by: Actor, number: str, item_id: UUID, producer: str = "Ada Bello") -> str:
    return exhibit_item(
        actor=by,
        at=AT,
        number=number,
        item_id=item_id,
        description="Photo of the mirror.",
        produced_by=producer,
    ).reference


def test_it_works(ada: Actor, bilal: Actor) -> None:
    crime_id, number = _crime(ada)
    first, second = _item(ada, crime_id), _item(ada, crime_id)
    assert [_exhibit(bilal, number, first), _exhibit(bilal, number, second)] == ["AB/1", "AB/2"]
    last = get_item(actor=bilal, at=AT, item_id=first).continuity[-1]
    assert (last.verb, last.detail["reference"], last.by_name) == ("exhibited", "AB/1", bilal.name)
    investigation = get_investigation(actor=bilal, at=AT, number=number)
    assert [exhibit.reference for exhibit in investigation.exhibits] == ["AB/1", "AB/2"]
    assert (
        investigation.timeline[0].text
        == "Exhibit AB/1, produced by Ada Bello: Photo of the mirror."
    )


def test_namesakes_get_a_further_letter_across_linked_crimes(ada: Actor, bilal: Actor) -> None:
    (one, number), (two, other) = _crime(ada), _crime(ada)
    assert _exhibit(bilal, number, _item(ada, one)) == "AB/1"
    link_crimes(actor=bilal, at=AT, numbers=[number, other], reason="Same street and night.")
    assert _exhibit(bilal, other, _item(ada, two), "Amir Boateng") == "ABO/1"
    assert _exhibit(bilal, other, _item(ada, two), "ada  bello") == "AB/2"
    assert _exhibit(bilal, number, _item(ada, one), "Amir Boateng") == "ABO/2"
    assert _exhibit(bilal, number, _item(ada, one), "Aisha Boot") == "ABOO/1"


def test_an_item_has_one_reference_and_must_be_of_the_crime(
    ada: Actor, bilal: Actor, femi: Actor
) -> None:
    (one, number), (_, other) = _crime(ada), _crime(ada)
    item_id = _item(ada, one)
    for actor, refusal in ((femi, NotFound), (ada, NotPermitted)):
        with pytest.raises(refusal):
            _exhibit(actor, number, item_id)
    with pytest.raises(NotFound):
        _exhibit(bilal, other, item_id)
    assert "produced_by" in refusal_of(lambda: _exhibit(bilal, number, item_id, " "))
    _exhibit(bilal, number, item_id)
    with pytest.raises(Conflict, match="AB/1"):
        _exhibit(bilal, number, item_id)
    with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
        Exhibit.objects.update(serial=9)


def test_concurrent_commands_give_different_references(
    committed: None, offences: None, ada: Actor, bilal: Actor
) -> None:
    crime_id, number = _crime(ada)
    items = [_item(ada, crime_id) for _ in range(6)]
    references = run_concurrently(lambda item_id: _exhibit(bilal, number, item_id), items)
    assert sorted(map(str, references)) == [f"AB/{serial}" for serial in range(1, 7)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Bello", "AB"),
        ("Mary-Jane van den Berg", "MJVD"),
        ("Ötzi", "Ö"),
        ("", "X"),
        ("1234", "X"),
        ("李 明", "李明"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials_from_name(name) == expected


def test_namesakes_never_share_initials() -> None:
    taken: dict[str, str] = {}
    for number in range(40):
        initials = initials_unique_in_case("Ada Bello", producer_key=str(number), taken=taken)
        assert initials not in taken
        taken[initials] = str(number)
