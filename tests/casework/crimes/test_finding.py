import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bluelamp.casework.crimes.commands import link_crimes, record_crime
from bluelamp.casework.crimes.queries import crimes_of, nearby, search_crimes, view_crime
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from bluelamp.records.people.rules import PersonDetails, PlaceDetails
from tests.casework.scenes import AT, DAMAGE, raises_refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]
HERE = PlaceDetails(
    address="12 Acorn Parade, Peckham", postcode="SE15 4QL", easting=534200, northing=176900
)


def _crime(
    ada: Actor, *, place: PlaceDetails = HERE, victim: str = "Esi Mensah", **changes: object
) -> str:
    given, family = victim.split(" ", 1)
    told = {
        "offence_code": DAMAGE,
        "summary": "A window was broken.",
        "location": place,
        "victims": [PersonDetails(given_name=given, family_name=family)],
    } | changes
    return record_crime(actor=ada, at=AT, **told).number  # type: ignore[arg-type]


def _found(ada: Actor, q: str, **filters: object) -> list[str]:
    return [row.number for row in search_crimes(actor=ada, at=AT, q=q, **filters).rows]  # type: ignore[arg-type]


def test_it_works(ada: Actor) -> None:
    elsewhere = replace(
        HERE, address="1 Canal Reach", postcode="N1C 4AG", easting=530000, northing=183800
    )
    number = _crime(ada, victim="María-José O'Neil")
    other = _crime(ada, place=elsewhere, victim="Thomas Boateng")
    for q in (
        number, "1/1/26", "1/26", "0000001", "maria", "O'Neil", "oneil maria", "ONeill", "acorn par", "SE15 4QL",
        "se154ql", "se15", "peckham mar",
    ):  # fmt: skip
        assert _found(ada, q) == [number], q
    assert _found(ada, "botang") == [other]
    assert set(_found(ada, "criminal damage")) == {number, other}
    assert _found(ada, "acorn boateng") == []
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


def test_nothing_typed_in_the_box_is_an_error(ada: Actor, shared_data: Path) -> None:
    _crime(ada, place=PlaceDetails(address="ﷺﬃ" * 200), victim=f"{'ﬃ' * 100} ﷺ")
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


def test_near_by_place_says_why(ada: Actor) -> None:
    number = _crime(ada)
    same = _crime(ada, place=replace(HERE, address="12, Acorn Parade, Peckham, London"))
    neighbour = _crime(ada, place=replace(HERE, address="14 Acorn Parade", easting=534212))
    corner = _crime(
        ada,
        place=PlaceDetails(
            address="1 The Corner", postcode="SE15 4QN", easting=534280, northing=176960
        ),
    )
    _crime(
        ada,
        place=PlaceDetails(
            address="2 Far Away", postcode="SE15 9ZZ", easting=534300, northing=177100
        ),
    )
    near = nearby(actor=ada, at=AT, number=number)
    assert [(each.number, each.why, each.metres) for each in near] == [
        (same, "same address", 0),
        (neighbour, "same postcode", 12),
        (corner, "100 metres away", 100),
    ]
    assert nearby(actor=ada, at=AT, number=_crime(ada, place=PlaceDetails())) == ()


def test_linked_crimes_stay_linked_when_more_come(ada: Actor, bilal: Actor, femi: Actor) -> None:
    first, second, third, fourth = (_crime(ada) for _ in range(4))
    link_crimes(actor=bilal, at=AT, numbers=[first, second], why="Same car.")
    link_crimes(actor=bilal, at=AT, numbers=[third, fourth], why="Same boots.")
    link_crimes(actor=bilal, at=AT, numbers=[second, third], why="Same man.")
    seen = view_crime(actor=ada, at=AT, number=first)
    assert [each.number for each in seen.linked] == [second, third, fourth]
    assert seen.linked_why == "Same car.\nSame boots.\nSame man."
    assert next(
        each for each in nearby(actor=ada, at=AT, number=first) if each.number == fourth
    ).is_linked
    assert "numbers" in raises_refused(
        lambda: link_crimes(actor=bilal, at=AT, numbers=[first, first], why="x")
    )
    assert "why" in raises_refused(
        lambda: link_crimes(actor=bilal, at=AT, numbers=[first, second], why="")
    )
    with pytest.raises(NotFound):
        link_crimes(actor=femi, at=AT, numbers=[first, second], why="Mine.")
    with pytest.raises(NotPermitted):
        link_crimes(actor=ada, at=AT, numbers=[first, second], why="Mine.")


def test_another_force_finds_nothing_and_every_search_is_on_the_record(
    ada: Actor, femi: Actor
) -> None:
    number = _crime(ada)
    assert _found(femi, "") == []
    assert _found(ada, number) == [number]
    assert AuditEntry.objects.filter(act="crime.searched", detail__numbers=[number]).count() == 1
    with pytest.raises(NotFound):
        nearby(actor=femi, at=AT, number=number)


def test_an_officers_own(ada: Actor, bilal: Actor) -> None:
    number = _crime(ada)
    assert [row.number for row in crimes_of(actor=ada, at=AT)] == [number]
    assert crimes_of(actor=bilal, at=AT) == ()
