"""Suspects, witnesses, vehicles and property that an officer named at the scene, on the record."""

from typing import Any

import pytest

from bluelamp.casework.crimes.lookups import CrimeDetail, get_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.models import Link, Object, Person
from tests.cast import actor, browser
from tests.web.desk.scenes import slug
from tests.web.officer.device import Device, problem

IMEI = "490154203237518"
VALUES: dict[str, Any] = {
    "suspects": [
        {
            "suspect_given_name": "Darren",
            "suspect_family_name": "Pike",
            "suspect_born_on": "1991-04-02",
            "suspect_reason": "The shop knows him",
            "suspect_arrested": True,
        },
        {"suspect_description": "A woman in a green coat, about 40"},
    ],
    "vehicles": [
        {"vehicle_action": "used", "vehicle_vrm": "ab12 cde", "vehicle_make": "Ford Fiesta"},
        {"vehicle_action": "damaged", "vehicle_make": "Vespa", "vehicle_colour": "red"},
    ],
    "property": [
        {
            "property_action": "stolen",
            "property_kind": "phone",
            "property_description": "iPhone 14, black",
            "property_imei": IMEI,
            "property_value": 45_000,
        }
    ],
    "witnesses": [
        {
            "witness_given_name": "Amina",
            "witness_family_name": "Diallo",
            "witness_phone": "07700 900 111",
            "witness_safe": "yes",
        }
    ],
    "language": "Twi",
}


def _send(device: Device, values: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    sent = device.crime(answers={"question_set": "scene", "version": 2, "values": values})
    return sent, device.put(sent)


def _get(sent: dict[str, Any]) -> CrimeDetail:
    number = str(Crime.objects.get(id=sent["id"]).number)
    return get_crime(actor=actor(cast.JOY), at=now(), number=number)


def test_it_works(device: Device) -> None:
    sent, answer = _send(device, VALUES)
    assert answer.status_code == 201, answer.content
    crime = _get(sent)
    (suspect,) = crime.people_with_role("suspect")
    assert (suspect.name, suspect.born_on and suspect.born_on.year) == ("Darren Pike", 1991)
    (witness,) = crime.people_with_role("witness")
    assert (witness.name, witness.phone, witness.is_safe_to_contact) == (
        "Amina Diallo",
        "07700 900 111",
        True,
    )
    (victim,) = crime.people_with_role("victim")
    assert victim.language == "Twi"
    assert sorted(
        (row.role, row.kind, row.vrm, row.description, row.identifier) for row in crime.objects
    ) == [
        ("damaged", "vehicle", "", "Vespa, red", ""),
        ("stolen", "phone", "", "iPhone 14, black", IMEI),
        ("used", "vehicle", "AB12CDE", "Ford Fiesta", ""),
    ]
    # Sent again, nothing is there twice.
    assert device.put(sent).json() == answer.json()
    assert Person.objects.filter(family_name="Pike").count() == 1
    assert Link.objects.filter(subject_id=sent["id"]).count() == 6


def test_the_desk_shows_them_and_finds_the_crime_by_them(device: Device) -> None:
    sent, _ = _send(device, VALUES)
    number = _get(sent).number
    desk = browser(cast.JOY).get(f"/desk/crimes/{slug(number)}/").content.decode()
    for text in ("Darren Pike", "AB12CDE", IMEI, "A woman in a green coat", "£450", "Arrested"):
        assert text in desk, text
    for words in ("Pike", "AB12CDE", IMEI):
        found = browser(cast.JOY).get("/desk/crimes/", {"q": words}).content.decode()
        assert number in found, words


def test_a_suspect_s_own_record_says_who_named_them(device: Device) -> None:
    sent, _ = _send(device, VALUES)
    (suspect,) = _get(sent).people_with_role("suspect")
    entry = AuditEntry.objects.filter(subject_id=suspect.id, act="crime.recorded").get()
    assert entry.detail["role"] == "suspect"


def test_a_vehicle_or_a_phone_on_record_is_not_there_twice(device: Device) -> None:
    _send(device, VALUES)
    _send(device, VALUES)
    assert Object.objects.filter(vrm="AB12CDE").count() == 1
    assert Object.objects.filter(identifier=IMEI).count() == 1
    # Known by name and date of birth.
    assert Person.objects.filter(family_name="Pike").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"suspects": [{"suspect_reason": "x"}]}, "suspects.1.suspect_family_name"),
        ({"suspects": [{"suspect_given_name": "Darren"}]}, "suspects.1.suspect_family_name"),
        (
            {"suspects": [{"suspect_family_name": "Pike", "suspect_born_on": "2126-01-01"}]},
            "suspects.1.suspect_born_on",
        ),
        ({"vehicles": [{"vehicle_action": "stolen"}]}, "vehicles.1.vehicle_vrm"),
        (
            {
                "property": [
                    {
                        "property_action": "stolen",
                        "property_kind": "phone",
                        "property_description": "x",
                        "property_imei": "490154203237519",
                    }
                ]
            },
            "property.1.property_imei",
        ),
        (
            {"witnesses": [{"witness_family_name": "x", "witness_phone": "07700 900 111"}]},
            "witnesses.1.witness_safe",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    device: Device, values: dict[str, Any], field: str
) -> None:
    sent, answer = _send(device, values)
    assert set(problem(answer, 422)) == {f"answers.values.{field}"}
    assert not Crime.objects.filter(id=sent["id"]).exists()
