"""What is asked about officers' devices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from bluelamp.foundation.accounts.device_models import Device, DeviceReport
from bluelamp.foundation.accounts.device_policy import device_policy
from bluelamp.foundation.accounts.device_rules import WaitingThing
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted
from bluelamp.foundation.kernel.list_page import ListPage, choose_page

WAITING_ON_A_PAGE = 25
_OLDEST_FIRST = F("oldest_since").asc(nulls_last=True)
# What we refused comes by no waiting: a person must act. Then what has waited longest.
_WAITING_ORDERS: dict[str, tuple[Any, ...]] = {
    "urgent": ("-refused_count", _OLDEST_FIRST, "id"),
    "oldest": (_OLDEST_FIRST, "id"),
    "most": ("-waiting_count", _OLDEST_FIRST, "id"),
    "officer": ("device__officer__name", "device__name", "id"),
}
WAITING_ORDERS = tuple(_WAITING_ORDERS)
_FILTERS = {
    "refused": Q(refused_count__gt=0),
    "trouble": ~Q(store_trouble="") | Q(unreadable_count__gt=0),
    "blocked": Q(device__blocked_at__isnull=False),
}
WAITING_FILTERS = tuple(_FILTERS)


class DeviceState(StrEnum):
    """How a phone stands for one officer."""

    NOT_ENROLLED = "not-enrolled"
    ENROLLED = "enrolled"
    BLOCKED = "blocked"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceDetail:
    """An officer's device. `blocked_at` is None, and the other two "", where it is not blocked."""

    id: UUID
    installation_id: UUID
    officer_id: UUID
    officer_name: str
    is_officer_active: bool
    name: str
    public_key: str
    enrolled_at: datetime
    last_seen_at: datetime
    blocked_at: datetime | None
    blocked_by_name: str
    blocked_reason: str
    wipe_ordered_at: datetime | None = None
    wipe_ordered_by_name: str = ""
    wipe_reason: str = ""
    wipe_nonce: str = ""
    wiped_at: datetime | None = None
    wiped_unsent: int | None = None
    force: str = ""

    @property
    def state(self) -> DeviceState:
        """Return whether it can be used."""
        return DeviceState.BLOCKED if self.blocked_at else DeviceState.ENROLLED


def get_own_device(*, officer_id: UUID, installation_id: UUID) -> DeviceDetail | None:
    """Return the device that is this phone for an officer, or None where it is not enrolled.

    It is no act on the record: it says nothing but what the officer named themselves.
    """
    row = (
        Device.objects.select_related("officer")
        .filter(officer_id=officer_id, installation_id=installation_id)
        .first()
    )
    return to_device_detail(row) if row else None


@lookup(permission="device.enrol", act="device.own_listed")
def list_own_devices(*, actor: Actor, at: datetime) -> list[DeviceDetail]:
    """Return the actor's own devices, those in use first."""
    rows = (
        device_policy.queryset(actor)
        .select_related("officer")
        .filter(officer_id=actor.id)
        .order_by("-blocked_at", "-last_seen_at")
    )
    record_act(None, ref=actor.collar)
    devices = [to_device_detail(row) for row in rows]
    # sorted() is stable: within each half the order of the query stays.
    return sorted(devices, key=lambda device: device.blocked_at is not None)


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingDevice:
    """What a phone said last of what waits on it. The counts and bytes are of all that waits."""

    device: DeviceDetail
    reported_at: datetime
    app: str
    clock_error: timedelta
    store_trouble: str
    unreadable_count: int
    draft_count: int
    waiting_count: int
    refused_count: int
    waiting_bytes: int
    oldest_since: datetime | None
    waiting: tuple[WaitingThing, ...]

    @property
    def has_trouble(self) -> bool:
        """Return whether somebody has to do something about it."""
        return bool(self.refused_count or self.store_trouble or self.unreadable_count)


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingDevicePage(ListPage):
    """A page of the phones on which something waits, and how many match."""

    rows: tuple[WaitingDevice, ...]


