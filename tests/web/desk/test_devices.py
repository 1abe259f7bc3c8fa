"""The desk's pages of officers' devices."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.casework.crimes.commands import lease_numbers
from bluelamp.casework.crimes.lookups import account_for_numbers
from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.devices import block_device
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Conflict
from tests.cast import browser, signed_in
from tests.device_keys import enrol_phone, lease_to_phone

pytestmark = pytest.mark.django_db
PHONE = UUID(int=1)


@pytest.fixture
def desk() -> Client:
    """Joy at the crime desk."""
    return browser(cast.JOY)


@pytest.fixture
def device() -> Device:
    """Ada's phone, with five numbers."""
    # Of this year by name: from October a phone gets some of the next year too.
    year = london_date(now()).year
    lease_to_phone(actor=signed_in(cast.ADA), at=now(), device_id=PHONE, want=5, year=year)
    return Device.objects.get()


def _page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def _post(client: Client, device: Device, act: str, **form: object) -> str:
    """Send one of a device's forms, and return the page that follows."""
    answer = client.post(f"/desk/devices/{device.id}/{act}", form, follow=True)
    return answer.content.decode()


def test_it_works(desk: Client, device: Device) -> None:
    enrol_phone(signed_in(cast.BILAL), UUID(int=2), name="Bilal’s tablet")
    listed = _page(desk, "/desk/devices/")
    for text in ("2 devices", "Work phone", "PC Ada Bello", "Bilal’s tablet", "None is missing"):
        assert text in listed
    assert re.search(r"\b5 are on devices", listed)
    assert f"/desk/devices/{device.id}/" in listed
    page = _page(desk, f"/desk/devices/{device.id}/")
    assert "0 used, 5 unused" in page
    assert AuditEntry.objects.filter(act="device.viewed", subject_id=device.id).exists()


def test_search_sort_and_pages(desk: Client) -> None:
    ada, bilal = signed_in(cast.ADA), signed_in(cast.BILAL)
    lease_to_phone(actor=ada, at=now() - timedelta(hours=2), device_id=UUID(int=1), want=2)
    lease_to_phone(actor=bilal, at=now() - timedelta(hours=1), device_id=UUID(int=2), want=9)
    Device.objects.get(officer_id=bilal.id)

    def names(query: str) -> list[str]:
        page = _page(desk, f"/desk/devices/?{query}")
        return sorted(
            (name for name in ("Ada Bello", "Bilal Rahman") if name in page), key=page.index
        )

    assert names("") == ["Bilal Rahman", "Ada Bello"]
    assert names("order=numbers") == ["Bilal Rahman", "Ada Bello"]
    assert names("order=officer") == ["Ada Bello", "Bilal Rahman"]
    assert names("q=bilal") == ["Bilal Rahman"]
    assert names("q=1234SE") == ["Ada Bello"]
    number = str(CrimeNumber.objects.filter(lease__taken_by_id=bilal.id)[0])
    assert names(f"q={number}") == ["Bilal Rahman"]
    assert names("q=nobody") == []
    assert names("state=blocked") == []
    assert names("state=enrolled&page=99&order=nonsense") == ["Bilal Rahman", "Ada Bello"]
    for hostile in ("%25", "a%00b", "01/0000001/26%27", "x" * 500):
        assert names(f"q={hostile}") == []


def test_blocking_and_unblocking(desk: Client, device: Device) -> None:
    assert "Enter the reason" in _post(desk, device, "block", block=" ")
    assert "Device blocked" in _post(desk, device, "block", block="Left on a bus")
    page = _page(desk, f"/desk/devices/{device.id}/")
    for text in ("Blocked", "Joy", "Left on a bus", "5 unused crime numbers"):
        assert text in page
    assert "Work phone" in _page(desk, "/desk/devices/?state=blocked")
    assert "Enter the reason" in _post(desk, device, "unblock", unblock="")
    assert "Device unblocked" in _post(desk, device, "unblock", unblock="Found")
    assert "This device is not blocked" in _post(desk, device, "unblock", unblock="Again")


