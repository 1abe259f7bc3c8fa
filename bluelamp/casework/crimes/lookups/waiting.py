"""Evidence that a phone has announced and not sent yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import CrimeItem
from bluelamp.casework.crimes.policy import crime_item_policy
from bluelamp.casework.crimes.rules import ItemAnnouncement
from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.audit.acts import read_within_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.models import Item


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingItem:
    """An item whose bytes have not arrived: what it is, and which phone still has it.

    `size` is in bytes. `device_name` is "" and `device_seen_at` None for a phone that nobody in the
    force uses.
    """

    item_id: UUID
    crime_id: UUID
    crime_number: str
    description: str
    filename: str
    size: int
    announced_at: datetime
    officer_name: str
    device_id: UUID | None
    device_name: str
    device_seen_at: datetime | None
    is_device_blocked: bool


@read_within_act
def list_waiting_items(*, actor: Actor, crime_ids: Iterable[UUID]) -> tuple[WaitingItem, ...]:
    """Return what phones announced for these crimes and have not sent, the oldest first.

    For commands and lookups that record the act.
    """
    announced = (
        crime_item_policy.queryset(actor)
        .select_related("crime__number")
        # Only what a phone announced: a report's files are uploaded before the report is sent.
        .exclude(announcement={})
        .filter(crime__in=list(crime_ids), item=None)
        .order_by("added_at", "id")
    )
    rows = list(announced)
    # They are connected every ten minutes; what arrived since is here all the same.
    arrived = set(
        Item.objects.filter(id__in=[row.announced_item_id for row in rows]).values_list(
            "id", flat=True
        )
    )
    waiting = [row for row in rows if row.announced_item_id not in arrived]
    phones = _phones_by_installation(actor, waiting)
    return tuple(_to_waiting_item(row, phones) for row in waiting)


def _phones_by_installation(actor: Actor, rows: Iterable[CrimeItem]) -> dict[str, Device]:
    ids = {row.announcement["device_id"] for row in rows}
    devices = (
        Device.objects.select_related("officer")
        .filter(force=actor.force, installation_id__in=ids)
        # Of several officers who use one phone, the one who used it last is asked first.
        .order_by("last_seen_at")
    )
    return {str(device.installation_id): device for device in devices}


def _to_waiting_item(row: CrimeItem, phones: dict[str, Device]) -> WaitingItem:
    announcement: ItemAnnouncement = row.announcement
    device = phones.get(announcement["device_id"])
    return WaitingItem(
        item_id=row.announced_item_id,
        crime_id=row.crime_id,
        crime_number=str(row.crime.number),
        description=announcement["about"].get("description", ""),
        filename=announcement["filename"],
        size=announcement["size"],
        announced_at=row.added_at,
        officer_name=device.officer.display_name if device else "",
        device_id=device.id if device else None,
        device_name=device.name if device else "",
        device_seen_at=device.last_seen_at if device else None,
        is_device_blocked=bool(device and device.blocked_at),
    )
