"""Captures as a device sends them: once, twice, out of order, changed, and wrong."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bluelamp.casework.crimes.models import Crime, CrimeItem, CrimeNumber
from bluelamp.casework.investigations.models import Statement
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.models import Person
from tests.web.officer.device import Device, problem, sha256


def test_it_works(device: Device) -> None:
    sent = device.crime()
    answer = device.put(sent)
    assert answer.status_code == 201, answer.content
    assert answer.json()["id"] == sent["id"]
    assert answer.json()["kind"] == "crime"
    assert answer.json()["sha256"] == sha256(json.dumps(sent, ensure_ascii=False).encode())
    crime = Crime.objects.get(id=sent["id"])
    assert str(crime.number) == sent["body"]["number"]
    assert (crime.offence_code, crime.hocr_class) == ("CD71039", "58C")
    assert str(crime.device_id) == str(device.id)
    victim = Person.objects.get(id=sent["body"]["victim"]["person_id"])
    assert victim.name == "Kofi Asante"
    assert victim.address == crime.location


def test_a_capture_sent_twice_gets_the_same_receipt(device: Device) -> None:
    sent = device.crime()
    statement = device.statement(sent)
    item = device.item(sent, b"photo")
    first = [device.put(capture) for capture in (sent, statement, item)]
    assert [answer.status_code for answer in first] == [201, 201, 201]
    before = (Crime.objects.count(), Statement.objects.count(), CrimeItem.objects.count())
    again = [device.put(capture) for capture in (item, statement, sent)]
    assert [answer.status_code for answer in again] == [200, 200, 200]
    assert [answer.json() for answer in reversed(again)] == [answer.json() for answer in first]
    assert (
        (Crime.objects.count(), Statement.objects.count(), CrimeItem.objects.count())
        == before
        == (1, 1, 1)
    )


@pytest.mark.parametrize("kind", ["crime", "statement", "item"])
def test_other_bytes_under_the_same_id_are_refused(device: Device, kind: str) -> None:
    crime = device.crime()
    sent = {
        "crime": crime,
        "statement": device.statement(crime),
        "item": device.item(crime, b"photo"),
    }
    assert device.put(crime).status_code == 201
    assert device.put(sent[kind]).status_code in {200, 201}
    problem(device.put({**sent[kind], "app": "bluelamp-officer/0.1.1"}), 409)
    # the same capture in other spacing is other bytes
    problem(device.put_bytes(sent[kind]["id"], json.dumps(sent[kind], indent=1).encode()), 409)


def test_a_capture_that_comes_before_its_crime_gets_424(device: Device) -> None:
    crime = device.crime()
    statement, item = device.statement(crime), device.item(crime, b"photo")
    for early in (item, statement):
        problem(device.put(early), 424)
    for sent in (crime, item, statement):
        assert device.put(sent).status_code == 201


def test_bytes_that_do_not_match_their_hash_are_refused(device: Device) -> None:
    sent = device.crime()
    raw = json.dumps(sent).encode()
    for header in ("0" * 64, "", "not a hash", sha256(raw)[:-1]):
        problem(device.put_bytes(sent["id"], raw, **{"X-Content-SHA256": header}), 400)
    problem(device.put_bytes(sent["id"], raw[:-1], **{"X-Content-SHA256": sha256(raw)}), 400)
    assert device.put(sent).status_code == 201


def test_a_number_of_another_devices_lease_is_refused(device: Device, other_device: Device) -> None:
    theirs = other_device.crime()
    stolen = {**theirs, "device_id": str(device.id)}
    answer = device.put(stolen)
    problem(answer, 409)
    assert "another officer or another device" in answer.json()["detail"]
    assert other_device.put(theirs).status_code == 201, "the phone that holds the lease may use it"


@pytest.mark.parametrize("number", ["01/9999999/26", "02/0000001/26", "1", "", "0" * 20])
def test_a_number_of_no_lease_is_refused(device: Device, number: str) -> None:
    assert "number" in problem(device.put(device.crime(number=number)), 422)


def test_a_number_is_used_once(device: Device) -> None:
    first, second = device.crime(), device.crime()
    assert device.put(first).status_code == 201
    second["body"]["number"] = first["body"]["number"]
    assert "number" in problem(device.put(second), 422)
    assert CrimeNumber.objects.filter(state="used").count() == 1


def _without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


WRONG: list[tuple[str, Any, str]] = [
    ("offence_code", "XX99999", "offence_code"),
    ("offence_code", 7, "offence_code"),
    ("summary", "   ", "summary"),
    ("summary", "x" * 20_001, "summary"),
    ("summary", "half \x00 of it", "summary"),
    ("occurred_from", "2026-03-03T06:00:00", "occurred_from"),
    ("occurred_from", "0001-01-01T00:00:00+14:00", "occurred_from"),
    ("occurred_from", 1772517600, "occurred_from"),
    ("occurred_from", "yesterday", "occurred_from"),
    ("occurred_to", "2026-03-02T06:00:00+00:00", "occurred_to"),
    ("lease_id", "none", "lease_id"),
    ("location", None, "location"),
    ("location", {"address": "14 Acorn Parade"}, "location.postcode"),
    (
        "location",
        {"address": "a", "postcode": "", "latitude": 900, "longitude": 0},
        "location.latitude",
    ),
    (
        "location",
        {"address": "a", "postcode": "", "easting": 1.5, "northing": 0},
        "location.easting",
    ),
    ("location", {"address": "a\x00", "postcode": ""}, "location.address"),
    ("related_number", ["01/0000001/26"], "related_number"),
    ("colour", "blue", "colour"),
]


@pytest.mark.parametrize(("name", "value", "place"), WRONG)
def test_an_error_names_its_field(device: Device, name: str, value: object, place: str) -> None:
    errors = problem(device.put(device.crime(**{name: value})), 422)
    assert list(errors) == [place]
    assert errors[place].endswith((".", "…")) or " " in errors[place]
    assert not Crime.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("family_name", 5), ("born_on", "1990-02-31"), ("phone", "0" * 41), ("address_same", "yes")],
)
def test_an_error_names_a_field_of_the_victim(device: Device, name: str, value: object) -> None:
    crime = device.crime()
    crime["body"]["victim"][name] = value
    assert list(problem(device.put(crime), 422)) == [f"victim.{name}"]


def test_a_victim_without_a_name_is_refused(device: Device) -> None:
    crime = device.crime()
    crime["body"]["victim"] |= {"given_name": " ", "family_name": ""}
    assert list(problem(device.put(crime), 422)) == ["victim.family_name"]


@pytest.mark.parametrize("missing", ["id", "kind", "device_id", "device_at", "app", "body"])
def test_an_error_names_a_missing_field(device: Device, missing: str) -> None:
    crime = device.crime()
    answer = device.put_bytes(crime["id"], json.dumps(_without(crime, missing)).encode())
    assert list(problem(answer, 422)) == [missing]


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b"null", b'"crime"', b"\xff\xfe", b'{"kind":"\\ud800"}', b"[" * 9999]
)
def test_a_body_that_is_no_capture_is_refused(device: Device, raw: bytes) -> None:
    problem(device.put_bytes(device.crime()["id"], raw), 422)


def test_another_id_in_the_body_is_refused(device: Device) -> None:
    crime, other = device.crime(), device.crime()
    raw = json.dumps(crime).encode()
    assert set(problem(device.put_bytes(other["id"], raw), 422)) == {"id", "crime_id"}


def test_a_body_that_is_too_large_is_refused_unread(device: Device) -> None:
    crime = device.crime()
    problem(device.put_bytes(crime["id"], b" " * (2 * 1024**2 + 1)), 413)
    problem(device.put_bytes(crime["id"], b" " * (5 * 1024**2)), 413)


def test_another_media_type_is_refused(device: Device) -> None:
    crime = device.crime()
    raw = json.dumps(crime).encode()
    answer = device.client.put(
        f"/api/officer/v1/captures/{crime['id']}",
        raw,
        content_type="text/plain",
        headers={
            **device.token,
            **device.proof("PUT", f"/api/officer/v1/captures/{crime['id']}", raw),
            "X-Content-SHA256": sha256(raw),
        },
    )
    problem(answer, 415)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"signature": {"width": 600, "height": 200, "strokes": []}}, "signature"),
        ({"signature": {"width": 600, "height": 200}}, "signature.strokes"),
        ({"signature": "Kofi"}, "signature"),
        ({"declaration": "It is true."}, "declaration"),
        ({"text": " \n"}, "text"),
        ({"maker_name": " "}, "maker_name"),
        ({"age": 17}, "age"),
        ({"over_18": False}, "age"),
        ({"pages": 0}, "pages"),
        ({"signed_at": "soon"}, "signed_at"),
    ],
)
def test_an_error_names_a_field_of_the_statement(
    device: Device, changes: dict[str, Any], place: str
) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    assert list(problem(device.put(device.statement(crime, **changes)), 422)) == [place]
    assert not Statement.objects.exists()


@pytest.mark.parametrize("name", ["dates_not_available", "vps"])
def test_an_error_names_a_field_of_the_statements_back(device: Device, name: str) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    statement = device.statement(crime)
    statement["body"]["back"][name] = " "
    assert list(problem(device.put(statement), 422)) == [f"back.{name}"]


def test_a_child_gives_their_age(device: Device) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    sent = device.statement(crime, over_18=False, age=15)
    assert device.put(sent).status_code == 201
    assert Statement.objects.get(id=sent["id"]).age == 15


def test_the_maker_of_a_statement_can_be_sent_a_copy(
    device: Device, run_jobs: Callable[[], int]
) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    problem(device.put(device.statement(crime, copy_means="pigeon")), 422)
    sent = device.statement(crime, copy_means="sms", copy_language="cy")
    # Sent twice, it is the same statement with the same wish.
    assert [device.put(sent).status_code for _ in range(2)] == [201, 200]
    run_jobs()
    message = Message.objects.get(template="statement-copy")
    assert (message.to, message.language) == ("07700 900456", "cy")


def test_a_new_witness_can_make_a_statement(device: Device) -> None:
    crime, stranger = device.crime(), device.crime()["body"]["victim"]["person_id"]
    assert device.put(crime).status_code == 201
    sent = device.statement(crime, person_id=stranger, maker_name="Ama Serwaa Osei")
    assert device.put(sent).status_code == 201
    maker = Person.objects.get(id=stranger)
    assert (maker.given_name, maker.family_name) == ("Ama Serwaa", "Osei")
    assert Statement.objects.get(id=sent["id"]).maker_id == maker.id


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"sha256": "0" * 63}, "sha256"),
        ({"size": 0}, "size"),
        ({"size": 2**60}, "size"),
        ({"description": "\x00"}, "description"),
    ],
)
def test_an_error_names_a_field_of_the_item(
    device: Device, changes: dict[str, Any], place: str
) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    assert list(problem(device.put(device.item(crime, b"photo", **changes)), 422)) == [place]


def test_an_officer_of_another_force_is_refused(device: Device, femis_device: Device) -> None:
    crime = device.crime()
    statement = device.statement(crime)
    problem(femis_device.put(crime), 422)
    # Also from Ada's own phone, when Femi has it in his hand and is signed in.
    femis_device.id, femis_device.key = device.id, device.key
    assert femis_device.enrol().status_code == 200
    assert "number" in problem(femis_device.put(crime), 422)
    assert device.put(crime).status_code == 201
    problem(femis_device.put(crime), 404)
    problem(femis_device.put(statement), 424)
    problem(femis_device.put(device.item(crime, b"photo")), 424)
    assert not Statement.objects.exists()
    tried = AuditEntry.objects.filter(force="42", result=AuditEntry.Result.NOT_FOUND)
    assert set(tried.values_list("act", flat=True)) == {
        "crime.recorded", "statement.taken", "crime.item_captured",
    }  # fmt: skip
