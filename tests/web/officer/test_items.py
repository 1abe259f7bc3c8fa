"""The bytes of a captured item: a token for these bytes and no others, and then the receipt."""

from datetime import timedelta
from uuid import UUID

import pytest

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence import commands as evidence
from bluelamp.records.evidence.models import Item
from tests.web.officer.device import Device, problem, sha256

PHOTO = b"\xff\xd8\xff\xe0 a photo, or near enough"


def _announced(device: Device) -> dict[str, object]:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    item = device.item(crime, PHOTO)
    assert device.put(item).status_code == 201
    body = item["body"]
    return {name: body[name] for name in ("item_id", "filename", "size", "sha256")} | {
        "crime": crime["id"]
    }


def _token_request(announced: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in announced.items() if name != "crime"}


def test_it_works(device: Device) -> None:
    announced = _announced(device)
    item_id = announced["item_id"]
    problem(device.get(f"items/{item_id}/receipt"), 404)
    answer = device.post("upload-tokens", _token_request(announced))
    assert answer.status_code == 200
    assert answer.json()["endpoint"] == "/uploads/"
    token = evidence.read_upload_token(answer.json()["token"], at=now())
    assert (str(token.item_id), token.sha256, token.max_bytes) == (
        item_id,
        sha256(PHOTO),
        len(PHOTO),
    )
    assert str(token.subject) == f"crime:{announced['crime']}"
    evidence.receive_item(
        actor=token.actor,
        at=now(),
        subject=token.subject,
        filename="photo.jpg",
        source=PHOTO,
        item_id=token.item_id,
        device_sha256=token.sha256,
        claims=token.claims,
    )
    receipt = device.get(f"items/{item_id}/receipt").json()
    assert (receipt["id"], receipt["sha256"], receipt["size"]) == (
        item_id,
        sha256(PHOTO),
        len(PHOTO),
    )
    item = Item.objects.get(id=UUID(str(item_id)))
    assert (item.origin, item.description) == ("officer app", "The broken mirror")
    assert item.captured_at is not None
    assert (item.latitude, item.accuracy_m) == (51.470125, 12)


def test_how_near_it_was_taken_and_the_satellites_time_reach_the_item(device: Device) -> None:
    crime = device.crime()
    device.put(crime)
    item = device.item(
        crime,
        PHOTO,
        shot="scale",
        gps_at="2026-03-03T16:15:02+00:00",
        gps_device_at="2026-03-03T16:19:02+00:00",
    )
    assert device.put(item).status_code == 201
    names = ("item_id", "filename", "size", "sha256")
    token = evidence.read_upload_token(
        device.post("upload-tokens", {name: item["body"][name] for name in names}).json()["token"],
        at=now(),
    )
    evidence.receive_item(
        actor=token.actor,
        at=now(),
        subject=token.subject,
        filename="photo.jpg",
        source=PHOTO,
        item_id=token.item_id,
        claims=token.claims,
    )
    received = Item.objects.get(id=UUID(item["body"]["item_id"]))
    assert received.shot == "scale"
    assert received.gps_at
    assert received.gps_device_at
    assert received.gps_device_at - received.gps_at == timedelta(minutes=4)


def test_a_kind_of_shot_that_nobody_knows_is_refused(device: Device) -> None:
    crime = device.crime()
    device.put(crime)
    assert "shot" in str(problem(device.put(device.item(crime, PHOTO, shot="selfie")), 422))


@pytest.mark.parametrize("change", [{"size": 5}, {"sha256": "0" * 64}])
def test_a_token_is_only_for_the_announced_file(device: Device, change: dict[str, object]) -> None:
    problem(device.post("upload-tokens", _token_request(_announced(device)) | change), 409)


def test_an_item_that_nobody_announced_gets_no_token(device: Device) -> None:
    problem(
        device.post(
            "upload-tokens", _token_request(_announced(device)) | {"item_id": str(new_id())}
        ),
        404,
    )


def test_another_force_gets_no_token_and_no_receipt(device: Device, femis_device: Device) -> None:
    announced = _announced(device)
    problem(femis_device.post("upload-tokens", _token_request(announced)), 404)
    problem(femis_device.get(f"items/{announced['item_id']}/receipt"), 404)
