"""Look somebody or something up from the phone: warnings first, with a reason, on record."""

from typing import Any

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from tests.cast import actor
from tests.web.officer.device import Device, problem
from tests.web.officer.test_scene_links import IMEI, VALUES


@pytest.fixture
def recorded(device: Device) -> dict[str, Any]:
    """A crime with a suspect, a witness, a vehicle and a stolen phone."""
    sent = device.crime(answers={"question_set": "scene", "version": 2, "values": VALUES})
    assert device.put(sent).status_code == 201
    return sent


def _look_up(device: Device, q: str, reason: str = "incident") -> dict[str, Any]:
    answer = device.post("look-ups", {"q": q, "reason": reason})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_it_works(device: Device, recorded: dict[str, Any]) -> None:
    number = recorded["body"]["number"]
    (suspect,) = _look_up(device, "darren pike")["people"]
    assert (suspect["name"], suspect["born_on"]) == ("Darren Pike", "1991-04-02")
    assert suspect["warnings"] == [f"Suspect in 1 crime, the last {number}"]
    assert [crime["number"] for crime in suspect["crimes"]] == [number]
    (vehicle,) = _look_up(device, "AB12")["things"]
    assert (vehicle["name"], vehicle["warnings"]) == ("AB12CDE", [f"Used in crime {number}"])
    (phone,) = _look_up(device, IMEI)["things"]
    assert phone["warnings"] == [f"Stolen: crime {number}"]
    (witness,) = _look_up(device, "07700 900111")["people"]
    assert (witness["name"], witness["warnings"]) == ("Amina Diallo", [])
    # By its address, earlier crimes at the place.
    found = _look_up(device, recorded["body"]["location"]["postcode"], "welfare")
    assert number in [crime["number"] for crime in found["crimes"]]


def test_the_reason_is_on_record(device: Device, recorded: dict[str, Any]) -> None:
    _look_up(device, "Darren Pike", "stop")
    entry = AuditEntry.objects.filter(act="crime.looked_up").latest("at")
    assert (entry.ref, entry.detail["reason"]) == ("Darren Pike", "stop")
    assert entry.actor_name == actor(cast.ADA).name
    assert len(entry.detail["people"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"q": "  ", "reason": "incident"}, "q"),
        ({"q": "Pike", "reason": ""}, "reason"),
        ({"q": "Pike", "reason": "curious"}, "reason"),
    ],
)
def test_without_words_or_a_reason_nothing_is_looked_up(
    device: Device, body: dict[str, str], field: str
) -> None:
    assert set(problem(device.post("look-ups", body), 422)) == {field}


def test_a_phone_that_is_not_enrolled_looks_nobody_up(device: Device) -> None:
    device.client.headers = {}
    answer = device.client.post(
        "/api/officer/v1/look-ups",
        b'{"q": "Pike", "reason": "incident"}',
        content_type="application/json",
        headers=device.token,
    )
    assert answer.status_code == 403
