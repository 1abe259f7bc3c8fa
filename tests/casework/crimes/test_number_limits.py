"""A lease belongs to an officer and a device, and nobody takes more numbers than anybody needs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import (
    lease_numbers,
    record_at_scene,
    release_device_numbers,
    restore_number,
    void_device_numbers,
)
from bluelamp.casework.crimes.commands.numbers import LeaseDetail
from bluelamp.casework.crimes.lookups import account_for_numbers
from bluelamp.casework.crimes.models import Crime, CrimeNumber
from bluelamp.casework.crimes.rules import MAX_UNUSED_NUMBERS
from bluelamp.foundation.accounts.commands.devices import (
    block_device,
    report_device_lost,
    unblock_device,
)
from bluelamp.foundation.accounts.device_models import Device, DeviceLimitAlarm
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.scenes import AT, make_scene_crime, refusal_of
from tests.concurrency import run_concurrently
from tests.device_keys import enrol_phone, lease_to_phone

pytestmark = pytest.mark.django_db
PHONE, OTHER = UUID(int=1), UUID(int=2)


def _numbers(leases: list[LeaseDetail]) -> list[str]:
    return [number for lease in leases for number in lease.numbers]


def _record(actor: Actor, number: str, phone: UUID = PHONE, at: datetime = AT) -> str:
    scene = make_scene_crime(number=number, lease_id=None, device_id=phone)
    return record_at_scene(actor=actor, at=at, capture=scene, sha256="0" * 64).number


def test_it_works(offences: None, ada: Actor, bilal: Actor) -> None:
    """Ada hands her phone to Bilal: each has their own numbers, and keeps them."""
    hers = _numbers(lease_to_phone(actor=ada, at=AT, device_id=PHONE, want=3))
    his = _numbers(lease_to_phone(actor=bilal, at=AT, device_id=PHONE, want=3))
    assert not set(hers) & set(his)
    assert _numbers(lease_to_phone(actor=ada, at=AT, device_id=PHONE, want=3)) == hers
    for actor, number in ((bilal, hers[0]), (ada, his[0])):
        with pytest.raises(Conflict, match=f"{number} was given to another officer"):
            _record(actor, number)
    with pytest.raises(Conflict):
        _record(ada, hers[0], OTHER)
    assert not Crime.objects.exists()
    assert [_record(ada, hers[0]), _record(bilal, his[0])] == [hers[0], his[0]]
    assert account_for_numbers(force="01", year=2026).is_complete


def test_an_unknown_device_gets_none(ada: Actor, bilal: Actor) -> None:
    enrol_phone(ada, PHONE)
    for actor, phone in ((ada, OTHER), (bilal, PHONE)):
        with pytest.raises(NotPermitted):
            lease_numbers(actor=actor, at=AT, device_id=phone, want=1)
    assert not CrimeNumber.objects.exists()


def test_a_blocked_device_gets_none(ada: Actor, joy: Actor) -> None:
    device = enrol_phone(ada, PHONE)
    block_device(actor=joy, at=AT, device_id=device.id, reason="Lost")
    with pytest.raises(NotPermitted):
        lease_numbers(actor=ada, at=AT, device_id=PHONE, want=1)
    unblock_device(actor=joy, at=AT, device_id=device.id, reason="Found")
    assert lease_numbers(actor=ada, at=AT, device_id=PHONE, want=1)


def test_an_officer_has_so_many_unused_numbers_at_most(offences: None, ada: Actor) -> None:
    december = datetime(2026, 12, 20, 12, tzinfo=UTC)
    first = _numbers(lease_to_phone(actor=ada, at=december, device_id=PHONE, want=50))
    second = _numbers(lease_to_phone(actor=ada, at=december, device_id=OTHER, want=50))
    assert (len(first), len(second)) == (100, MAX_UNUSED_NUMBERS - 100)
    assert _numbers(lease_to_phone(actor=ada, at=december, device_id=UUID(int=3), want=50)) == []
    assert DeviceLimitAlarm.objects.get().limit == "numbers"
    reached = AuditEntry.objects.filter(act="device.limit_reached", ref="numbers")
    assert reached.count() == 1
    # One that is used leaves room for one.
    _record(ada, first[0], at=december)
    assert len(_numbers(lease_to_phone(actor=ada, at=december, device_id=PHONE, want=50))) == 100
    lease_to_phone(actor=ada, at=december + timedelta(days=2), device_id=OTHER, want=50)
    assert reached.count() == 2


def test_a_stolen_session_cannot_burn_the_series(committed: None, ada: Actor) -> None:
    """One session asks for 50 numbers for each of 120 invented devices, from eight threads."""
    refused = run_concurrently(
        lambda _: sum(_takes_none(ada, new_id()) for _ in range(15)), range(8)
    )
    assert sum(refused) == 8 * 15 - 3
    assert CrimeNumber.objects.count() <= MAX_UNUSED_NUMBERS
    assert account_for_numbers(force="01", year=AT.year).is_complete


def _takes_none(actor: Actor, phone: UUID) -> bool:
    try:
        return not lease_to_phone(actor=actor, at=AT, device_id=phone, want=50)
    except Conflict:
        return True


def test_the_limit_holds_for_requests_at_once(committed: None, ada: Actor) -> None:
    december = datetime(2026, 12, 20, 12, tzinfo=UTC)
    phones = [PHONE, OTHER, UUID(int=3)]
    for phone in phones:
        enrol_phone(ada, phone)
    run_concurrently(
        lambda number: lease_numbers(actor=ada, at=december, device_id=phones[number % 3], want=50),
        range(9),
    )
    assert CrimeNumber.objects.count() == MAX_UNUSED_NUMBERS


def test_reporting_phones_lost_brings_no_more(ada: Actor) -> None:
    """The numbers of a lost phone count until somebody else has accounted for them."""
    for turn in range(6):
        phone = UUID(int=turn + 1)
        lease_to_phone(actor=ada, at=AT, device_id=phone, want=50)
        device = Device.objects.get(installation_id=phone)
        report_device_lost(actor=ada, at=AT, device_id=device.id)
    assert CrimeNumber.objects.count() == MAX_UNUSED_NUMBERS


def test_giving_back_and_withdrawing(offences: None, ada: Actor, joy: Actor) -> None:
    numbers = _numbers(lease_to_phone(actor=ada, at=AT, device_id=PHONE, want=5))
    device = Device.objects.get()
    for attempt in (release_device_numbers, lambda **k: void_device_numbers(numbers=numbers, **k)):
        with pytest.raises(Conflict, match="not blocked"):
            attempt(actor=joy, at=AT, device_id=device.id, reason="Lost")
    block_device(actor=joy, at=AT, device_id=device.id, reason="Lost")
    withdrawn = void_device_numbers(
        actor=joy, at=AT, device_id=device.id, numbers=numbers[:2], reason="Never given to anybody"
    )
    assert withdrawn == 2
    assert release_device_numbers(actor=joy, at=AT, device_id=device.id, reason="Lost") == 3
    account = account_for_numbers(force="01", year=2026)
    assert (account.void, account.leased, account.is_complete) == (5, 0, True)
    entry = AuditEntry.objects.filter(act="crime.number_voided").first()
    assert entry
    assert entry.detail == {"reason": "Never given to anybody"}
    # A victim had number 3 on a card: the phone is found, and its crime comes in.
    unblock_device(actor=joy, at=AT, device_id=device.id, reason="Found")
    assert _record(ada, numbers[2]) == numbers[2]
    with pytest.raises(Refused, match="withdrawn: Never given"):
        _record(ada, numbers[0])
    restore_number(
        actor=joy, at=AT, device_id=device.id, number=numbers[0], reason="Kofi Asante has it"
    )
    assert _record(ada, numbers[0]) == numbers[0]
    assert account_for_numbers(force="01", year=2026).is_complete


def test_errors_name_their_field(offences: None, ada: Actor, bilal: Actor, joy: Actor) -> None:
    numbers = _numbers(lease_to_phone(actor=ada, at=AT, device_id=PHONE, want=2))
    others = _numbers(lease_to_phone(actor=bilal, at=AT, device_id=PHONE, want=1))
    _record(ada, numbers[0])
    device = Device.objects.get(officer_id=ada.id)
    block_device(actor=joy, at=AT, device_id=device.id, reason="Lost")

    def withdraw(numbers: list[str], reason: str = "Lost") -> object:
        return void_device_numbers(
            actor=joy, at=AT, device_id=device.id, numbers=numbers, reason=reason
        )

    assert list(refusal_of(lambda: withdraw([]))) == ["numbers"]
    assert list(refusal_of(lambda: withdraw(numbers[1:], " "))) == ["reason"]
    for wrong in (numbers[0], others[0], "01/9999999/26", "nonsense"):
        assert list(refusal_of(lambda number=wrong: withdraw([numbers[1], number]))) == ["numbers"]
    assert not CrimeNumber.objects.filter(state="void").exists()
    assert "reason" in refusal_of(
        lambda: release_device_numbers(actor=joy, at=AT, device_id=device.id, reason="")
    )
    assert "number" in refusal_of(
        lambda: restore_number(
            actor=joy, at=AT, device_id=device.id, number=numbers[1], reason="Back"
        )
    )


def test_who_may_not(ada: Actor, joy: Actor, femi: Actor) -> None:
    lease_to_phone(actor=ada, at=AT, device_id=PHONE, want=1)
    device = Device.objects.get()
    block_device(actor=joy, at=AT, device_id=device.id, reason="Lost")
    with pytest.raises(NotPermitted):
        release_device_numbers(actor=ada, at=AT, device_id=device.id, reason="Mine")
    supervisor = Actor.system("desk", force=femi.force, permissions={"device.manage"})
    with pytest.raises(NotFound):
        release_device_numbers(actor=supervisor, at=AT, device_id=device.id, reason="Other force")


def test_nobody_accounts_for_their_own_numbers(joy: Actor) -> None:
    """Or one person could take numbers, give them back and take more without end."""
    lease_to_phone(actor=joy, at=AT, device_id=PHONE, want=1)
    device = Device.objects.get()
    block_device(actor=joy, at=AT, device_id=device.id, reason="Lost")
    with pytest.raises(Conflict, match="Ask a colleague"):
        release_device_numbers(actor=joy, at=AT, device_id=device.id, reason="Mine")
