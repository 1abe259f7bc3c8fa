from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bluelamp.casework.crimes.commands import add_item, link_crimes, record_crime
from bluelamp.casework.investigations.commands import exhibit_item
from bluelamp.casework.investigations.models import Exhibit
from bluelamp.casework.investigations.queries import view_investigation
from bluelamp.casework.investigations.rules import initials_in_case, initials_of
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence.commands import take_in
from bluelamp.records.evidence.queries import continuity_of, item
from tests.at_once import at_once
from tests.casework.scenes import AT, DAMAGE, raises_refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]


def _crime(ada: Actor) -> tuple[UUID, str]:
    done = record_crime(actor=ada, at=AT, offence_code=DAMAGE, summary="A mirror was broken.")
    return done.crime_id, done.number


def _item(ada: Actor, crime_id: UUID) -> UUID:
    photo = b"\xff\xd8\xff\xe0" + new_id().bytes
    held = take_in(
        actor=ada, at=AT, purpose=f"crime:{crime_id}", filename="mirror.jpg", source=photo
    )
    for _ in range(2):
        add_item(actor=ada, at=AT, crime_id=crime_id, item_id=held.id)
    return held.id


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
    last = continuity_of(item=item(actor=bilal, item_id=first))[-1]
    assert (last.verb, last.detail["reference"], last.by_name) == ("exhibited", "AB/1", bilal.name)
    seen = view_investigation(actor=bilal, at=AT, number=number)
    assert [each.reference for each in seen.exhibits] == ["AB/1", "AB/2"]
    assert seen.timeline[0].text == "Exhibit AB/1, produced by Ada Bello: Photo of the mirror."


def test_namesakes_get_a_further_letter_across_linked_crimes(ada: Actor, bilal: Actor) -> None:
    (one, number), (two, other) = _crime(ada), _crime(ada)
    assert _exhibit(bilal, number, _item(ada, one)) == "AB/1"
    link_crimes(actor=bilal, at=AT, numbers=[number, other], why="Same street and night.")
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
    assert "produced_by" in raises_refused(lambda: _exhibit(bilal, number, item_id, " "))
    _exhibit(bilal, number, item_id)
    with pytest.raises(Conflict, match="AB/1"):
        _exhibit(bilal, number, item_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exhibit.objects.update(serial=9)


def test_given_at_once_no_reference_is_given_twice(
    committed: None, offences: None, ada: Actor, bilal: Actor
) -> None:
    crime_id, number = _crime(ada)
    items = [_item(ada, crime_id) for _ in range(6)]
    references = at_once(lambda item_id: _exhibit(bilal, number, item_id), items)
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
    assert initials_of(name) == expected


def test_namesakes_never_share_initials() -> None:
    taken: dict[str, str] = {}
    for number in range(40):
        initials = initials_in_case("Ada Bello", producer_key=str(number), taken=taken)
        assert initials not in taken
        taken[initials] = str(number)
