"""The risk to a victim, assessed on the phone: once, by their own words, and only of a victim."""

from typing import Any

import pytest

from bluelamp.casework.encounters.models import Encounter
from bluelamp.demo import cast
from bluelamp.foundation.forms.lookups import current_question_set
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.models import Person
from tests.casework.encounters.scenes import risk_values
from tests.cast import browser
from tests.web.desk.scenes import slug
from tests.web.officer.device import Device, problem

RISK = "domestic-abuse-topics"


def _assessment(device: Device, crime: dict[str, Any], **changes: Any) -> dict[str, Any]:
    assessment_id = str(new_id())
    body = {
        "assessment_id": assessment_id,
        "encounter_id": str(new_id()),
        "crime_id": crime["id"],
        "person_id": crime["body"]["victim"]["person_id"],
        "answers": {
            "question_set": RISK,
            "version": current_question_set(RISK, on=london_date(now())).version,
            "values": risk_values(),
        },
        "grade": "high",
        "grade_reason": "He has threatened to kill her.",
    }
    return {
        "id": assessment_id,
        "kind": "assessment",
        "device_id": str(device.id),
        "device_at": "2026-03-03T17:00:00+00:00",
        "app": "bluelamp-officer/0.1.0",
        "body": body | changes,
    }


@pytest.fixture
def crime(device: Device) -> dict[str, Any]:
    """A crime with a victim who is a person."""
    sent = device.crime()
    assert device.put(sent).status_code == 201
    return sent


def test_it_works(device: Device, crime: dict[str, Any]) -> None:
    sent = _assessment(device, crime)
    answer = device.put(sent)
    assert answer.status_code == 201, answer.content
    assert answer.json()["kind"] == "assessment"
    again = device.put(sent)
    assert (again.status_code, again.json()) == (200, answer.json())
    encounter = Encounter.objects.get(id=sent["body"]["encounter_id"])
    assert encounter.risk_assessment.grade == "high"
    number = crime["body"]["number"]
    page = browser(cast.ADA).get(f"/desk/crimes/{slug(number)}/").content.decode()
    assert "He has threatened to kill her." in page


def test_that_it_is_not_safe_to_contact_them_is_on_their_record(
    device: Device, crime: dict[str, Any]
) -> None:
    values = risk_values() | {"is_safe_to_contact": "no", "safe_contact": "never"}
    values.pop("safe_contact_detail", None)
    sent = _assessment(device, crime)
    sent["body"]["answers"]["values"] = values
    answer = device.put(sent)
    assert answer.status_code == 201, answer.content
    person = Person.objects.get(id=crime["body"]["victim"]["person_id"])
    assert (person.is_safe_to_contact, person.safe_contact) == (False, "never")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grade": ""}, "grade"),
        ({"grade_reason": " "}, "grade_reason"),
        ({"person_id": "0197c0de-0000-7000-8000-000000000001"}, "answers.values.victim"),
        ({"answers": {"question_set": "scene", "version": 2, "values": {}}}, "answers.version"),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    device: Device, crime: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    assert set(problem(device.put(_assessment(device, crime, **changes)), 422)) == {field}
    assert not Encounter.objects.exists()


def test_a_crime_that_is_not_here_yet_is_sent_first(device: Device, crime: dict[str, Any]) -> None:
    sent = _assessment(device, crime, crime_id=str(new_id()))
    problem(device.put(sent), 424)
