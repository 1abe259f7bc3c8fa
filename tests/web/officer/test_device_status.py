"""What a phone tells of itself with its wake, and the order that it gets back."""

from typing import Any

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.device_reports import order_wipe
from bluelamp.foundation.accounts.commands.devices import block_device
from bluelamp.foundation.accounts.device_models import Device as DeviceModel
from bluelamp.foundation.accounts.device_models import DeviceReport
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from tests.cast import signed_in
from tests.web.officer.device import AT, Device, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(reference: None) -> Device:
    """Ada's phone."""
    return Device.of(cast.ADA)


def _thing(**changes: Any) -> dict[str, Any]:
    values = {
        "id": str(new_id()), "kind": "item", "state": "waiting", "since": AT, "size": 900,
        "reason": "No signal.",
    }  # fmt: skip
    return values | changes


def _report(**changes: Any) -> dict[str, Any]:
    return {
        "device_time": AT,
        "app": "bluelamp-officer/0.1.0",
        "store_trouble": "",
        "unreadable": 0,
        "drafts": 1,
        "waiting_count": 1,
        "refused_count": 0,
        "waiting_bytes": 900,
        "oldest_since": AT,
        "waiting": [_thing()],
    } | changes


def _send(phone: Device, **changes: Any) -> Any:
    return phone.post(f"devices/{phone.id}/status", _report(**changes))


def test_it_works(phone: Device) -> None:
    answer = _send(phone)
    assert (answer.status_code, answer.json()) == (200, {"orders": []})
    saved = DeviceReport.objects.get()
    assert (saved.waiting_count, saved.draft_count, saved.app) == (1, 1, "bluelamp-officer/0.1.0")
    # The next one replaces it.
    assert _send(phone, waiting_count=0, waiting=[], oldest_since=None).status_code == 200
    assert DeviceReport.objects.get().waiting == []


def test_a_blocked_phone_says_it_too_and_hears_of_an_order(phone: Device) -> None:
    joy, device = signed_in(cast.JOY), DeviceModel.objects.get()
    block_device(actor=joy, at=now(), device_id=device.id, reason="Left on a bus")
    assert _send(phone).json() == {"orders": []}
    order_wipe(actor=joy, at=now(), device_id=device.id, reason="Not found", accepts_loss=True)
    assert _send(phone).json() == {"orders": ["wipe"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"waiting": [_thing() for _ in range(51)]},
        {"waiting": [_thing(victim="Kofi Asante")]},
        {"waiting_count": -1},
        {"app": "x" * 101},
        {"oldest_since": "yesterday"},
    ],
    ids=["too many", "about somebody", "negative", "too long", "no time"],
)
def test_what_is_refused(phone: Device, changes: dict[str, Any]) -> None:
    problem(_send(phone, **changes), 422)
    assert not DeviceReport.objects.exists()


def test_a_phone_speaks_of_itself_alone(phone: Device) -> None:
    other = Device.of(cast.BILAL)
    errors = problem(phone.post(f"devices/{other.id}/status", _report()), 422)
    assert set(errors) == {"device_id"}
    phone.key = other.key
    problem(_send(phone), 403, "urn:bluelamp:device-proof-invalid")
    assert not DeviceReport.objects.exists()
