"""Crime numbers: take one, lease a block to an officer's device, and use one.

Numbers come from a gap-free series of the force and year (`kernel.series`). Every number that
leaves it has a row here, written in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import CrimeNumber, NumberLease
from bluelamp.casework.crimes.policy import crime_number_policy, number_lease_policy
from bluelamp.casework.crimes.rules import (
    LEASE_DURATION,
    LEASE_LAPSED,
    MAX_LEASED_NUMBERS,
    MAX_SERIAL,
    MAX_UNUSED_NUMBERS,
    NUMBER_SERIES,
    NumberState,
    is_usable_by_device,
    most_to_lease,
    number_year,
    years_to_lease,
)
from bluelamp.foundation.accounts.commands.devices import lock_officer, record_limit_reached_daily
from bluelamp.foundation.accounts.device_lookups import lock_active_device
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.kernel.series import take_block, take_serial
from bluelamp.records.reference.rules import parse_crime_number


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaseDetail:
    """A block of numbers that a device has.

    `year` has two digits; `first` and `last` are serials; `numbers` are those not used yet.
    """

    lease_id: UUID
    force: str
    year: int
    first: int
    last: int
    expires_at: datetime
    numbers: tuple[str, ...]


@command(permission="crime.lease_numbers", act="crime.numbers_leased")
def lease_numbers(
    *, actor: Actor, at: datetime, device_id: UUID, want: int, year: int | None = None
) -> list[LeaseDetail]:
    """Lease an officer's device as many numbers as it is short of, and return its leases.

    A second request returns the same numbers, for another 14 days. From October a device also
    gets numbers of the next year, and in December as many. A lease belongs to the officer and the
    device: a colleague on the same device has their own. An officer who has
    `MAX_UNUSED_NUMBERS` on all devices gets no more until some are used, and that is put on the
    record.

    Args:
        want: How many unused numbers the device wants, 50 at most.
        year: The only year wanted, of two or four digits; None for the usual years.

    Raises:
        NotPermitted: The actor has not enrolled the device, or it is blocked.
        Refused: `want` is out of range, or `year` is neither this year nor the next.
    """
    if not 1 <= want <= MAX_LEASED_NUMBERS:
        raise Refused("crimes.too_many_numbers", field="want", max_numbers=MAX_LEASED_NUMBERS)
    years = years_to_lease(at=at, year=year)
    this_year = number_year(at)
    if not set(years) <= {this_year, this_year + 1}:
        raise Refused("crimes.lease_year_invalid", field="year")
    if actor.id is None:
        raise NotPermitted("Numbers are leased to a person.")
    # Without the lock, requests at once would each find the officer below the limit, or the device
    # short of numbers, and together take more than either allows.
    lock_officer(actor.id)
    lock_active_device(actor=actor, at=at, installation_id=device_id)
    free = MAX_UNUSED_NUMBERS - _count_unused_numbers(actor)
    leases: list[LeaseDetail] = []
    for lease_year in years:
        current = number_lease_policy.queryset(actor).filter(
            taken_by_id=actor.id,
            device_id=device_id,
            year=lease_year,
            released_at=None,
            expires_at__gt=at,
        )
        # A phone that asks is in use: it keeps its numbers for another whole term.
        current.update(expires_at=at + LEASE_DURATION)
        unused = CrimeNumber.objects.filter(lease__in=current, state=NumberState.LEASED).count()
        # A year that was asked for by name is meant.
        most = want if year is not None else most_to_lease(at=at, year=lease_year, want=want)
        missing = most - unused
        count = min(missing, free)
        if missing > free:
            record_limit_reached_daily(actor=actor, at=at, limit_ref="numbers")
        if count > 0:
            _lease_block(actor=actor, at=at, device_id=device_id, year=lease_year, count=count)
            free -= count
        rows = current.prefetch_related("numbers").order_by("first")
        leases += [_to_lease_detail(row) for row in rows]
    # A lease whose numbers are all used is of no more use to the device.
    leases = [lease for lease in leases if lease.numbers]
    record_act(
        None,
        ref=str(device_id),
        detail={"leases": [[lease.year, lease.first, lease.last] for lease in leases]},
    )
    return leases


@command(permission="crime.lease_numbers", act="crime.leases_expired")
def expire_leases(*, actor: Actor, at: datetime) -> int:
    """End the force's leases that have run out, and return how many numbers became void.

    A device that turns up later with a crime under such a number may still use it: see
    `is_usable_by_device`.
    """
    expired = number_lease_policy.queryset(actor).filter(released_at=None, expires_at__lte=at)
    # skip_locked: a device that is asking for its numbers at this moment renews its lease.
    counts = [
        end_lease(lease, at, LEASE_LAPSED)
        for lease in expired.select_for_update(skip_locked=True).order_by("id")
    ]
    record_act(None, detail={"leases": len(counts), "void": sum(counts)})
    return sum(counts)


@periodic(cron="17 * * * *", name="crimes.expire_leases", queue=Queue.BULK)
def expire_leases_every_hour() -> None:
    """End the leases that ran out in the last hour, force by force."""
    at = clock.now()
    expired = NumberLease.objects.filter(released_at=None, expires_at__lte=at)
    for force in sorted(set(expired.values_list("force", flat=True))):
        actor = Actor.system("number register", force=force, permissions={"crime.lease_numbers"})
        expire_leases(actor=actor, at=at)


def take_next_number(*, force: str, at: datetime) -> CrimeNumber:
    """Take the next number of the series and mark it as used, inside a command."""
    year = number_year(at)
    serial = take_serial(kind=NUMBER_SERIES, force=force, year=year, last=MAX_SERIAL)
    return CrimeNumber.objects.create(
        force=force, year=year, serial=serial, state=NumberState.USED, changed_at=at
    )


def use_leased_number(
    *, actor: Actor, at: datetime, number: str, device_id: UUID, lease_id: UUID | None
) -> CrimeNumber:
    """Mark a number of a device's lease as used, inside a command.

    Raises:
        Conflict: The number is another officer's or another device's.
        Refused: The number was leased to nobody, was used, or was withdrawn.
    """
    row = lock_number(actor, number)
    if row is None or row.lease is None:
        raise Refused("crimes.number_not_leased", field="number")
    if (row.lease.device_id, row.lease.taken_by_id) != (device_id, actor.id):
        raise Conflict("crimes.number_of_another", number=str(row))
    # Called without a lease, this checks the number alone.
    if lease_id not in {None, row.lease_id}:
        raise Refused("crimes.number_not_leased", field="number")
    if row.state == NumberState.USED:
        raise Refused("crimes.number_is_used", field="number", number=str(row))
    if not is_usable_by_device(state=row.state, void_reason=row.void_reason):
        raise Refused(
            "crimes.number_is_void", field="number", number=str(row), reason=row.void_reason
        )
    set_number_state(row, NumberState.USED, at=at)
    return row


def lock_number(actor: Actor, number: str) -> CrimeNumber | None:
    """Return a crime number of the force, locked with its lease; None where there is none."""
    if (parts := parse_crime_number(number)) is None:
        return None
    return (
        crime_number_policy.queryset(actor)
        .select_related("lease")
        # Not the lease: PostgreSQL cannot lock the nullable side of an outer join.
        .select_for_update(of=("self",))
        .filter(force=parts.force, year=parts.year, serial=parts.serial)
        .first()
    )


def set_number_state(
    row: CrimeNumber, state: NumberState, *, at: datetime, void_reason: str = ""
) -> None:
    """Write what became of a number, inside a command."""
    row.state = state
    row.void_reason = void_reason
    row.changed_at = at
    row.save(update_fields=["state", "void_reason", "changed_at"])


def _count_unused_numbers(actor: Actor) -> int:
    """Return how many unused numbers an officer has on all devices, blocked ones too.

    If those of a blocked device did not count, an officer could report one lost after another and
    take numbers without end.
    """
    return CrimeNumber.objects.filter(
        force=actor.force, state=NumberState.LEASED, lease__taken_by_id=actor.id
    ).count()


def _lease_block(*, actor: Actor, at: datetime, device_id: UUID, year: int, count: int) -> None:
    serials = take_block(
        kind=NUMBER_SERIES, force=actor.force, year=year, count=count, last=MAX_SERIAL
    )
    lease = NumberLease.objects.create(
        device_id=device_id,
        force=actor.force,
        year=year,
        first=serials[0],
        last=serials[-1],
        taken_at=at,
        taken_by_id=actor.id,
        expires_at=at + LEASE_DURATION,
    )
    CrimeNumber.objects.bulk_create(
        CrimeNumber(
            force=actor.force,
            year=year,
            serial=serial,
            state=NumberState.LEASED,
            lease=lease,
            changed_at=at,
        )
        for serial in serials
    )


def end_lease(lease: NumberLease, at: datetime, reason: str) -> int:
    """End a lease, void its unused numbers, and return how many there were."""
    unused = CrimeNumber.objects.filter(lease=lease, state=NumberState.LEASED)
    count = unused.update(state=NumberState.VOID, void_reason=reason, changed_at=at)
    if lease.released_at is None:
        lease.released_at = at
        lease.save(update_fields=["released_at"])
    return count


def _to_lease_detail(lease: NumberLease) -> LeaseDetail:
    unused = sorted(
        (number for number in lease.numbers.all() if number.state == NumberState.LEASED),
        key=lambda number: number.serial,
    )
    return LeaseDetail(
        lease_id=lease.id,
        force=lease.force,
        # As it is written in the crime number.
        year=lease.year % 100,
        first=lease.first,
        last=lease.last,
        expires_at=lease.expires_at,
        numbers=tuple(str(number) for number in unused),
    )
