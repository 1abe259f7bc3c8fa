"""Captures, numbers and lists are for a phone that the officer enrolled and that proves itself."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from bluelamp.casework.crimes.models import Crime, CrimeNumber
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import deactivate_account
from bluelamp.foundation.accounts.commands.devices import block_device, unblock_device
from bluelamp.foundation.accounts.device_models import Device as DeviceRow
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.web.officer import device_proof
from tests.cast import INSTALLER, account, browser, sign_in, signed_in
from tests.web.officer.device import API, Device, problem, sha256

NOT_ENROLLED, BLOCKED, INVALID = (
    f"urn:bluelamp:device-{kind}" for kind in ("not-enrolled", "blocked", "proof-invalid")
)
UNUSED = "01990000-0000-7000-8000-000000000001"


def _new_phone(player: cast.Player) -> Device:
    """Return a phone with a player signed in, which nobody has enrolled."""
    phone = Device(browser(player, enforce_csrf_checks=True))
    phone.ask_who_is_signed_in()
    return phone


def _block(phone: Device, reason: str = "Left on a bus") -> DeviceRow:
    row: DeviceRow = DeviceRow.objects.get(installation_id=phone.id)
    block_device(actor=signed_in(cast.JOY), at=now(), device_id=row.id, reason=reason)
    return row


def _requests(phone: Device) -> list[Any]:
    """Try everything that only an enrolled phone may do."""
    raw = json.dumps({"id": UNUSED}).encode()
    return [
        phone.post("leases", {"device_id": str(phone.id), "want": 1}),
        phone.put_bytes(UNUSED, raw),
        phone.post(
            "upload-tokens", {"item_id": UNUSED, "filename": "a", "size": 1, "sha256": "0" * 64}
        ),
        phone.get("crimes/mine"),
        phone.get(f"items/{UNUSED}/receipt"),
    ]


def test_it_works(reference: None) -> None:
    phone = _new_phone(cast.ADA)
    me = phone.ask_who_is_signed_in()
    assert (me["device"], bool(me["challenge"])) == (None, True)
    answer = phone.enrol("Ada’s work phone")
    assert (answer.status_code, answer.json()) == (
        200,
        {"state": "enrolled", "wipe": "", "name": "Ada’s work phone", "message": ""},
    )
    assert phone.ask_who_is_signed_in()["device"] == answer.json()
    assert phone.enrol("Again").json() == answer.json()
    assert phone.put(phone.crime()).status_code == 201


def test_nothing_is_taken_before_enrolment_and_nothing_is_lost(reference: None) -> None:
    phone = _new_phone(cast.ADA)
    for answer in _requests(phone):
        problem(answer, 403, NOT_ENROLLED)
        assert "Your work is saved on it" in answer.json()["detail"]
    phone.numbers = [("01/0000001/26", str(new_id()))]
    crime = phone.crime(number=None, lease_id=None)
    problem(phone.put(crime), 403, NOT_ENROLLED)
    phone.enrol()
    assert phone.put(crime).status_code == 201


def test_a_blocked_phone_is_told_why_and_its_work_comes_in_later(device: Device) -> None:
    crime = device.crime()
    row = _block(device)
    for answer in [*_requests(device), device.put(crime)]:
        problem(answer, 403, BLOCKED)
        sentence = answer.json()["detail"]
        assert "blocked on" in sentence
        assert "Joy" in sentence
        assert "Left on a bus" in sentence
        assert "saved on it" in sentence
    state = device.ask_who_is_signed_in()["device"]
    assert (state["state"], state["message"]) == ("blocked", sentence)
    assert not Crime.objects.exists()
    assert AuditEntry.objects.filter(act="device.blocked_seen").count() == 1
    unblock_device(actor=signed_in(cast.JOY), at=now(), device_id=row.id, reason="Found")
    answer = device.put(crime)
    assert (answer.status_code, answer.json()["number"]) == (201, crime["body"]["number"])


def test_a_request_without_the_phones_signature(device: Device) -> None:
    """A stolen cookie alone takes no number and sends no capture."""
    body = json.dumps({"device_id": str(device.id), "want": 1}).encode()
    proof = device.proof("POST", f"{API}/leases", body)
    other_key = Device(device.client, id=device.id, challenge=device.challenge)
    wrong: list[dict[str, str]] = [
        {**proof, "X-Device-Signature": ""},
        {**proof, "X-Device-Signature": proof["X-Device-Signature"][:-4] + "AAA="},
        {**proof, "X-Device-Challenge": "made up"},
        device.proof("POST", f"{API}/leases", body + b" "),
        device.proof("PUT", f"{API}/leases", body),
        device.proof("POST", f"{API}/devices", body),
        other_key.proof("POST", f"{API}/leases", body),
    ]
    for headers in wrong:
        answer = device.client.post(
            f"{API}/leases",
            body,
            content_type="application/json",
            headers={**device.token, **headers},
        )
        problem(answer, 403, INVALID)
    assert not CrimeNumber.objects.exists()


def test_a_challenge_is_for_one_officer_and_one_hour(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = _new_phone(cast.BILAL)
    device.challenge, own = other.challenge, device.challenge
    problem(device.get("crimes/mine"), 403, INVALID)
    device.challenge = own
    assert device.get("crimes/mine").status_code == 200
    monkeypatch.setattr(device_proof, "CHALLENGE_PERIOD", timedelta(seconds=-1))
    problem(device.get("crimes/mine"), 403, INVALID)


def test_the_same_request_sent_again_does_no_harm(device: Device) -> None:
    crime = device.crime()
    first, second = device.put(crime), device.put(crime)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Crime.objects.count() == 1


def test_another_officer_on_the_same_phone(device: Device) -> None:
    """Ada hands her phone to Bilal: he names it himself, and has numbers of his own."""
    hers = device.lease(3)
    crime = device.crime()
    sign_in(device.client, account(cast.BILAL))
    assert device.ask_who_is_signed_in()["device"] is None
    problem(device.put(crime), 403, NOT_ENROLLED)
    assert device.enrol("Ada’s work phone").status_code == 200
    his = device.lease(3)
    assert not set(hers) & set(his)
    answer = device.put(crime)
    problem(answer, 409)
    assert "another officer or another device" in answer.json()["detail"]
    assert not Crime.objects.exists()
    sign_in(device.client, account(cast.ADA))
    device.ask_who_is_signed_in()
    assert device.put(crime).status_code == 201


def test_nobody_takes_the_numbers_of_a_colleagues_phone(
    device: Device, other_device: Device
) -> None:
    """Bilal knows the id of Ada's phone. It is enrolled with another key than his phone's."""
    device.lease(5)
    # More than 5 from October, with those of the next year.
    hers = CrimeNumber.objects.count()
    bilals = _new_phone(cast.BILAL)
    bilals.id = device.id
    bilals.ask_who_is_signed_in()
    answer = bilals.enrol()
    problem(answer, 409)
    problem(bilals.post("leases", {"device_id": str(device.id), "want": 5}), 403, NOT_ENROLLED)
    assert CrimeNumber.objects.count() == hers
    # From a phone of one's own, for another's id:
    answer = other_device.post("leases", {"device_id": str(device.id), "want": 5})
    assert list(problem(answer, 422)) == ["device_id"]
    crime = device.crime()
    assert list(problem(other_device.put(crime), 422)) == ["device_id"]


def test_a_fourth_phone(reference: None) -> None:
    for number in range(3):
        assert _new_phone(cast.ADA).enrol(f"Phone {number + 1}").status_code == 200
    answer = _new_phone(cast.ADA).enrol("Phone 4")
    problem(answer, 409)
    assert "You already use 3 devices: Phone 1, Phone 2, Phone 3" in answer.json()["detail"]


def test_the_limit_of_numbers_is_explained(reference: None) -> None:
    phones = [Device.of(cast.ADA) for _ in range(3)]
    # From October a phone also has numbers of the next year: then the limit comes sooner.
    answers = [
        phone.post("leases", {"device_id": str(phone.id), "want": 50, "year": year}).json()
        for phone in phones
        for year in (now().year % 100, now().year % 100 + 1)
    ]
    assert [answer["notice"] == "" for answer in answers] == [True] * 3 + [False] * 3
    assert answers[-1]["notice"].startswith("You have 150 crime numbers on your devices")
    assert answers[-1]["leases"] == []
    assert CrimeNumber.objects.count() == 150


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": None}, "name"),
        ({"device_id": str(new_id())}, "device_id"),
        ({"device_id": "none"}, "device_id"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_an_error_names_its_field(reference: None, changes: dict[str, Any], field: str) -> None:
    from tests.device_keys import encode_public_key

    phone = _new_phone(cast.ADA)
    body = {"device_id": str(phone.id), "name": "Phone", "public_key": encode_public_key(phone.key)}
    assert list(problem(phone.post("devices", body | changes), 422)) == [field]
    assert not DeviceRow.objects.exists()


def test_a_phone_enrols_only_a_key_that_it_has(reference: None) -> None:
    from tests.device_keys import encode_public_key

    phone = _new_phone(cast.ADA)
    for key in (encode_public_key(ec.generate_private_key(ec.SECP256R1())), "", "nonsense"):
        body = {"device_id": str(phone.id), "name": "Phone", "public_key": key}
        problem(phone.post("devices", body), 403, INVALID)
    assert not DeviceRow.objects.exists()


def test_whether_a_phone_is_blocked_can_be_asked_signed_out(device: Device) -> None:
    """A phone whose sign-in has ended learns that it must show nothing more."""
    ada = account(cast.ADA)

    def state(phone: UUID | str = device.id, officer: UUID | str = ada.id) -> str:
        answer = Client().get(f"{API}/devices/{phone}/officers/{officer}")
        assert answer.status_code == 200
        assert set(answer.json()) == {"state", "wipe"}
        return str(answer.json()["state"])

    assert state() == "enrolled"
    assert state(phone=new_id()) == state(officer=new_id()) == "not-enrolled"
    deactivate_account(actor=INSTALLER, at=now(), user_ref=ada.username)
    assert state() == "blocked"
    problem(device.client.get(f"{API}/me"), 401)


def test_the_hash_is_checked_as_before(device: Device) -> None:
    crime = device.crime()
    raw = json.dumps(crime).encode()
    problem(device.put_bytes(crime["id"], raw, **{"X-Content-SHA256": sha256(b"other")}), 400)


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_phone_needs_a_lock_where_data_is_real(
    device: Device, settings: Any, is_demo: bool
) -> None:
    settings.BLUELAMP_DEMO = is_demo
    assert device.ask_who_is_signed_in()["lock_required"] is not is_demo
