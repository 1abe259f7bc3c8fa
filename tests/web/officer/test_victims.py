"""The victim of a crime: a person, a business with or without a contact, or only the State."""

import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from bluelamp.casework.crimes.commands import recording
from bluelamp.casework.crimes.lookups import CrimeDetail, get_crime, search_crimes
from bluelamp.casework.crimes.models import Crime
from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.models import Person
from tests.cast import browser, signed_in
from tests.concurrency import run_concurrently
from tests.web.officer.device import Device, problem


def _recorded(device: Device, capture: dict[str, Any]) -> CrimeDetail:
    answer = device.put(capture)
    assert answer.status_code == 201, answer.content
    return get_crime(actor=signed_in(cast.ADA), at=now(), number=answer.json()["number"])


def _shop(device: Device, **changes: Any) -> dict[str, Any]:
    made = device.crime()
    made["body"]["victim"] |= {
        "business_name": "Acorn Stores",
        "contact_id": str(new_id()),
        **changes,
    }
    return made


def test_it_works(device: Device) -> None:
    """A business is the victim. Its contact makes the statement; neither is recorded twice."""
    sent = _shop(device)
    contact = sent["body"]["victim"]["contact_id"]
    crime = _recorded(device, sent)
    assert [(each.person.name, each.role) for each in crime.people] == [
        ("Acorn Stores", "victim"),
        ("Kofi Asante", "on-behalf"),
    ]
    (business, speaker) = (each.person for each in crime.people)
    assert (str(business.id), str(speaker.id)) == (sent["body"]["victim"]["person_id"], contact)
    assert (business.phone, speaker.phone, speaker.address) == ("", "07700 900456", None)
    assert business.address == crime.location
    assert device.put(device.statement(sent, person_id=contact)).status_code == 201
    assert Person.objects.count() == 2
    row = device.get("crimes/mine").json()["crimes"][0]
    assert (row["victim_name"], row["victim_person_id"]) == ("Acorn Stores", None)
    ada = signed_in(cast.ADA)
    for query in ("acorn stores", "asante"):
        assert [each.number for each in search_crimes(actor=ada, at=now(), q=query).rows] == [
            crime.number
        ]


def test_a_business_without_a_contact_has_its_own_phone(device: Device) -> None:
    crime = _recorded(device, _shop(device, given_name="", family_name=""))
    (business,) = (each.person for each in crime.people)
    assert (business.name, business.phone) == ("Acorn Stores", "07700 900456")


def test_the_only_victim_can_be_the_state(device: Device) -> None:
    crime = _recorded(device, device.crime(victim=None))
    assert (crime.people, crime.is_against_the_state) == ((), True)
    assert device.get("crimes/mine").json()["crimes"][0]["victim_name"] == "The State"
    page = browser(cast.JOY).get(f"/desk/crimes/{crime.number.replace('/', '-')}/")
    assert "The State (there&#39;s no other victim)" in page.content.decode()
    assert Crime.objects.get().is_against_the_state


def test_a_crime_without_a_number_gets_one_in_its_receipt(device: Device) -> None:
    sent = device.crime(number=None, lease_id=None)
    first, again = device.put(sent), device.put(sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["number"] == str(Crime.objects.get().number)
    numbered = device.crime()
    assert device.put(numbered).json()["number"] == numbered["body"]["number"]
    assert device.put(device.statement(sent)).json()["number"] is None


@pytest.mark.parametrize("wrong", [{"number": None}, {"lease_id": None}, {"number": ""}])
def test_a_number_comes_with_its_lease_or_neither(device: Device, wrong: dict[str, object]) -> None:
    assert set(problem(device.put(device.crime(**wrong)), 422)) <= {"lease_id", "number"}
    assert not Crime.objects.exists()


@pytest.mark.parametrize(
    ("changes", "to"),
    [
        ({}, ["07700 900456"]),
        ({"email": "kofi@acorn.example"}, ["kofi@acorn.example"]),
        ({"business_name": "Acorn Stores"}, ["07700 900456"]),
        ({"phone": ""}, []),
        ({"safe_to_contact": False}, []),
        ({"safe_to_contact": None}, []),
        ({"business_name": "Acorn Stores", "safe_to_contact": False}, []),
    ],
)
def test_who_gets_a_message_with_the_number(
    device: Device, run_jobs: Callable[[], int], changes: dict[str, object], to: list[str]
) -> None:
    made = device.crime(number=None, lease_id=None)
    made["body"]["victim"] |= changes
    number = _recorded(device, made).number
    run_jobs()
    sent = list(Message.objects.filter(template="crime-recorded"))
    assert [each.to for each in sent] == to
    assert [each.reference for each in sent] == [number] * len(to)


def test_two_crimes_of_one_victim_at_once(
    committed: None, reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A phone that gave up waiting sends the next crime while the server still writes the first."""
    device = Device.of(cast.ADA)
    first, second = device.crime(), device.crime()
    second["body"] |= {
        "victim": first["body"]["victim"],
        "location": {"address": "99 Other Road", "postcode": "SE15 5AA"},
    }
    at_its_end, announce = Event(), recording._publish_crime

    def slowly(*positional: Any, **details: Any) -> Any:
        at_its_end.set()
        time.sleep(1.0)
        return announce(*positional, **details)

    def put(capture: dict[str, Any]) -> Any:
        if capture is second:
            assert at_its_end.wait(20)
        return device.put(capture)

    monkeypatch.setattr(recording, "_publish_crime", slowly)
    answers = run_concurrently(put, [first, second])
    assert [answer.status_code for answer in answers] == [201, 201], [
        answer.content for answer in answers
    ]
    assert Person.objects.count() == 1
