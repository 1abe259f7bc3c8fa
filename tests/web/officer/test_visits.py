"""A firearms enquiry officer's visits on their phone, and the photos that they take there."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.evidence import commands as evidence
from bluelamp.records.evidence.models import Item
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import Application, Check
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import ike, nell, receive
from tests.web.officer.device import AT, Device, problem, sha256

PHOTO = b"\xff\xd8\xff\xe0 a cabinet, or near enough"


@pytest.fixture
def ikes_device(reference: None) -> Device:
    """The phone of Ike, an enquiry officer of firearms licensing."""
    return Device.of(cast.IKE)


@pytest.fixture
def planned(reference: None) -> str:
    """An application whose visit is planned for Ike, tomorrow."""
    wanted = receive()
    commands.take_on(actor=ike(), at=now(), reference=wanted)
    commands.plan_visits(
        actor=ike(),
        at=now(),
        references=[wanted],
        day=_tomorrow(),
        start=time(9),
        minutes=90,
        officer_id=ike().id,
    )
    return wanted


def _tomorrow() -> date:
    return london_date(now()) + timedelta(days=1)


def _photo(device: Device, reference: str, **changes: Any) -> dict[str, Any]:
    """Return a photo of a visit as the app seals it."""
    photo_id = str(new_id())
    body = {
        "photo_id": photo_id,
        "reference": reference,
        "filename": "photo-20260303-161500.jpg",
        "media_type": "image/jpeg",
        "size": len(PHOTO),
        "sha256": sha256(PHOTO),
        "captured_at": AT,
        "description": "Cabinet: bolted to the wall",
        **changes,
    }
    return {
        "id": photo_id,
        "kind": "visit-photo",
        "device_id": str(device.id),
        "device_at": AT,
        "made_at": AT,
        "app": "bluelamp-officer/0.1.0",
        "body": body,
    }


def _upload(token: str) -> None:
    """Send the bytes that a token allows, as the upload does at its end."""
    allowed = evidence.read_upload_token(token, at=now())
    evidence.require_token_holder(allowed)
    evidence.receive_item(
        actor=allowed.actor,
        at=now(),
        subject=allowed.subject,
        filename="photo.jpg",
        source=PHOTO,
        item_id=allowed.item_id,
        device_sha256=allowed.sha256,
        claims=allowed.claims,
    )


def test_it_works(ikes_device: Device, planned: str) -> None:
    (visit,) = ikes_device.get("visits/mine").json()["visits"]
    assert visit["reference"] == planned
    assert visit["applicant"]
    assert visit["address"]
    photo = _photo(ikes_device, planned)
    answer = ikes_device.put(photo)
    assert answer.status_code == 201, answer.content
    assert answer.json()["kind"] == "visit-photo"
    problem(ikes_device.get(f"items/{photo['id']}/receipt"), 404)
    _upload(answer["Upload-Token"])
    receipt = ikes_device.get(f"items/{photo['id']}/receipt").json()
    assert (receipt["sha256"], receipt["size"]) == (sha256(PHOTO), len(PHOTO))
    item = Item.objects.get(id=UUID(photo["id"]))
    application = Application.objects.get(reference=planned)
    assert (item.subject_kind, item.subject_id) == ("application", application.id)
    assert (item.origin, item.description) == ("visit", "Cabinet: bolted to the wall")
    assert item.captured_at is not None
    act = AuditEntry.objects.get(act="firearms.visit_photo_announced")
    assert act.detail["device_at"] == act.detail["made_at"] == AT


def test_a_photo_that_is_sent_twice_is_one(ikes_device: Device, planned: str) -> None:
    photo = _photo(ikes_device, planned)
    first, second = ikes_device.put(photo), ikes_device.put(photo)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    # With the token again: the first answer may not have arrived.
    assert second["Upload-Token"]
    changed = {**photo, "body": {**photo["body"], "description": "Something else"}}
    problem(ikes_device.put(changed), 409)


@pytest.mark.parametrize("guess", ["FA-0000-0000", "x"])
def test_a_guessed_application_is_refused(ikes_device: Device, planned: str, guess: str) -> None:
    problem(ikes_device.put(_photo(ikes_device, guess)), 404)


def test_a_visit_of_somebody_else_is_refused(ikes_device: Device, planned: str) -> None:
    with direct_writes():
        Check.objects.filter(kind="visit").update(planned_for=nell().id)
    assert ikes_device.get("visits/mine").json() == {"visits": []}
    answer = ikes_device.put(_photo(ikes_device, planned))
    problem(answer, 409)
    assert "another officer" in answer.json()["detail"]


def test_an_application_that_is_decided_takes_no_more(ikes_device: Device, planned: str) -> None:
    sent = _photo(ikes_device, planned)
    assert ikes_device.put(sent).status_code == 201
    with direct_writes():
        Application.objects.filter(reference=planned).update(stage="decision")
    answer = ikes_device.put(_photo(ikes_device, planned))
    problem(answer, 409)
    assert "not being checked" in answer.json()["detail"]
    # What was announced in time still arrives.
    assert ikes_device.put(sent)["Upload-Token"]


def test_a_photo_says_what_it_shows(ikes_device: Device, planned: str) -> None:
    errors = problem(ikes_device.put(_photo(ikes_device, planned, description=" ")), 422)
    assert errors == {"description": "Enter what the photo shows"}


def test_an_officer_who_checks_nobody_may_not(device: Device, planned: str) -> None:
    problem(device.get("visits/mine"), 403)
    problem(device.put(_photo(device, planned)), 403)


def test_the_app_shows_an_enquiry_officer_no_crime(ikes_device: Device) -> None:
    problem(ikes_device.get("crimes/mine"), 403)
    problem(ikes_device.post("leases", {"device_id": str(ikes_device.id), "want": 1}), 403)
