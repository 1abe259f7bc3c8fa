"""A colleague's phone carries a file to the server, and a phone learns what arrived another way."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from bluelamp.casework.crimes.models import Crime
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.devices import block_device
from bluelamp.foundation.accounts.device_models import Device as DeviceRow
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.evidence import commands as evidence
from bluelamp.records.evidence.models import Item
from bluelamp.services.phone_files.commands import get_or_make_force_key, request_bring_in
from bluelamp.services.phone_files.models import PhoneFile
from bluelamp.web.officer.phone_file_endpoints import RECEIPTS_CHALLENGE
from tests.cast import account, signed_in
from tests.device_keys import sign_request
from tests.direct_writes import direct_writes
from tests.job_queue import run_waiting_jobs
from tests.media_samples import rotated_jpeg_with_gps
from tests.services.phone_files.writer import Saved
from tests.web.officer.device import API, Device, problem, sha256
from tests.web.officer.phone_files import save_file, saved

pytestmark = pytest.mark.django_db
PHOTO = rotated_jpeg_with_gps()


@pytest.fixture
def kemis_phone(reference: None) -> Device:
    """The phone of Kemi, a colleague of Ada's."""
    return Device.of(cast.KEMI)


def _captures(device: Device) -> list[Saved]:
    crime = device.crime()
    return [
        saved(crime, player=cast.ADA),
        saved(device.item(crime, PHOTO), player=cast.ADA, file=PHOTO),
    ]


def _announce(phone: Device, raw: bytes) -> dict[str, Any]:
    answer = phone.post("phone-files", {"sha256": sha256(raw), "size": len(raw)})
    assert answer.status_code == 200, answer.content
    about: dict[str, Any] = answer.json()
    return about


def _send(token_text: str, raw: bytes) -> None:
    """Send the bytes, as the upload with this token does."""
    token = evidence.read_upload_token(token_text, at=now())
    assert (token.sha256, token.max_bytes) == (sha256(raw), len(raw))
    evidence.receive_item(
        actor=token.actor,
        at=now(),
        subject=token.subject,
        filename="phone.bluelamp",
        source=raw,
        item_id=token.item_id,
        device_sha256=token.sha256,
        claims=token.claims,
    )


def _carry(phone: Device, raw: bytes) -> dict[str, Any]:
    about = _announce(phone, raw)
    _send(about["token"], raw)
    answer = phone.post(f"phone-files/{about['file_id']}/sent", {})
    assert answer.status_code == 200, answer.content
    run_waiting_jobs()
    state: dict[str, Any] = phone.get(f"phone-files/{about['file_id']}").json()
    return state


def _receipts(device: Device, captures: list[Saved], **changes: Any) -> Any:
    """Ask what has arrived, signed out, as a phone does whose account was closed."""
    rows = [{"id": saved_.id, "sha256": sha256(saved_.raw)} for saved_ in captures]
    path = f"{API}/devices/{device.id}/officers/{account(cast.ADA).id}/receipts"
    listed = "\n".join(f"{row['id']} {row['sha256']}" for row in rows).encode()
    signature = sign_request(
        changes.get("key", device.key),
        method="POST",
        path=path,
        raw=listed,
        challenge=RECEIPTS_CHALLENGE,
    )
    body = {"captures": rows, "signature": signature}
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json")


def test_it_works(device: Device, kemis_phone: Device) -> None:
    captures = _captures(device)
    state = _carry(kemis_phone, save_file(device, captures))
    assert state == {"state": "done", "message": "", "total": 2, "received": 2, "refused": 0}
    crime = Crime.objects.get()
    assert crime.recorded_by_id == account(cast.ADA).id
    entry = AuditEntry.objects.get(act="crime.recorded")
    kemi = account(cast.KEMI).display_name
    assert entry.reason == (
        f"Brought in by {kemi} from a file of Work phone: Handed over to {kemi}"
    )
    # Ada's phone learns that it may drop both.
    receipts = {row["id"]: row for row in _receipts(device, captures).json()["receipts"]}
    assert set(receipts) == {captures[0].id, captures[1].id}
    assert receipts[captures[0].id]["number"] == str(crime.number)
    assert receipts[captures[0].id]["file"] is None
    assert receipts[captures[1].id]["file"]["sha256"] == hashlib.sha256(PHOTO).hexdigest()


