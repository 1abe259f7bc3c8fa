"""The desk's pages of what waits on phones, and the order to wipe one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.device_reports import record_device_report
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.accounts.device_rules import DeviceSelfReport, WaitingThing
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.ids import new_id
from tests.cast import browser, signed_in
from tests.device_keys import encode_public_key, sign_request
from tests.web.officer.device import API
from tests.web.officer.device import Device as Phone

pytestmark = pytest.mark.django_db
LIST = "/desk/devices/waiting/"


def _thing(kind: str = "crime", **changes: Any) -> WaitingThing:
    values: dict[str, Any] = {
        "id": new_id(),
        "kind": kind,
        "is_refused": False,
        "since": now() - timedelta(hours=2),
        "size": 1_000,
        "reason": "No signal.",
    }
    return WaitingThing(**values | changes)


def _report(player: cast.Player, phone: UUID, *things: WaitingThing, **changes: Any) -> None:
    values: dict[str, Any] = {
        "app": "bluelamp-officer/0.1.0",
        "clock_error_s": 0,
        "store_trouble": "",
        "unreadable_count": 0,
        "draft_count": 0,
        "waiting_count": len(things),
        "refused_count": sum(thing.is_refused for thing in things),
        "waiting_bytes": 1_000 * len(things),
        "oldest_since": min((thing.since for thing in things), default=None),
        "waiting": things,
    }
    record_device_report(
        actor=signed_in(player),
        at=now(),
        installation_id=phone,
        report=DeviceSelfReport(**values | changes),
    )


@pytest.fixture
def phone(reference: None) -> Phone:
    """Ada's phone, with five crime numbers."""
    made = Phone.of(cast.ADA)
    made.lease(5)
    return made


@pytest.fixture
def device(phone: Phone) -> Device:
    return Device.objects.get(installation_id=phone.id)


@pytest.fixture
def desk() -> Client:
    return browser(cast.JOY)


def _page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content
    return answer.content.decode()


def _post(client: Client, device: Device, act: str, **form: object) -> str:
    answer = client.post(f"/desk/devices/{device.id}/{act}", form, follow=True)
    return answer.content.decode()


def _order_wipe(desk: Client, device: Device) -> str:
    _post(desk, device, "block", block="Left on a bus")
    return _post(desk, device, "wipe", wipe="Not found", sure="yes", accepts_loss="yes")


def _ask_for_order(phone: Phone) -> str:
    ada = signed_in(cast.ADA)
    answer = phone.client.get(f"{API}/devices/{phone.id}/officers/{ada.id}")
    wipe: str = answer.json()["wipe"]
    return wipe


def _say_wiped(
    phone: Phone, nonce: str, unsent: int = 1, key: ec.EllipticCurvePrivateKey | None = None
) -> int:
    path = f"{API}/devices/{phone.id}/officers/{signed_in(cast.ADA).id}/wiped"
    signature = sign_request(
        key or phone.key, method="POST", path=path, raw=nonce.encode(), challenge=nonce
    )
    body = {"nonce": nonce, "signature": signature, "unsent": unsent}
    # Signed out, as a lost phone is.
    answer = Client(enforce_csrf_checks=True).post(path, body, content_type="application/json")
    return answer.status_code


def test_it_works(desk: Client, phone: Phone, device: Device) -> None:
    assert "Nothing waits on any phone" in _page(desk, LIST)
    refused = _thing("statement", is_refused=True, reason="The maker’s age is missing.")
    _report(cast.ADA, phone.id, _thing(), _thing("item"), refused, draft_count=2)
    listed = _page(desk, LIST)
    for text in (
        "1 phone", "Work phone", "Ada Bello", "1 crime, 1 statement, 1 photo or file",
        "1 not accepted", "The maker’s age is missing.", "bluelamp-officer/0.1.0",
    ):  # fmt: skip
        assert text in listed, text
    page = _page(desk, f"{LIST}{device.id}/")
    assert "No signal." in page
    assert "2 drafts" in page
    assert f"/desk/devices/{device.id}/" in page
    assert "The maker’s age is missing." in _page(desk, f"/desk/devices/{device.id}/")
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert acts >= {"device.waiting_listed", "device.waiting_viewed", "device.reported"}


def test_filters_order_and_pages(desk: Client, phone: Phone) -> None:
    bilal = Phone.of(cast.BILAL)
    _report(cast.ADA, phone.id, _thing(since=now() - timedelta(days=3)))
    _report(
        cast.BILAL, bilal.id, _thing(is_refused=True), _thing("item"),
        store_trouble="The phone is full.", clock_error_s=-600,
    )  # fmt: skip

    def names(query: str) -> list[str]:
        page = _page(desk, f"{LIST}?{query}")
        found = [name for name in ("Ada Bello", "Bilal Rahman") if name in page]
        return sorted(found, key=page.index)

    assert names("") == ["Bilal Rahman", "Ada Bello"]
    assert names("order=oldest") == ["Ada Bello", "Bilal Rahman"]
    assert names("order=most") == ["Bilal Rahman", "Ada Bello"]
    assert names("order=officer") == ["Ada Bello", "Bilal Rahman"]
    assert names("show=refused") == names("show=trouble") == ["Bilal Rahman"]
    assert names("show=blocked") == []
    assert "No phones match" in _page(desk, f"{LIST}?show=blocked")
    assert names("show=nonsense&order=nonsense&page=99") == ["Bilal Rahman", "Ada Bello"]
    page = _page(desk, f"{LIST}{Device.objects.get(installation_id=bilal.id).id}/")
    assert "10 minutes slow" in page
    assert "The phone is full." in page


