"""Every naughty string in every free text: stored unchanged, names as one line, or refused."""

import json
from pathlib import Path

import pytest

from bluelamp.casework.crimes.models import Crime, CrimeItem
from bluelamp.casework.investigations.models import Statement, StatementBack
from bluelamp.foundation.kernel.text import single_line
from bluelamp.records.people.models import Person
from tests.web.officer.device import Device, problem


@pytest.fixture(scope="module")
def naughty(shared_data: Path) -> list[str]:
    strings: list[str] = json.loads((shared_data / "security" / "blns" / "blns.json").read_text())
    return strings


def test_it_works(device: Device, naughty: list[str]) -> None:
    """In a crime's texts, 50 strings to a lease. A name of only spaces is refused."""
    for begin in range(0, len(naughty), 4):
        some = [*naughty[begin : begin + 4], *naughty[:3]][:4]
        summary, address, given, family = some
        crime = device.crime(
            summary=f"{summary}.", location={"address": address[:400], "postcode": family[:40]}
        )
        crime["body"]["victim"] |= {
            "given_name": given[:120],
            "family_name": f"{family[:100]} Asante",
            "phone": summary[:40],
            "email": address[:250],
        }
        crime["body"]["related_number"] = given[:40]
        answer = device.put(crime)
        assert answer.status_code == 201, (some, answer.content)
        crime_row = Crime.objects.get(id=crime["id"])
        assert crime_row.summary == f"{summary}.".strip()
        named = Person.objects.get(id=crime["body"]["victim"]["person_id"]).given_name
        assert named == single_line(given[:120])


def test_a_statement_is_stored_unchanged(device: Device, naughty: list[str]) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    for begin in range(0, len(naughty), 4):
        text, occupation, place, dates = [*naughty[begin : begin + 4], *naughty[:3]][:4]
        sent = device.statement(
            crime, text=f"{text}.", occupation=occupation[:120], taken_at_place=place[:400]
        )
        sent["body"]["back"] |= {
            "dates_not_available": f"{dates}.",
            "address": text[:400],
            "phone": place[:40],
        }
        answer = device.put(sent)
        assert answer.status_code == 201, answer.content
        assert Statement.objects.get(id=sent["id"]).text == f"{text}."
        assert (
            StatementBack.objects.get(statement_id=sent["id"]).dates_not_available
            == f"{dates}.".strip()
        )


def test_an_item_can_have_any_file_name(device: Device, naughty: list[str]) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    for begin in range(0, len(naughty), 2):
        name, words = [*naughty[begin : begin + 2], "x"][:2]
        sent = device.item(crime, b"x", filename=name, description=words, media_type=words[:127])
        answer = device.put(sent)
        assert answer.status_code == 201, answer.content
        assert CrimeItem.objects.get(announced_item_id=sent["id"]).announcement["filename"] == name


def test_a_place_search_takes_any_text(device: Device, naughty: list[str]) -> None:
    for query in naughty:
        assert device.get("places", data={"q": query}).status_code == 200, query


def test_a_name_of_only_spaces_is_refused(device: Device) -> None:
    crime = device.crime()
    crime["body"]["victim"] |= {"given_name": " ", "family_name": "\t"}
    assert list(problem(device.put(crime), 422)) == ["victim.family_name"]