@lookup(permission="device.view_unit", act="device.waiting_listed")
def list_waiting_devices(
    *, actor: Actor, at: datetime, show: str = "", order: str = "urgent", page: int = 1
) -> WaitingDevicePage:
    """Return the phones on which something waits or is wrong, a page at a time.

    Whoever does not manage devices sees those of their own unit.

    Args:
        actor: Who looks.
        at: The time.
        show: One of `WAITING_FILTERS`; "" for all.
        order: One of `WAITING_ORDERS`.
        page: The page, from 1.
    """
    reports = _visible_reports(actor).filter(
        Q(waiting_count__gt=0) | ~Q(store_trouble="") | Q(unreadable_count__gt=0)
    )
    if show:
        reports = reports.filter(_FILTERS[show])
    total = reports.count()
    page, pages = choose_page(page, total=total, size=WAITING_ON_A_PAGE)
    start = (page - 1) * WAITING_ON_A_PAGE
    rows = reports.order_by(*_WAITING_ORDERS[order])[start : start + WAITING_ON_A_PAGE]
    record_act(None, detail={"count": total})
    return WaitingDevicePage(
        rows=tuple(_to_waiting_device(row) for row in rows), total=total, page=page, pages=pages
    )


@lookup(permission="device.view_unit", act="device.waiting_viewed")
def find_device_report(*, actor: Actor, at: datetime, device_id: UUID) -> WaitingDevice | None:
    """Return what a device said last of what waits on it; None where it has said nothing."""
    row = _visible_reports(actor).filter(device=device_id).first()
    record_act(row.device if row else None, ref=row.device.name if row else str(device_id))
    return _to_waiting_device(row) if row else None


def _visible_reports(actor: Actor) -> QuerySet[DeviceReport]:
    return DeviceReport.objects.select_related("device__officer").filter(
        device__in=device_policy.queryset(actor)
    )


@read_within_act
def lock_active_device(*, actor: Actor, at: datetime, installation_id: UUID) -> None:
    """Lock the actor's own device for the rest of a command, and note that it was seen.

    A block of the device that is going on at the same time is waited for.

    Raises:
        NotPermitted: The actor has not enrolled this device, or it is blocked.
    """
    require_command()
    row = (
        Device.objects.select_for_update()
        .filter(officer_id=actor.id, installation_id=installation_id)
        .first()
    )
    if row is None:
        raise NotPermitted("The device is not enrolled.")
    if row.blocked_at:
        raise NotPermitted("The device is blocked.")
    row.last_seen_at = at
    row.save(update_fields=["last_seen_at"])


def _to_waiting_device(row: DeviceReport) -> WaitingDevice:
    return WaitingDevice(
        device=to_device_detail(row.device),
        reported_at=row.reported_at,
        app=row.app,
        clock_error=timedelta(seconds=row.clock_error_s),
        store_trouble=row.store_trouble,
        unreadable_count=row.unreadable_count,
        draft_count=row.draft_count,
        waiting_count=row.waiting_count,
        refused_count=row.refused_count,
        waiting_bytes=row.waiting_bytes,
        oldest_since=row.oldest_since,
        waiting=tuple(
            WaitingThing(
                **thing | {"id": UUID(thing["id"]), "since": datetime.fromisoformat(thing["since"])}
            )
            for thing in row.waiting
        ),
    )


def to_device_detail(row: Device) -> DeviceDetail:
    """Return what a device's row holds."""
    return DeviceDetail(
        id=row.id,
        installation_id=row.installation_id,
        officer_id=row.officer_id,
        officer_name=row.officer.display_name,
        is_officer_active=row.officer.is_active,
        name=row.name,
        public_key=row.public_key,
        enrolled_at=row.enrolled_at,
        last_seen_at=row.last_seen_at,
        blocked_at=row.blocked_at,
        blocked_by_name=row.blocked_by_name,
        blocked_reason=row.blocked_reason,
        wipe_ordered_at=row.wipe_ordered_at,
        wipe_ordered_by_name=row.wipe_ordered_by_name,
        wipe_reason=row.wipe_reason,
        wipe_nonce=row.wipe_nonce,
        wiped_at=row.wiped_at,
        wiped_unsent=row.wiped_unsent,
        force=row.force,
    )
