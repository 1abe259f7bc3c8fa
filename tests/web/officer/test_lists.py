"""What a device needs to work without signal: its user, the offences, the places, own crimes."""

import json

import pytest
from pytest_django import Settings

from bluelamp.foundation.audit.models import AuditEntry
from tests.web.officer.device import DAMAGE, Device, problem


def test_it_works(device: Device) -> None:
    answer = device.get("me")
    assert answer.status_code == 200
    me = answer.json()
    assert set(me) == {
        "id", "name", "collar", "rank", "force", "force_name", "unit", "initials", "server_time",
        "challenge", "device", "lock_required", "public_url", "editions",
        "cloud_dictation", "makes_visits", "phone_file_key", "records_crimes", "statement_copies",
        "stop_receipts",
    }  # fmt: skip
    assert (me["name"], me["collar"], me["force"], me["initials"]) == (
        "Ada Bello",
        "1234SE",
        "01",
        "AB",
    )
    assert me["force_name"] == "Metropolitan Police Service"


def test_a_force_may_send_no_copies_of_statements(device: Device, settings: Settings) -> None:
    assert device.get("me").json()["statement_copies"] is True
    settings.BLUELAMP_STATEMENT_COPIES = False
    assert device.get("me").json()["statement_copies"] is False


def test_offences_are_the_short_list_with_the_class_in_the_code(device: Device) -> None:
    answer = device.get("offences").json()
    assert answer["edition"]
    assert 200 <= len(answer["offences"]) <= 260
    codes = [row["code"] for row in answer["offences"]]
    assert len(set(codes)) == len(codes)
    damage = next(row for row in answer["offences"] if row["code"] == DAMAGE)
    assert (damage["hocr_class"], damage["ho_code"][:3]) == ("58C", "149")
    assert "vehicle" in damage["short"].casefold()
    assert all(row["short"] and row["title"] and row["group"] for row in answer["offences"])


def test_every_offence_of_the_list_can_be_recorded(device: Device) -> None:
    codes = [row["code"] for row in device.get("offences").json()["offences"]]
    for code in codes[::40]:
        assert device.put(device.crime(offence_code=code)).status_code == 201


def test_a_place_is_found_by_the_beginning_of_its_postcode(device: Device) -> None:
    places = device.get("places", data={"q": "se15 4q"}).json()["places"]
    assert places
    assert all(place["postcode"].startswith("SE15 4Q") for place in places)
    assert set(places[0]) == {"postcode", "easting", "northing", "latitude", "longitude", "borough"}
    assert places[0]["borough"] == "Southwark"


@pytest.mark.parametrize("query", ["", "zz99", "\x00", "Acorn", "🚗" * 500])
def test_an_unknown_place_is_an_empty_list(device: Device, query: str) -> None:
    assert device.get("places", data={"q": query}).json() == {"places": []}


def test_a_search_without_a_query_is_refused(device: Device) -> None:
    assert list(problem(device.get("places"), 422)) == ["q"]


def test_an_officer_sees_only_their_own_crimes(device: Device, femis_device: Device) -> None:
    assert device.get("crimes/mine").json() == {"crimes": []}
    sent = device.crime()
    device.put(sent)
    (line,) = device.get("crimes/mine").json()["crimes"]
    assert (line["id"], line["number"]) == (sent["id"], sent["body"]["number"])
    assert line["victim_name"] == "Kofi Asante"
    assert line["victim_person_id"] == sent["body"]["victim"]["person_id"]
    assert "Acorn Parade" in line["place"]
    assert femis_device.get("crimes/mine").json() == {"crimes": []}
    assert AuditEntry.objects.filter(act="crime.own_viewed").count() == 3


def test_times_have_their_offset(device: Device) -> None:
    device.put(device.crime())
    (line,) = json.loads(device.get("crimes/mine").content)["crimes"]
    assert line["recorded_at"].endswith(("Z", "+00:00"))


def test_my_crimes_have_the_numbers_that_they_are_found_by(device: Device) -> None:
    device.put(device.crime())
    (crime,) = device.get("crimes/mine").json()["crimes"]
    keys = crime["number_keys"]
    assert any("7700900456" in key for key in keys), "the victim's telephone"
    assert "se154ql" in keys
    assert not [key for key in keys if key.startswith("~") or not any(map(str.isdigit, key))]