def test_carried_twice_and_by_two(device: Device, kemis_phone: Device) -> None:
    raw = save_file(device, _captures(device))
    _carry(kemis_phone, raw)
    about = _announce(kemis_phone, raw)
    # The bytes are here, so that nothing is sent again.
    assert about["token"] == ""
    bilals = Device.of(cast.BILAL)
    again = _announce(bilals, raw)
    assert (again["file_id"], again["token"]) == (about["file_id"], "")
    answer = bilals.post(f"phone-files/{again['file_id']}/sent", {})
    assert answer.json()["state"] == "done"
    assert PhoneFile.objects.count() == Crime.objects.count() == 1


@pytest.mark.parametrize("how", ["blocked", "closed"])
def test_what_the_desk_decides(device: Device, kemis_phone: Device, how: str) -> None:
    raw = save_file(device, _captures(device))
    joy = signed_in(cast.JOY)
    if how == "blocked":
        row = DeviceRow.objects.get(installation_id=device.id)
        block_device(actor=joy, at=now(), device_id=row.id, reason="Left on a bus")
    else:
        with direct_writes():
            ada = account(cast.ADA)
            ada.is_active = False
            ada.save(update_fields=["is_active"])
    state = _carry(kemis_phone, raw)
    assert state["state"] == "waiting"
    words = "This phone is blocked: Left on a bus" if how == "blocked" else "is closed."
    assert words in state["message"]
    assert "Someone at the crime desk decides" in state["message"]
    assert Crime.objects.count() == 0
    file_id = PhoneFile.objects.get().id
    request_bring_in(actor=joy, at=now(), file_id=file_id, reason="Ada confirmed all of it")
    run_waiting_jobs()
    assert Crime.objects.count() == 1


def test_a_role_that_was_lost_counts_for_a_colleagues_phone(
    device: Device, kemis_phone: Device
) -> None:
    raw = save_file(device, _captures(device))
    with direct_writes():
        account(cast.ADA).roles.clear()
    state = _carry(kemis_phone, raw)
    assert (state["received"], state["refused"]) == (0, 2)


def test_what_is_no_file_of_a_phone(device: Device, kemis_phone: Device) -> None:
    raw = save_file(device, _captures(device))[:-1]
    state = _carry(kemis_phone, raw)
    assert state["state"] == "refused"
    assert state["message"].startswith("This file is damaged or incomplete")
    # Its bytes are no evidence of anything.
    assert Item.objects.get().withdrawn_at is not None
    answer = kemis_phone.post("phone-files", {"sha256": sha256(raw), "size": len(raw)})
    assert "damaged" in problem(answer, 422)["file"]


def test_before_its_bytes_are_here(device: Device, kemis_phone: Device) -> None:
    about = _announce(kemis_phone, save_file(device, _captures(device)))
    problem(kemis_phone.post(f"phone-files/{about['file_id']}/sent", {}), 409)
    assert kemis_phone.get(f"phone-files/{about['file_id']}").json()["state"] == "announced"


def test_only_whoever_sent_it(device: Device, kemis_phone: Device, femis_device: Device) -> None:
    about = _announce(kemis_phone, save_file(device, _captures(device)))
    for other in (device, femis_device):
        problem(other.get(f"phone-files/{about['file_id']}"), 404)
        problem(other.post(f"phone-files/{about['file_id']}/sent", {}), 404)


def test_not_from_a_phone_that_nobody_enrolled(kemis_phone: Device) -> None:
    stranger = replace(kemis_phone, key=Device.of(cast.ADA).key)
    answer = stranger.post("phone-files", {"sha256": "0" * 64, "size": 5})
    assert answer.status_code == 403


def test_receipts_are_for_the_phone_alone(
    device: Device, kemis_phone: Device, femis_device: Device
) -> None:
    captures = _captures(device)
    assert _receipts(device, captures).json() == {"receipts": []}
    device.put_bytes(captures[0].id, captures[0].raw)
    # Not for whoever has another key, nor of other bytes.
    answer = _receipts(device, captures, key=kemis_phone.key)
    problem(answer, 403, "urn:bluelamp:device-proof-invalid")
    changed = replace(captures[0], raw=b"{}")
    assert _receipts(device, [changed]).json() == {"receipts": []}
    assert [row["id"] for row in _receipts(device, captures).json()["receipts"]] == [captures[0].id]


def test_the_key(device: Device) -> None:
    key = get_or_make_force_key(force="01", at=now())
    expected = {"id": key.id, "force": "01", "public_key": key.public_key}
    assert device.ask_who_is_signed_in()["phone_file_key"] == expected
    # Also for a phone whose officer's account was closed.
    path = f"{API}/devices/{device.id}/officers/{account(cast.ADA).id}/phone-file-key"
    assert Client().get(path).json() == expected
    assert Client().get(path.replace(str(device.id), str(account(cast.ADA).id))).status_code == 404
