import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import link_crimes, record_at_scene, record_crime
from bluelamp.casework.crimes.lookups import (
    get_crime,
    get_crime_with_nearby,
    list_my_crimes,
    search_crimes,
)
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from bluelamp.records.people.rules import LocationInput, PersonInput
from tests.casework.scenes import AT, DAMAGE, make_scene_crime, refusal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
HERE = LocationInput(
    address="12 Acorn Parade, Peckham", postcode="SE15 4QL", easting=534200, northing=176900
)


def _crime(
    ada: Actor, *, place: LocationInput = HERE, victim: str = "Esi Mensah", **changes: object
) -> str:
    given, family = victim.split(" ", 1)
    fields = {
        "offence_code": DAMAGE,
        "summary": "A window was broken.",
        "location": place,
        "victims": (PersonInput(given_name=given, family_name=family),),
    } | changes
    return record_crime(actor=ada, at=AT, crime=NewCrime(**fields)).number  # type: ignore[arg-type]


def _found(ada: Actor, q: str, **filters: object) -> list[str]:
    return [row.number for row in search_crimes(actor=ada, at=AT, q=q, **filters).rows]  # type: ignore[arg-type]


def test_it_works(ada: Actor) -> None:
    elsewhere = replace(
        HERE, address="1 Canal Reach", postcode="N1C 4AG", easting=530000, northing=183800
    )
    number = _crime(ada, victim="María-José O'Neil")
    other = _crime(ada, place=elsewhere, victim="Thomas Boateng")
    for q in (
        number, "1/1/26", "1/26", "0000001", "maria", "O'Neil", "oneil maria", "ONeill",
        "acorn par", "SE15 4QL", "se154ql", "se15", "peckham mar",
    ):  # fmt: skip
        assert _found(ada, q) == [number], q
    assert _found(ada, "botang") == [other]
    assert set(_found(ada, "criminal damage")) == {number, other}
    assert _found(ada, "acorn boateng") == []
    for signs in ("%", "*", " % ", "-- '", "\\", "\U0001f600"):
        assert _found(ada, signs) == [], signs
    page = search_crimes(actor=ada, at=AT, q="")
    assert (page.total, page.pages, page.rows[0].number) == (2, 1, other)
    assert page.rows[0].victims == ("Thomas Boateng",)


def test_filters(ada: Actor) -> None:
    number = _crime(ada)
    assert _found(ada, "", offence="58c") == _found(ada, "", offence="cd71039") == [number]
    assert _found(ada, "", offence="45") == []
    assert _found(ada, "", from_=date(2026, 3, 3), to=date(2026, 3, 3)) == [number]
    assert _found(ada, "", to=date(2026, 3, 2)) == []
    assert _found(ada, "", state="charged") == []


def test_no_search_text_is_an_error(ada: Actor, shared_data: Path) -> None:
    _crime(ada, place=LocationInput(address="ﷺﬃ" * 200), victim=f"{'ﬃ' * 100} ﷺ")
    strings = json.loads(
        (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    )
    for text in [
        *strings[::4],
        "\x00",
        "\ud800",
        "'",
        "\\",
        "a & b | !c",
        ":*",
        "~",
        "()",
        "ﷺ" * 200,
        "ﬃ" * 200,
    ]:
        search_crimes(actor=ada, at=AT, q=text, offence=text, state=text, page=10**12, order=text)


def test_nearby_crimes_say_why_they_are_shown(ada: Actor) -> None:
    number = _crime(ada)
    same = _crime(ada, place=replace(HERE, address="12, Acorn Parade, Peckham, London"))
    neighbour = _crime(ada, place=replace(HERE, address="14 Acorn Parade", easting=534212))
    corner = _crime(
        ada,
        place=LocationInput(
            address="1 The Corner", postcode="SE15 4QN", easting=534280, northing=176960
        ),
    )
    _crime(
        ada,
        place=LocationInput(
            address="2 Far Away", postcode="SE15 9ZZ", easting=534300, northing=177100
        ),
    )
    nearby = get_crime_with_nearby(actor=ada, at=AT, number=number)[1]
    assert [(other.number, other.reason, other.metres) for other in nearby] == [
        (same, "same_address", 0),
        (neighbour, "same_postcode", 12),
        (corner, "within_metres", 100),
    ]
    assert (
        get_crime_with_nearby(actor=ada, at=AT, number=_crime(ada, place=LocationInput()))[1] == ()
    )


def test_linked_crimes_stay_linked_when_more_come(ada: Actor, bilal: Actor, femi: Actor) -> None:
    first, second, third, fourth = (_crime(ada) for _ in range(4))
    link_crimes(actor=bilal, at=AT, numbers=[first, second], reason="Same car.")
    link_crimes(actor=bilal, at=AT, numbers=[third, fourth], reason="Same boots.")
    link_crimes(actor=bilal, at=AT, numbers=[second, third], reason="Same man.")
    crime = get_crime(actor=ada, at=AT, number=first)
    assert [linked.number for linked in crime.linked] == [second, third, fourth]
    assert crime.link_reason == "Same car.\nSame boots.\nSame man."
    assert next(
        other
        for other in get_crime_with_nearby(actor=ada, at=AT, number=first)[1]
        if other.number == fourth
    ).is_linked
    assert "numbers" in refusal_of(
        lambda: link_crimes(actor=bilal, at=AT, numbers=[first, first], reason="x")
    )
    assert "reason" in refusal_of(
        lambda: link_crimes(actor=bilal, at=AT, numbers=[first, second], reason="")
    )
    with pytest.raises(NotFound):
        link_crimes(actor=femi, at=AT, numbers=[first, second], reason="Mine.")
    with pytest.raises(NotPermitted):
        link_crimes(actor=ada, at=AT, numbers=[first, second], reason="Mine.")


def test_another_force_finds_nothing_and_every_search_is_audited(ada: Actor, femi: Actor) -> None:
    number = _crime(ada)
    assert _found(femi, "") == []
    assert _found(ada, number) == [number]
    assert AuditEntry.objects.filter(act="crime.searched", detail__numbers=[number]).count() == 1
    with pytest.raises(NotFound):
        get_crime_with_nearby(actor=femi, at=AT, number=number)[1]


def test_my_crimes(ada: Actor, bilal: Actor) -> None:
    number = _crime(ada)
    assert [row.number for row in list_my_crimes(actor=ada, at=AT)] == [number]
    assert list_my_crimes(actor=bilal, at=AT) == ()


def test_a_row_says_what_kind_of_victim_there_is(ada: Actor) -> None:
    against_the_state = make_scene_crime(
        number=None, lease_id=None, device_id=UUID(int=1), victim=None, victim_id=None
    )
    record_at_scene(actor=ada, at=AT, capture=against_the_state, sha256="a" * 64)
    shop = PersonInput(business_name="Acorn Stores")
    (row,) = search_crimes(actor=ada, at=AT).rows
    assert (row.victim_kind, row.victims) == ("state", ())
    for victims, expected in (
        ((PersonInput(family_name="The State"),), ("person", ("The State",))),
        ((shop,), ("business", ("Acorn Stores",))),
        ((), ("not-known", ())),
    ):
        number = _crime(ada, victims=victims)
        (row,) = search_crimes(actor=ada, at=AT, q=number).rows
        assert (row.victim_kind, row.victims) == expected
