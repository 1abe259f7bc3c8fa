"""Officers' devices: enrolled once, three at most, blocked by a supervisor or a leaver's end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import (
    NewDevice,
    block_device,
    deactivate_account,
    enrol_device,
    reactivate_account,
    report_device_lost,
    unblock_device,
)
from bluelamp.foundation.accounts.device_lookups import (
    DeviceState,
    get_own_device,
    list_own_devices,
)
from bluelamp.foundation.accounts.device_models import Device, DeviceLimitAlarm
from bluelamp.foundation.accounts.device_rules import (
    MAX_DEVICES,
    build_signed_text,
    is_public_key,
    is_signature_valid,
)
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from tests.cast import INSTALLER, account, signed_in
from tests.concurrency import run_concurrently
from tests.device_keys import SHARED_KEY, encode_public_key, enrol_phone, sign_request

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
PHONE, OTHER = UUID(int=1), UUID(int=2)


def _state(actor: Actor, phone: UUID) -> str:
    assert actor.id
    device = get_own_device(officer_id=actor.id, installation_id=phone)
    return device.state if device else DeviceState.NOT_ENROLLED


def test_it_works(ada: Actor) -> None:
    device = enrol_phone(ada, PHONE, name=" Ada’s work phone ")
    assert (device.name, device.state, device.officer_name) == (
        "Ada’s work phone",
        "enrolled",
        "PC Ada Bello 1234SE",
    )
    assert enrol_phone(ada, PHONE, name="Another name") == device
    assert Device.objects.count() == 1
    assert AuditEntry.objects.filter(act="device.enrolled", subject_id=device.id).count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"public_key": ""}, "public_key"),
        ({"public_key": "not base64!"}, "public_key"),
        ({"public_key": "BA=="}, "public_key"),
        ({"public_key": encode_public_key(ec.generate_private_key(ec.SECP384R1()))}, "public_key"),
    ],
)
def test_what_is_not_enrolled(ada: Actor, changes: dict[str, str], field: str) -> None:
    answers = {"name": "Phone", "public_key": encode_public_key(SHARED_KEY)} | changes
    with pytest.raises(Refused) as refused:
        enrol_device(actor=ada, at=AT, device=NewDevice(installation_id=PHONE, **answers))
    assert list(refused.value.errors) == [field]
    assert not Device.objects.exists()


def test_a_phone_keeps_its_key(ada: Actor, bilal: Actor) -> None:
    """Nobody enrols an id that they know of a colleague's phone with a key of their own."""
    enrol_phone(ada, PHONE)
    other_key = encode_public_key(ec.generate_private_key(ec.SECP256R1()))
    for actor in (ada, bilal):
        with pytest.raises(Conflict, match="another key"):
            enrol_device(
                actor=actor,
                at=AT,
                device=NewDevice(installation_id=PHONE, name="Mine", public_key=other_key),
            )
    assert enrol_phone(bilal, PHONE).officer_id == bilal.id


def test_three_devices_and_no_more(ada: Actor) -> None:
    for number in range(MAX_DEVICES):
        enrol_phone(ada, UUID(int=number + 1), name=f"Phone {number + 1}")
    for _ in range(3):
        with pytest.raises(Conflict, match="Phone 1, Phone 2, Phone 3"):
            enrol_phone(ada, UUID(int=9))
    alarm = DeviceLimitAlarm.objects.get()
    assert (alarm.officer_id, alarm.limit) == (ada.id, "devices")
    assert AuditEntry.objects.filter(act="device.limit_reached", ref="devices").count() == 1
    lost = list_own_devices(actor=ada, at=AT)[0]
    report_device_lost(actor=ada, at=AT, device_id=lost.id)
    enrol_phone(ada, UUID(int=9))


def test_the_limit_holds_for_enrolments_at_once(committed: None, ada: Actor) -> None:
    def enrol(number: int) -> bool:
        try:
            enrol_phone(ada, UUID(int=number + 1))
        except Conflict:
            return False
        return True

    assert sum(run_concurrently(enrol, range(8))) == MAX_DEVICES
    assert Device.objects.count() == MAX_DEVICES


def test_a_lost_phone_is_blocked_for_everybody_who_uses_it(
    ada: Actor, bilal: Actor, joy: Actor
) -> None:
    device = enrol_phone(ada, PHONE)
    enrol_phone(bilal, PHONE)
    enrol_phone(ada, OTHER)
    assert block_device(actor=joy, at=AT, device_id=device.id, reason="Left on a bus") == 2
    assert [_state(ada, PHONE), _state(bilal, PHONE)] == ["blocked", "blocked"]
    assert _state(ada, OTHER) == "enrolled"
    row = Device.objects.get(id=device.id)
    assert (row.blocked_at, row.blocked_reason) == (AT, "Left on a bus")
    assert "Joy" in row.blocked_by_name
    assert AuditEntry.objects.filter(act="device.blocked").count() == 2
    # Enrolling again brings nothing back.
    assert enrol_phone(ada, PHONE).state == "blocked"
    assert block_device(actor=joy, at=AT, device_id=device.id, reason="Twice") == 0


