"""Crime numbers: taken from the series, leased to devices, used, or void with a reason.

The row of a series is locked until the transaction ends, so numbers leave it one transaction at a
time, and one that is rolled back leaves no gap.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app

from bluelamp.casework.crimes.models import CrimeNumber, NumberLease, NumberSeries
from bluelamp.casework.crimes.rules import (
    LAPSED,
    LAST_SERIAL,
    LEASE_LASTS,
    MOST_LEASED,
    RELEASED,
    NumberState,
    is_honoured,
    year_at,
    years_to_lease,
)
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.records.people.rules import fits
from bluelamp.records.reference.rules import parse_crime_number


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaseView:
    """A block of numbers that a device holds: `numbers` are those not used yet, `year` has two
    digits.
    """

    lease_id: UUID
    force: str
    year: int
    first: int
    last: int
    expires_at: datetime
    numbers: tuple[str, ...]


@command(may="crime.lease_numbers", act="crime.numbers_leased")
def lease_numbers(
    *, actor: Actor, at: datetime, device_id: UUID, want: int, year: int | None = None
) -> list[LeaseView]:
    """Top a device's unused numbers up to `want` (50 at most) and return every lease it holds.

    Asked again it answers the same numbers, for another fortnight. In December it holds as many of
    next year's.
    """
    if not 1 <= want <= MOST_LEASED:
        raise Refused(f"Ask for 1 to {MOST_LEASED} numbers.", field="want")
    years = years_to_lease(at=at, year=year)
    if any(each not in {year_at(at), year_at(at) + 1} for each in years):
        raise Refused("Numbers are leased for this year and the next.", field="year")
    leases: list[LeaseView] = []
    for each in years:
        series = _locked_series(actor.force, each)
        held = NumberLease.objects.filter(
            device_id=device_id, force=actor.force, year=each, released_at=None, expires_at__gt=at
        )
        held.update(expires_at=at + LEASE_LASTS)
        unused = CrimeNumber.objects.filter(lease__in=held, state=NumberState.LEASED).count()
        if unused < want:
            _lease(series, actor, at, device_id, want - unused)
        leases += [_view(lease) for lease in held.prefetch_related("numbers").order_by("first")]
    leases = [lease for lease in leases if lease.numbers]
    record_act(
        None, ref=str(device_id), detail={"leases": [[x.year, x.first, x.last] for x in leases]}
    )
    return leases


@command(may="crime.lease_numbers", act="crime.lease_released")
def release_lease(*, actor: Actor, at: datetime, lease_id: UUID) -> int:
    """Take back what a device has not used of a lease; those numbers are void. Returns how many.
    Raises NotFound.
    """
    lease = NumberLease.objects.select_for_update().filter(id=lease_id, force=actor.force).first()
    if lease is None:
        raise NotFound("There is no such lease.")
    count = _end(lease, at, RELEASED)
    record_act(lease, ref=str(lease.device_id), detail={"void": count})
    return count


@command(may="crime.lease_numbers", act="crime.leases_expired")
def expire_leases(*, actor: Actor, at: datetime) -> int:
    """End the force's leases whose time is over; returns how many numbers became void.

    A device that turns up later with a crime under such a number is still believed: see
    `is_honoured`.
    """
    over = NumberLease.objects.filter(force=actor.force, released_at=None, expires_at__lte=at)
    ended = [
        _end(lease, at, LAPSED) for lease in over.select_for_update(skip_locked=True).order_by("id")
    ]
    record_act(None, detail={"leases": len(ended), "void": sum(ended)})
    return sum(ended)


@command(may="crime.lease_numbers", act="crime.number_voided")
def void_number(*, actor: Actor, at: datetime, number: str, reason: str) -> None:
    """Withdraw a leased number for good, with the reason. Raises NotFound, Refused, and Conflict
    for a used one.
    """
    said = fits(reason, limit=200, field="reason", what="The reason")
    if not said or said in {LAPSED, RELEASED}:
        raise Refused("Say why this number is withdrawn.", field="reason")
    row = _locked_number(actor.force, number)
    if row is None:
        raise NotFound("There is no such number.")
    if row.state == NumberState.USED:
        raise Conflict(f"{row} is the number of a recorded crime.")
    row.state, row.void_reason, row.changed_at = NumberState.VOID, said, at
    row.save(update_fields=["state", "void_reason", "changed_at"])
    record_act(row, ref=str(row), detail={"reason": said})


@app.periodic(cron="17 * * * *")
@app.task(name="crimes.expire_leases", queueing_lock="crimes.expire_leases", pass_context=False)
def expire_leases_every_hour(timestamp: int) -> None:
    """End what leases ran out in the last hour, force by force."""
    at = clock.now()
    over = NumberLease.objects.filter(released_at=None, expires_at__lte=at)
    for force in sorted(set(over.values_list("force", flat=True))):
        keeper = Actor.system("keeper of numbers", force=force, permissions={"crime.lease_numbers"})
        expire_leases(actor=keeper, at=at)


def take_number(*, force: str, at: datetime) -> CrimeNumber:
    """Take the next number of the series, used at once: for recording a crime at a desk."""
    series = _locked_series(force, year_at(at))
    serial = _advance(series, 1)
    return CrimeNumber.objects.create(
        force=force, year=series.year, serial=serial, state=NumberState.USED, changed_at=at
    )


def use_leased(
    *, force: str, at: datetime, number: str, device_id: UUID, lease_id: UUID | None
) -> CrimeNumber:
    """Use a number of a device's lease. Raises Refused where it is not this device's, was used, or
    was withdrawn.
    """
    row = _locked_number(force, number)
    ours = row is not None and row.lease is not None and row.lease.device_id == device_id
    if row is None or not ours or (lease_id is not None and row.lease_id != lease_id):
        raise Refused("This number was not leased to this device.", field="number")
    if row.state == NumberState.USED:
        raise Refused(f"{row} is already the number of another crime.", field="number")
    if not is_honoured(state=row.state, void_reason=row.void_reason):
        raise Refused(f"{row} was withdrawn: {row.void_reason}", field="number")
    row.state, row.void_reason, row.changed_at = NumberState.USED, "", at
    row.save(update_fields=["state", "void_reason", "changed_at"])
    return row


def _locked_number(force: str, number: str) -> CrimeNumber | None:
    parts = parse_crime_number(number)
    if parts is None or parts.force != force:
        return None
    rows = CrimeNumber.objects.select_related("lease").select_for_update(of=("self",))
    return rows.filter(force=force, year=parts.year, serial=parts.serial).first()


def _locked_series(force: str, year: int) -> NumberSeries:
    series = NumberSeries.objects.select_for_update().filter(force=force, year=year)
    if (row := series.first()) is None:
        NumberSeries.objects.bulk_create(
            [NumberSeries(force=force, year=year)], ignore_conflicts=True
        )
        row = series.get()
    return row


def _advance(series: NumberSeries, count: int) -> int:
    """Move a series on; returns the first of the numbers that left it."""
    first = series.next_serial
    if first + count - 1 > LAST_SERIAL:
        raise Conflict("This year's crime numbers are used up.")
    series.next_serial = first + count
    series.save(update_fields=["next_serial"])
    return first


def _lease(series: NumberSeries, actor: Actor, at: datetime, device_id: UUID, count: int) -> None:
    first = _advance(series, count)
    lease = NumberLease.objects.create(
        device_id=device_id,
        force=series.force,
        year=series.year,
        first=first,
        last=first + count - 1,
        taken_at=at,
        taken_by=actor.id,
        expires_at=at + LEASE_LASTS,
    )
    CrimeNumber.objects.bulk_create(
        CrimeNumber(
            force=series.force,
            year=series.year,
            serial=serial,
            state=NumberState.LEASED,
            lease=lease,
            changed_at=at,
        )
        for serial in range(first, first + count)
    )


def _end(lease: NumberLease, at: datetime, reason: str) -> int:
    unused = CrimeNumber.objects.filter(lease=lease, state=NumberState.LEASED)
    count = unused.update(state=NumberState.VOID, void_reason=reason, changed_at=at)
    if lease.released_at is None:
        lease.released_at = at
        lease.save(update_fields=["released_at"])
    return count


def _view(lease: NumberLease) -> LeaseView:
    unused = sorted(
        (each for each in lease.numbers.all() if each.state == NumberState.LEASED),
        key=lambda each: each.serial,
    )
    return LeaseView(
        lease_id=lease.id,
        force=lease.force,
        year=lease.year % 100,
        first=lease.first,
        last=lease.last,
        expires_at=lease.expires_at,
        numbers=tuple(str(each) for each in unused),
    )