def test_a_long_list_has_pages(desk: Client, phone: Phone, monkeypatch: Any) -> None:
    monkeypatch.setattr("bluelamp.foundation.accounts.device_lookups.WAITING_ON_A_PAGE", 1)
    bilal = Phone.of(cast.BILAL)
    _report(cast.ADA, phone.id, _thing())
    _report(cast.BILAL, bilal.id, _thing(is_refused=True))
    first, second = _page(desk, LIST), _page(desk, f"{LIST}?page=2")
    assert "2 phones" in first
    assert ("Bilal Rahman" in first, "Ada Bello" in first) == (True, False)
    assert ("Bilal Rahman" in second, "Ada Bello" in second) == (False, True)


def test_who_sees_them(phone: Phone, device: Device) -> None:
    _report(cast.ADA, phone.id, _thing())
    _page(browser(cast.ADA), LIST, 403)
    femi = browser(cast.FEMI)
    assert femi.get(f"{LIST}{device.id}/").status_code in {403, 404}, "another force"


def test_a_wipe_is_ordered_with_a_reason_and_confirmed_twice(
    desk: Client, phone: Phone, device: Device
) -> None:
    _report(cast.ADA, phone.id, _thing(), _thing("item"))
    assert "Wipe this device" not in _page(desk, f"/desk/devices/{device.id}/")
    assert "not blocked" in _post(desk, device, "wipe", wipe="Lost", sure="yes", accepts_loss="yes")
    _post(desk, device, "block", block="Left on a bus")
    page = _page(desk, f"/desk/devices/{device.id}/")
    assert "On it, not received: 1 crime, 1 photo or file" in page
    assert "Confirm that you want to wipe" in _post(desk, device, "wipe", wipe="Lost")
    assert "Confirm that it is lost" in _post(desk, device, "wipe", wipe="Lost", sure="yes")
    assert "Enter the reason" in _post(
        desk, device, "wipe", wipe="", sure="yes", accepts_loss="yes"
    )
    assert _ask_for_order(phone) == ""
    done = _post(desk, device, "wipe", wipe="Not found", sure="yes", accepts_loss="yes")
    assert "when it next has signal" in done
    assert "Joy" in done
    assert _ask_for_order(phone) != ""


def test_a_wiped_phones_numbers_are_withdrawn(
    desk: Client, phone: Phone, device: Device, run_jobs: Callable[[], int]
) -> None:
    _order_wipe(desk, device)
    nonce = _ask_for_order(phone)
    assert _say_wiped(phone, "another") == 404
    assert _say_wiped(phone, nonce, unsent=3) == 204
    assert _say_wiped(phone, nonce, unsent=0) == 204, "it may not have heard our answer"
    run_jobs()
    assert set(CrimeNumber.objects.values_list("state", "void_reason")) == {
        ("void", "Phone wiped: Not found")
    }
    page = _page(desk, f"/desk/devices/{device.id}/")
    assert "with 3 not sent" in page
    assert "Unblock this device" not in page
    assert _ask_for_order(phone) == ""


def test_a_wipe_that_is_taken_back_is_not_done(desk: Client, phone: Phone, device: Device) -> None:
    _order_wipe(desk, device)
    nonce = _ask_for_order(phone)
    assert "Enter the reason" in _post(desk, device, "cancel-wipe", **{"cancel-wipe": " "})
    done = _post(desk, device, "cancel-wipe", **{"cancel-wipe": "Handed in"})
    assert "Nothing on the device is deleted" in done
    assert _ask_for_order(phone) == ""
    assert _say_wiped(phone, nonce) == 404, "the phone had asked before, and stops"
    device.refresh_from_db()
    assert device.wiped_at is None
    assert "no order to wipe" in _post(desk, device, "cancel-wipe", **{"cancel-wipe": "Again"})


def test_a_locked_phone_confirms_with_the_key_that_it_told_for_that(
    desk: Client, phone: Phone, device: Device
) -> None:
    wipe_key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(Refused):
        _report(cast.ADA, phone.id, wipe_key="no key")
    _report(cast.ADA, phone.id, _thing(), wipe_key=encode_public_key(wipe_key))
    # An older app on the same phone tells none, and takes nothing back.
    _report(cast.ADA, phone.id, _thing())
    _order_wipe(desk, device)
    nonce = _ask_for_order(phone)
    assert _say_wiped(phone, nonce, key=ec.generate_private_key(ec.SECP256R1())) == 404
    assert _say_wiped(phone, "another", key=wipe_key) == 404
    assert _say_wiped(phone, nonce, key=wipe_key) == 204
    assert "with 1 not sent" in _page(desk, f"/desk/devices/{device.id}/")
    assert AuditEntry.objects.get(act="device.wiped").detail["app"] == "locked"


def test_the_wipe_key_signs_nothing_else(phone: Phone) -> None:
    wipe_key = ec.generate_private_key(ec.SECP256R1())
    _report(cast.ADA, phone.id, wipe_key=encode_public_key(wipe_key))
    phone.key = wipe_key
    with pytest.raises(AssertionError, match="403"):
        phone.lease(5)


def test_an_old_order_does_not_reach_a_phone_that_is_enrolled_again(
    desk: Client, phone: Phone, device: Device
) -> None:
    _order_wipe(desk, device)
    nonce = _ask_for_order(phone)
    assert _say_wiped(phone, nonce) == 204
    # A wiped app makes a new id and a new key.
    again = Phone.of(cast.ADA)
    assert _ask_for_order(again) == ""
    assert _say_wiped(again, nonce) == 404
    assert Device.objects.get(installation_id=again.id).wiped_at is None