def test_unblocking(ada: Actor, bilal: Actor, joy: Actor) -> None:
    device = enrol_phone(ada, PHONE)
    enrol_phone(bilal, PHONE)
    with pytest.raises(Conflict, match="not blocked"):
        unblock_device(actor=joy, at=AT, device_id=device.id, reason="Found")
    block_device(actor=joy, at=AT, device_id=device.id, reason="Lost")
    with pytest.raises(Refused):
        unblock_device(actor=joy, at=AT, device_id=device.id, reason=" ")
    unblock_device(actor=joy, at=AT, device_id=device.id, reason="Found in the car")
    assert [_state(ada, PHONE), _state(bilal, PHONE)] == ["enrolled", "blocked"]
    entry = AuditEntry.objects.get(act="device.unblocked")
    assert entry.detail == {"reason": "Found in the car", "was_blocked": "Lost"}


def test_unblocking_does_not_pass_the_limit(ada: Actor, joy: Actor) -> None:
    first = enrol_phone(ada, PHONE)
    block_device(actor=joy, at=AT, device_id=first.id, reason="Lost")
    for number in range(MAX_DEVICES):
        enrol_phone(ada, UUID(int=number + 10))
    with pytest.raises(Conflict, match="3 devices"):
        unblock_device(actor=joy, at=AT, device_id=first.id, reason="Found")


def test_nobody_unblocks_their_own(joy: Actor) -> None:
    device = enrol_phone(joy, PHONE)
    block_device(actor=joy, at=AT, device_id=device.id, reason="Lost")
    with pytest.raises(Conflict, match="Ask a colleague"):
        unblock_device(actor=joy, at=AT, device_id=device.id, reason="Found")


def test_who_may_not(ada: Actor, bilal: Actor, femi: Actor) -> None:
    device = enrol_phone(ada, PHONE)
    with pytest.raises(NotPermitted):
        block_device(actor=bilal, at=AT, device_id=device.id, reason="Why not")
    with pytest.raises(NotFound):
        report_device_lost(actor=bilal, at=AT, device_id=device.id)
    with pytest.raises(NotFound):
        report_device_lost(actor=femi, at=AT, device_id=device.id)
    assert _state(ada, PHONE) == "enrolled"
    with pytest.raises(NotPermitted):
        enrol_phone(signed_in(cast.LENA), OTHER)


def test_a_leavers_devices_are_blocked(ada: Actor, bilal: Actor, joy: Actor) -> None:
    device = enrol_phone(ada, PHONE)
    enrol_phone(bilal, PHONE)
    deactivate_account(actor=INSTALLER, at=AT, user_ref=account(cast.ADA).username)
    assert [_state(ada, PHONE), _state(bilal, PHONE)] == ["blocked", "enrolled"]
    assert "deactivated" in Device.objects.get(id=device.id).blocked_reason
    with pytest.raises(Conflict, match="deactivated"):
        unblock_device(actor=joy, at=AT, device_id=device.id, reason="Back")
    reactivate_account(actor=INSTALLER, at=AT, user_ref=account(cast.ADA).username)
    assert _state(ada, PHONE) == "blocked"
    unblock_device(actor=joy, at=AT + timedelta(days=1), device_id=device.id, reason="Back")
    assert _state(ada, PHONE) == "enrolled"


def test_a_signature_is_for_one_request() -> None:
    key = encode_public_key(SHARED_KEY)
    request = {"method": "PUT", "path": "/a/1", "challenge": "once"}
    signature = sign_request(SHARED_KEY, raw=b"body", **request)
    digest = "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"  # SHA-256 of "body"

    def is_valid(signature: str = signature, key: str = key, **changes: str) -> bool:
        text = build_signed_text(**{**request, "sha256": digest, **changes})
        return is_signature_valid(public_key=key, signature=signature, text=text)

    assert is_public_key(key)
    assert is_valid()
    for changes in ({"method": "POST"}, {"path": "/a/2"}, {"challenge": "twice"}):
        assert not is_valid(**changes)
    for wrong in ("", "AAAA", signature[:-8] + "AAAAAAA=", "A" * 86 + "==", "é"):
        assert not is_valid(wrong)
    assert not is_valid(key=encode_public_key(ec.generate_private_key(ec.SECP256R1())))
    assert not is_valid(key="")