def test_accounting_for_its_numbers(desk: Client, device: Device) -> None:
    numbers = [str(number) for number in CrimeNumber.objects.order_by("serial")]
    assert "not blocked" in _post(desk, device, "give-back", **{"give-back": "Lost"})
    _post(desk, device, "block", block="Destroyed")
    assert "Select at least one number" in _post(desk, device, "withdraw", withdraw="Why")
    page = _post(desk, device, "withdraw", withdraw="", numbers=numbers[:2])
    assert "Enter the reason" in page
    assert page.count(" checked") == 2
    assert "numbers withdrawn" in _post(
        desk, device, "withdraw", withdraw="Given by mistake", numbers=numbers[:2]
    )
    assert "numbers taken back" in _post(desk, device, "give-back", **{"give-back": "Destroyed"})
    assert set(CrimeNumber.objects.values_list("state", flat=True)) == {"void"}
    assert account_for_numbers(force="01", year=now().year).is_complete
    page = _page(desk, f"/desk/devices/{device.id}/")
    assert "Withdrawn: Given by mistake" in page
    assert "Enter the reason" in _post(desk, device, "restore", number=numbers[0], restore="")
    assert "under this number" in _post(
        desk, device, "restore", number=numbers[0], restore="Kofi Asante has it"
    )
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert acts >= {
        "device.blocked", "device.numbers_withdrawn", "device.numbers_released",
        "crime.number_voided", "crime.lease_released", "crime.number_restored",
    }  # fmt: skip


def test_an_alarm_is_at_the_desk(desk: Client) -> None:
    ada = signed_in(cast.ADA)
    for number in range(3):
        enrol_phone(ada, UUID(int=number + 1))
    with pytest.raises(Conflict):
        enrol_phone(ada, UUID(int=9))
    # When it was reached is now: START of the tests' enrolments is long ago.
    assert "Needs attention" not in _page(desk, "/desk/devices/")
    for phone in (1, 2, 3):
        for year in (now().year, now().year + 1):
            lease_numbers(actor=ada, at=now(), device_id=UUID(int=phone), want=50, year=year)
    page = _page(desk, "/desk/devices/")
    assert "Ada Bello" in page
    assert "has 150 unused crime numbers and asked for more" in page
    assert "1 officer at the limit of devices or numbers" in _page(desk, "/desk/")


def test_ones_own_devices(device: Device) -> None:
    ada, bilal = browser(cast.ADA), browser(cast.BILAL)
    page = _page(ada, "/desk/devices/mine/")
    assert "Work phone" in page
    assert "You don’t use the officer app" in _page(bilal, "/desk/devices/mine/")
    lost = f"/desk/devices/mine/{device.id}/lost"
    assert bilal.post(lost).status_code == 404
    answer = ada.post(lost, {"reason": "On the 36 bus"}, follow=True)
    assert "Reported lost" in answer.content.decode()
    device.refresh_from_db()
    assert device.blocked_reason == "Reported lost: On the 36 bus"


def test_who_may_not(device: Device) -> None:
    ada, bilal = browser(cast.ADA), browser(cast.BILAL)
    for client in (ada, bilal):
        assert client.get("/desk/devices/").status_code == 403
        assert client.get(f"/desk/devices/{device.id}/").status_code == 403
        assert client.post(f"/desk/devices/{device.id}/block", {"block": "x"}).status_code == 403
    femi = browser(cast.FEMI)
    assert femi.get(f"/desk/devices/{device.id}/").status_code in {403, 404}
    device.refresh_from_db()
    assert device.blocked_at is None


def test_nobody_accounts_for_their_own(desk: Client) -> None:
    joy = signed_in(cast.JOY)
    lease_to_phone(actor=joy, at=now(), device_id=PHONE, want=1)
    own = Device.objects.get()
    block_device(actor=joy, at=now(), device_id=own.id, reason="Lost")
    assert "Ask a colleague" in _page(desk, f"/desk/devices/{own.id}/")
    assert "Ask a colleague" in _post(desk, own, "unblock", unblock="Mine")
    assert "Ask a colleague" in _post(desk, own, "give-back", **{"give-back": "Mine"})
