"""Officers' devices with the crime numbers that each has: the desk's list of them, and one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bluelamp.casework.crimes.models import CrimeNumber, NumberLease
from bluelamp.casework.crimes.policy import number_lease_policy
from bluelamp.casework.crimes.rules import LEASE_LAPSED, LEASE_RELEASED, NumberState
from bluelamp.foundation.accounts.device_lookups import DeviceDetail, to_device_detail
from bluelamp.foundation.accounts.device_models import Device, DeviceLimitAlarm
from bluelamp.foundation.accounts.device_policy import device_policy
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page
from bluelamp.foundation.kernel.text import clean_query
from bluelamp.records.reference.rules import parse_crime_number

DEVICES_ON_A_PAGE = 25
ALARM_SHOWN_FOR = timedelta(days=7)
# Rows with `unused_numbers`, which the model itself does not have.
_ORDERS: dict[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
    "seen": lambda rows: rows.order_by("-last_seen_at", "id"),
    "numbers": lambda rows: rows.order_by("-unused_numbers", "-last_seen_at", "id"),
    "officer": lambda rows: rows.order_by("officer__name", "name", "id"),
}
DEVICE_ORDERS = tuple(_ORDERS)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceRow:
    """A device in a list, with how many numbers it has that no crime has used."""

    device: DeviceDetail
    unused_numbers: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitAlarmRow:
    """That an officer reached a limit: `devices` or `numbers`."""

    officer_name: str
    limit: str
    reached_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DevicePage(ListPage):
    """A page of the force's devices, and how many match."""

    rows: tuple[DeviceRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VoidNumber:
    """A number that no crime has, and why."""

    number: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceNumbers:
    """A device with its numbers.

    `given_back` can still be used by crimes that the device recorded before; `withdrawn` can't.
    `used` counts those that are crimes' numbers. `other_officers` use the same phone.
    """

    device: DeviceDetail
    unused: tuple[str, ...]
    given_back: tuple[str, ...]
    withdrawn: tuple[VoidNumber, ...]
    used: int
    other_officers: tuple[str, ...]


@lookup(permission="device.manage", act="device.listed")
def list_devices(
    *, actor: Actor, at: datetime, q: str = "", state: str = "", order: str = "seen", page: int = 1
) -> DevicePage:
    """Return the force's devices that match a search, a page at a time.

    Args:
        actor: Who looks.
        at: The time.
        q: Words of the officer's name or collar number or of the device's name; or a crime number,
            for the device that it was given to.
        state: `blocked` or `enrolled`; "" for both.
        order: One of `DEVICE_ORDERS`.
        page: The page, from 1.
    """
    rows = _matching_devices(actor, clean_query(q))
    if state:
        rows = rows.filter(blocked_at__isnull=state == "enrolled")
    total = rows.count()
    page, pages = choose_page(page, total=total, size=DEVICES_ON_A_PAGE)
    start = (page - 1) * DEVICES_ON_A_PAGE
    ordered = _ORDERS[order](_with_unused_numbers(rows).select_related("officer"))
    record_act(None, ref=clean_query(q), detail={"count": total})
    return DevicePage(
        rows=tuple(
            DeviceRow(device=to_device_detail(row), unused_numbers=row.unused_numbers)
            for row in ordered[start : start + DEVICES_ON_A_PAGE]
        ),
        total=total,
        page=page,
        pages=pages,
    )


@lookup(permission="device.manage", act="device.alarms_listed")
def list_limit_alarms(*, actor: Actor, at: datetime) -> tuple[LimitAlarmRow, ...]:
    """Return which officers of the force reached a limit in the last week, the latest first."""
    rows = (
        DeviceLimitAlarm.objects.filter(force=actor.force, reached_at__gt=at - ALARM_SHOWN_FOR)
        .select_related("officer")
        .order_by("-reached_at")
    )
    record_act(None, detail={"count": len(rows)})
    return tuple(
        LimitAlarmRow(
            officer_name=row.officer.display_name, limit=row.limit, reached_at=row.reached_at
        )
        for row in rows
    )


@lookup(permission="device.manage", act="device.viewed")
def get_device(*, actor: Actor, at: datetime, device_id: UUID) -> DeviceNumbers:
    """Return a device with its numbers. Raises NotFound."""
    row = device_policy.get(actor, id=device_id)
    leases = number_lease_policy.queryset(actor).filter(
        device_id=row.installation_id, taken_by_id=row.officer_id
    )
    numbers = list(CrimeNumber.objects.filter(lease__in=leases).order_by("year", "serial"))
    others = (
        device_policy.queryset(actor)
        .filter(installation_id=row.installation_id)
        .exclude(id=row.id)
        .select_related("officer")
    )
    record_act(row, ref=row.name)
    void = [number for number in numbers if number.state == NumberState.VOID]
    # Voided by the system. Any other reason was written by a person, and the page shows it.
    system_reasons = {LEASE_LAPSED, LEASE_RELEASED}
    return DeviceNumbers(
        device=to_device_detail(row),
        unused=tuple(str(number) for number in numbers if number.state == NumberState.LEASED),
        given_back=tuple(str(number) for number in void if number.void_reason in system_reasons),
        withdrawn=tuple(
            VoidNumber(number=str(number), reason=number.void_reason)
            for number in void
            if number.void_reason not in system_reasons
        ),
        used=sum(number.state == NumberState.USED for number in numbers),
        other_officers=tuple(other.officer.display_name for other in others),
    )


def _matching_devices(actor: Actor, q: str) -> QuerySet[Device]:
    rows = device_policy.queryset(actor)
    # By the lease and not by its rows: the question is who had the number, used or not.
    if parts := parse_crime_number(q):
        leases = NumberLease.objects.filter(
            force=actor.force,
            year=parts.year,
            first__lte=parts.serial,
            last__gte=parts.serial,
            device_id=OuterRef("installation_id"),
            taken_by_id=OuterRef("officer_id"),
        )
        return rows.filter(Exists(leases))
    for word in q.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(officer__name__icontains=word)
            | Q(officer__collar__icontains=word)
        )
    return rows


def _with_unused_numbers(rows: QuerySet[Device]) -> QuerySet[Any]:
    """Add `unused_numbers` to each device."""
    unused = (
        CrimeNumber.objects.filter(
            state=NumberState.LEASED,
            lease__device_id=OuterRef("installation_id"),
            lease__taken_by_id=OuterRef("officer_id"),
        )
        # Without the model's own order, which would become part of the grouping.
        .order_by()
        .values("lease__taken_by_id")
        .annotate(count=Count("id"))
        .values("count")
    )
    return rows.annotate(
        unused_numbers=Coalesce(Subquery(unused, output_field=IntegerField()), Value(0))
    )
