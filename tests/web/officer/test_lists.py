"""What a device keeps so that it can work alone: who it is, the offences, the places, its own
crimes.
"""

import json

import pytest

from bluelamp.foundation.audit.models import AuditEntry
from tests.web.officer.device import DAMAGE, Device, problem


def test_it_works(device: Device) -> None:
    answer = device.get("me")
    assert answer.status_code == 200
    me = answer.json()
    assert set(me) == {
        "id", "name", "collar", "rank", "force", "force_name", "unit", "initials", "server_time",
    }  # fmt: skip
    assert (me["name"], me["collar"], me["force"], me["initials"]) == (
        "Ada Bello",
        "1234SE",
        "01",
        "AB",
    )
    assert me["force_name"] == "Metropolitan Police Service"


def test_the_offences_are_the_short_list_with_the_class_in_the_code(device: Device) -> None:
    answer = device.get("offences").json()
    assert answer["edition"]
    assert 200 <= len(answer["offences"]) <= 260
    codes = [each["code"] for each in answer["offences"]]
    assert len(set(codes)) == len(codes)
    damage = next(each for each in answer["offences"] if each["code"] == DAMAGE)
    assert (damage["hocr_class"], damage["ho_code"][:3]) == ("58C", "149")
    assert "vehicle" in damage["short"].casefold()
    assert all(each["short"] and each["title"] and each["group"] for each in answer["offences"])


def test_every_offence_of_the_list_can_be_recorded(device: Device) -> None:
    codes = [each["code"] for each in device.get("offences").json()["offences"]]
    for code in codes[::40]:
        assert device.put(device.crime(offence_code=code)).status_code == 201


def test_a_place_is_found_by_the_beginning_of_its_postcode(device: Device) -> None:
    places = device.get("places", data={"q": "se15 4q"}).json()["places"]
    assert places
    assert all(place["postcode"].startswith("SE15 4Q") for place in places)
    assert set(places[0]) == {"postcode", "easting", "northing", "latitude", "longitude", "borough"}
    assert places[0]["borough"] == "Southwark"


@pytest.mark.parametrize("typed", ["", "zz99", "\x00", "Acorn", "🚗" * 500])
def test_a_place_that_is_not_there_is_an_empty_list(device: Device, typed: str) -> None:
    assert device.get("places", data={"q": typed}).json() == {"places": []}


def test_a_search_for_nothing_is_refused(device: Device) -> None:
    assert list(problem(device.get("places"), 422)) == ["q"]


def test_ones_own_crimes_come_back(device: Device, femis: Device) -> None:
    assert device.get("crimes/mine").json() == {"crimes": []}
    sent = device.crime()
    device.put(sent)
    (line,) = device.get("crimes/mine").json()["crimes"]
    assert (line["id"], line["number"]) == (sent["id"], sent["body"]["number"])
    assert line["victim_name"] == "Kofi Asante"
    assert line["victim_person_id"] == sent["body"]["victim"]["person_id"]
    assert "Acorn Parade" in line["place"]
    assert femis.get("crimes/mine").json() == {"crimes": []}
    assert AuditEntry.objects.filter(act="crime.own_viewed").count() == 3


def test_times_are_written_with_their_offset(device: Device) -> None:
    device.put(device.crime())
    (line,) = json.loads(device.get("crimes/mine").content)["crimes"]
    assert line["recorded_at"].endswith(("Z", "+00:00"))
