"""Account for the crime numbers of a lost or blocked device: give back, withdraw, or restore them.

A number that is *given back* is void, and a crime that the device recorded under it before can
still be sent. A number that is *withdrawn* is void for good, with the reason.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bluelamp.casework.crimes.commands.numbers import end_lease, lock_number, set_number_state
from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.casework.crimes.policy import crime_number_policy, number_lease_policy
from bluelamp.casework.crimes.rules import LEASE_LAPSED, LEASE_RELEASED, NumberState
from bluelamp.foundation.accounts.commands.devices import require_other_person
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.accounts.device_policy import device_policy
from bluelamp.foundation.accounts.events import DeviceWiped
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.kernel.text import clean_text

_SYSTEM_REASONS = frozenset({LEASE_LAPSED, LEASE_RELEASED})


@command(permission="device.manage", act="crime.lease_released")
def release_lease(*, actor: Actor, at: datetime, lease_id: UUID, reason: str = "") -> int:
    """Take back the numbers of a lease that its device has not used, and void them.

    Returns how many were voided. Raises NotFound.
    """
    lease = number_lease_policy.get(actor, lock=True, id=lease_id)
    count = end_lease(lease, at, LEASE_RELEASED)
    record_act(lease, ref=str(lease.device_id), detail={"void": count, "reason": reason})
    return count


@command(permission="device.manage", act="device.numbers_released")
def release_device_numbers(*, actor: Actor, at: datetime, device_id: UUID, reason: str) -> int:
    """Take back every unused number of a blocked device, and return how many there were.

    Raises:
        NotFound: There is no such device in the actor's force.
        Conflict: The device is not blocked, or is the actor's own.
        Refused: There is no reason.
    """
    device = _lock_blocked_device(actor, device_id)
    reason = _clean_reason(reason)
    leases = number_lease_policy.queryset(actor).filter(
        device_id=device.installation_id,
        taken_by_id=device.officer_id,
        numbers__state=NumberState.LEASED,
    )
    count = sum(
        # Each lease is an act of its own on the record, under its device.
        release_lease(actor=actor, at=at, lease_id=lease_id, reason=reason)
        for lease_id in leases.order_by("id").values_list("id", flat=True).distinct()
    )
    record_act(device, ref=device.name, detail={"void": count, "reason": reason})
    return count


@command(permission="device.manage", act="device.numbers_withdrawn")
def void_device_numbers(
    *, actor: Actor, at: datetime, device_id: UUID, numbers: Collection[str], reason: str
) -> int:
    """Withdraw unused numbers of a blocked device for good, and return how many.

    Raises:
        NotFound: There is no such device in the actor's force.
        Conflict: The device is not blocked, or is the actor's own.
        Refused: There is no reason or no number, or a number is not an unused one of the device's.
    """
    device = _lock_blocked_device(actor, device_id)
    reason = _clean_reason(reason)
    if not numbers:
        raise Refused("crimes.numbers_missing", field="numbers")
    # In one order: two members of staff who withdraw the same numbers never wait for each other.
    for number in sorted(set(numbers)):
        row = lock_number(actor, number)
        if row is None or not _is_unused_by(row, device):
            raise Refused("crimes.number_not_unused", field="numbers", number=number)
        void_number(actor=actor, at=at, number=number, reason=reason)
    record_act(device, ref=device.name, detail={"void": len(set(numbers)), "reason": reason})
    return len(set(numbers))


@subscribe(DeviceWiped, name="crimes.void_wiped_numbers", queue=Queue.BULK)
def void_wiped_numbers(event: DeviceWiped) -> None:
    """Withdraw every unused number of a phone that was wiped: nothing can arrive under one."""
    actor = Actor.system("number register", force=event.force, permissions={"device.manage"})
    void_numbers_of_wiped_device(
        actor=actor, at=clock.now(), device_id=event.device_id, reason=event.reason
    )


@command(permission="device.manage", act="device.numbers_withdrawn")
def void_numbers_of_wiped_device(
    *, actor: Actor, at: datetime, device_id: UUID, reason: str
) -> int:
    """Withdraw the unused numbers of a wiped phone, of every officer who used it.

    Returns how many there were. Raises NotFound where there is no such device in the force.
    """
    device = device_policy.get(actor, lock=True, id=device_id)
    leases = number_lease_policy.queryset(actor).filter(device_id=device.installation_id)
    unused = CrimeNumber.objects.filter(lease__in=leases).filter(
        Q(state=NumberState.LEASED) | Q(state=NumberState.VOID, void_reason__in=_SYSTEM_REASONS)
    )
    rows = list(unused.order_by("year", "serial"))
    for row in rows:
        void_number(actor=actor, at=at, number=str(row), reason=f"Phone wiped: {reason}"[:200])
    record_act(device, ref=device.name, detail={"void": len(rows), "reason": reason})
    return len(rows)


@command(permission="device.manage", act="crime.number_voided")
def void_number(*, actor: Actor, at: datetime, number: str, reason: str) -> None:
    """Withdraw a leased number for good, with the reason.

    Raises:
        NotFound: There is no such number in the actor's force.
        Refused: There is no reason, or it is one of those that the system gives itself.
        Conflict: The number is in use.
    """
    reason = clean_text(reason, max_length=200, field="reason", label="crimes.reason_label")
    # A device may still use a number that was voided for a system reason, so nobody may type one.
    if not reason or reason in _SYSTEM_REASONS:
        raise Refused("crimes.void_reason_missing", field="reason")
    row = lock_number(actor, number)
    if row is None:
        raise NotFound(crime_number_policy.not_found)
    if row.state == NumberState.USED:
        raise Conflict("crimes.number_is_used", number=str(row))
    set_number_state(row, NumberState.VOID, at=at, void_reason=reason)
    record_act(row, ref=str(row), detail={"reason": reason})


@command(permission="device.manage", act="crime.number_restored")
def restore_number(
    *, actor: Actor, at: datetime, device_id: UUID, number: str, reason: str
) -> None:
    """Let a device send the crime that it recorded under a number which was withdrawn.

    For a victim who was given the number before that. No new crime can take it.

    Raises:
        NotFound: There is no such device in the actor's force.
        Conflict: The device is the actor's own.
        Refused: There is no reason, or the number was not withdrawn from this device.
    """
    device = device_policy.get(actor, id=device_id)
    # Nobody writes off their own numbers: they could hide what they used one for.
    require_other_person(actor, device.officer_id)
    reason = _clean_reason(reason)
    row = lock_number(actor, number)
    if row is None or not _is_withdrawn_from(row, device):
        raise Refused("crimes.number_not_withdrawn", field="number", number=number)
    before = row.void_reason
    # Void still, but for a reason that lets its own device use it: see `is_usable_by_device`.
    set_number_state(row, NumberState.VOID, at=at, void_reason=LEASE_RELEASED)
    record_act(row, ref=str(row), detail={"reason": reason, "was_withdrawn": before})


def _lock_blocked_device(actor: Actor, device_id: UUID) -> Device:
    """Return a device whose numbers may be accounted for: it is blocked, and somebody else's.

    A device in use would go on giving its numbers to victims. Nothing it leases meanwhile is
    missed, because a lease locks the device too.
    """
    device = device_policy.get(actor, lock=True, id=device_id)
    require_other_person(actor, device.officer_id)
    if device.blocked_at is None:
        raise Conflict("accounts.device_not_blocked")
    return device


def _is_leased_to(row: CrimeNumber, device: Device) -> bool:
    # Both: several officers may have enrolled the same phone.
    return row.lease is not None and (row.lease.device_id, row.lease.taken_by_id) == (
        device.installation_id,
        device.officer_id,
    )


def _is_unused_by(row: CrimeNumber, device: Device) -> bool:
    """Say whether a number can be withdrawn: it is leased, or was given back and not used since."""
    is_open = row.state == NumberState.LEASED or row.void_reason in _SYSTEM_REASONS
    return is_open and _is_leased_to(row, device)


def _is_withdrawn_from(row: CrimeNumber, device: Device) -> bool:
    is_withdrawn = row.state == NumberState.VOID and row.void_reason not in _SYSTEM_REASONS
    return is_withdrawn and _is_leased_to(row, device)


def _clean_reason(reason: str) -> str:
    reason = clean_text(reason, max_length=200, field="reason", label="crimes.reason_label")
    if not reason:
        raise Refused("crimes.numbers_reason_missing", field="reason")
    return reason
