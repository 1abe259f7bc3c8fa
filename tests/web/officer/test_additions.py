"""What an officer adds to a crime later, or corrects: once, with what it said before."""

from typing import Any

import pytest

from bluelamp.casework.crimes.lookups import CrimeDetail, get_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import InvestigationEntry
from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.models import Person, PersonCorrection
from tests.cast import actor, browser
from tests.web.desk.scenes import slug
from tests.web.officer.device import Device, problem

SUSPECT = {"suspect_given_name": "Darren", "suspect_family_name": "Pike"}
SECOND = {"suspect_given_name": "Lee", "suspect_family_name": "Marsh"}


def _answers(values: dict[str, Any]) -> dict[str, Any]:
    return {"question_set": "scene", "version": 2, "values": values}


def _addition(device: Device, crime: dict[str, Any], **body: Any) -> dict[str, Any]:
    addition_id = str(new_id())
    return {
        "id": addition_id,
        "kind": "addition",
        "device_id": str(device.id),
        "device_at": "2026-03-03T17:00:00+00:00",
        "app": "bluelamp-officer/0.1.0",
        "body": {"addition_id": addition_id, "crime_id": crime["id"], **body},
    }


def _get(crime: dict[str, Any]) -> CrimeDetail:
    number = str(Crime.objects.get(id=crime["id"]).number)
    return get_crime(actor=actor(cast.JOY), at=now(), number=number)


@pytest.fixture
def crime(device: Device) -> dict[str, Any]:
    """A crime with one suspect, as it was recorded at the scene."""
    sent = device.crime(answers=_answers({"suspects": [SUSPECT]}))
    assert device.put(sent).status_code == 201
    return sent


def test_it_works(device: Device, crime: dict[str, Any]) -> None:
    sent = _addition(
        device,
        crime,
        note="The shop has it on CCTV.",
        answers=_answers(
            {
                "suspects": [SECOND],
                "vehicles": [{"vehicle_action": "used", "vehicle_vrm": "AB12CDE"}],
            }
        ),
    )
    answer = device.put(sent)
    assert answer.status_code == 201, answer.content
    assert answer.json()["kind"] == "addition"
    again = device.put(sent)
    assert (again.status_code, again.json()) == (200, answer.json())
    detail = _get(crime)
    assert [person.name for person in detail.people_with_role("suspect")] == [
        "Darren Pike",
        "Lee Marsh",
    ]
    assert [thing.vrm for thing in detail.objects] == ["AB12CDE"]
    assert Crime.objects.get(id=crime["id"]).answers["suspects"] == [SUSPECT, SECOND]
    texts = InvestigationEntry.objects.filter(crime_id=crime["id"]).values_list("text", flat=True)
    assert set(texts) == {"Suspect named: Lee Marsh.", "The shop has it on CCTV."}
    page = browser(cast.JOY).get(f"/desk/crimes/{slug(detail.number)}/").content.decode()
    assert "Lee Marsh" in page
    assert "AB12CDE" in page


def test_a_correction_keeps_what_was_there_before(device: Device, crime: dict[str, Any]) -> None:
    victim = crime["body"]["victim"]
    person = {
        "person_id": victim["person_id"],
        "given_name": "Josephine",
        "family_name": victim["family_name"],
        "born_on": victim["born_on"],
        "phone": victim["phone"],
        "email": victim["email"],
    }
    sent = _addition(device, crime, summary="Wing mirror, and the door.", person=person)
    answer = device.put(sent)
    assert answer.status_code == 201, answer.content
    detail = _get(crime)
    assert detail.summary == "Wing mirror, and the door."
    assert detail.people_with_role("victim")[0].given_name == "Josephine"
    correction = PersonCorrection.objects.get(person_id=victim["person_id"])
    assert correction.before == {"given_name": victim["given_name"]}
    (entry,) = InvestigationEntry.objects.filter(crime_id=crime["id"])
    assert crime["body"]["summary"].strip() in entry.text
    # Found by the new name.
    found = browser(cast.JOY).get("/desk/crimes/", {"q": "Josephine"}).content.decode()
    assert detail.number in found


def test_a_crime_without_answers_can_be_added_to(device: Device) -> None:
    sent = device.crime()
    assert device.put(sent).status_code == 201
    assert (
        device.put(_addition(device, sent, answers=_answers({"suspects": [SECOND]}))).status_code
        == 201
    )
    assert [label for label, _ in _get(sent).scene_answers] == [
        "Suspect 1: First name of the suspect",
        "Suspect 1: Last name of the suspect",
    ]


def test_a_crime_that_is_not_here_yet_is_sent_first(device: Device) -> None:
    missing = {"id": str(new_id())}
    problem(device.put(_addition(device, missing, note="x")), 424)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "note"),
        ({"summary": "  "}, "summary"),
        ({"answers": _answers({"offence": "CD71039"})}, "answers.values.offence"),
        (
            {"answers": _answers({"suspects": [{}]})},
            "answers.values.suspects.1.suspect_family_name",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    device: Device, crime: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    assert set(problem(device.put(_addition(device, crime, **body)), 422)) == {field}
    assert not InvestigationEntry.objects.filter(crime_id=crime["id"]).exists()


def test_somebody_who_is_not_in_the_crime_is_not_corrected(
    device: Device, crime: dict[str, Any]
) -> None:
    other = device.crime()
    assert device.put(other).status_code == 201
    person_id = other["body"]["victim"]["person_id"]
    before = Person.objects.get(id=person_id).name
    person = {
        "person_id": person_id,
        "given_name": "X",
        "family_name": "Y",
        "phone": "",
        "email": "",
    }
    refused = device.put(_addition(device, crime, person=person))
    assert set(problem(refused, 422)) == {"person.person_id"}
    assert Person.objects.get(id=person_id).name == before
