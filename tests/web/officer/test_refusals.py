"""Every refusal is problem+json, and nobody gets in who should not."""

import json

import pytest
from django.test import Client

from bluelamp.casework.crimes.models import Crime
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.ids import new_id
from tests.cast import account, sign_in
from tests.web.officer.device import API, Device, problem

GETS = [
    "me",
    "offences",
    "places?q=SE15",
    "crimes/mine",
    "items/01990000-0000-7000-8000-000000000001/receipt",
]
POSTS = ["leases", "upload-tokens"]


@pytest.mark.parametrize("path", GETS)
def test_it_works(db: None, path: str) -> None:
    answer = Client().get(f"{API}/{path}")
    problem(answer, 401)


def test_signed_out_comes_before_any_other_error(db: None) -> None:
    signed_out = Device(Client(enforce_csrf_checks=True))
    for path in POSTS:
        problem(signed_out.post(path, {}), 401)
    problem(signed_out.put_bytes(new_id(), b"{}"), 401)


def test_a_capture_for_one_officer_is_refused_from_another(device: Device) -> None:
    """In one tab Ada's capture is still being sent when Bilal signs in in another."""
    ada, bilal = account(cast.ADA), account(cast.BILAL)
    crime = device.crime()
    raw = json.dumps(crime).encode()
    sign_in(device.client, bilal)
    device.client.get(f"{API}/me")
    problem(device.put_bytes(crime["id"], raw, **{"X-Officer-Id": str(ada.id)}), 401)
    problem(device.get("crimes/mine", headers={"X-Officer-Id": str(ada.id)}), 401)
    assert not Crime.objects.filter(id=crime["id"]).exists()
    sign_in(device.client, ada)
    device.client.get(f"{API}/me")
    assert device.put_bytes(crime["id"], raw, **{"X-Officer-Id": str(ada.id)}).status_code == 201
    assert Crime.objects.get(id=crime["id"]).recorded_by_id == ada.id


def test_a_change_needs_the_csrf_token(device: Device) -> None:
    body = json.dumps({"device_id": str(device.id), "want": 1})
    answer = device.client.post(f"{API}/leases", body, content_type="application/json")
    problem(answer, 403)
    answer = device.client.put(f"{API}/captures/{new_id()}", b"{}", content_type="application/json")
    problem(answer, 403)


def test_a_prosecutor_finds_nothing_and_that_is_on_record(reference: None) -> None:
    hana = Device.of(cast.HANA)
    for path in GETS:
        problem(hana.get(path), 404)
    tried = AuditEntry.objects.filter(act="door.tried", result=AuditEntry.Result.NOT_FOUND)
    assert tried.count() >= len(GETS)


def test_police_staff_without_the_permission_are_refused(reference: None) -> None:
    lena = Device.of(cast.LENA)
    assert lena.get("me").status_code == 200
    problem(lena.enrol(), 403)
    not_enrolled = "urn:bluelamp:device-not-enrolled"
    problem(lena.post("leases", {"device_id": str(lena.id), "want": 1}), 403, not_enrolled)
    problem(lena.get("crimes/mine"), 403, not_enrolled)
    problem(lena.get(f"items/{new_id()}/receipt"), 403, not_enrolled)


@pytest.mark.parametrize(
    "path", ["", "nothing", "captures/not-an-id", "captures", "items/1/receipt", "me/"]
)
def test_an_unknown_address_answers_problem_json(device: Device, path: str) -> None:
    problem(device.get(path), 404)
    problem(device.post(path, {}), 404)


def test_an_address_without_its_slash_answers_problem_json(device: Device) -> None:
    problem(device.client.get("/api/officer/v1"), 404)


@pytest.mark.parametrize(
    ("path", "method"), [("me", "post"), ("leases", "get"), ("offences", "delete")]
)
def test_another_method_answers_problem_json_with_allow(
    device: Device, path: str, method: str
) -> None:
    answer = getattr(device.client, method)(f"{API}/{path}")
    problem(answer, 405)
    assert answer["Allow"]


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b"\xff", b"[" * 9999])
def test_an_unexpected_body_answers_problem_json(device: Device, raw: bytes) -> None:
    answer = device.client.post(
        f"{API}/leases", raw, content_type="application/json", headers=device.token
    )
    assert answer.status_code in {400, 422}
    problem(answer, answer.status_code)


def test_a_server_error_answers_problem_json(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr("bluelamp.web.officer.list_endpoints.list_my_crimes", fail)
    assert problem(device.get("crimes/mine"), 500) == {}
    assert "fire" not in device.get("crimes/mine").content.decode()
