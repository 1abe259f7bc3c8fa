"""Evidence that a phone announced and has not sent: what pages show of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from bluelamp.casework.crimes.lookups import WaitingItem
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.web.desk import labels


class WaitingItemRow(TypedDict):
    """An item that waits on a phone: what it is, where it waits, and that phone's page, if any."""

    title: str
    size: str
    where: str
    href: str


def waiting_item_rows(
    items: Sequence[WaitingItem], *, actor: Actor, at: datetime
) -> list[WaitingItemRow]:
    """Return the rows of items that phones announced and have not sent."""
    may_manage = actor.may("device.manage") or actor.may("device.view_unit")
    return [
        {
            "title": item.description or item.filename,
            "size": filesizeformat(item.size),
            "where": _where_text(item, at),
            "href": reverse("desk-device", kwargs={"device_id": item.device_id})
            if may_manage and item.device_id
            else "",
        }
        for item in items
    ]


def _where_text(item: WaitingItem, at: datetime) -> str:
    announced = labels.short_time(item.announced_at, at=at)
    if not item.device_id or not item.device_seen_at:
        return f"Announced {announced} by a device that nobody uses any more"
    state = ", which is blocked" if item.is_device_blocked else ""
    seen = labels.short_time(item.device_seen_at, at=at)
    return (
        f"On {item.officer_name}’s device “{item.device_name}”{state}. "
        f"Announced {announced}, device last used {seen}"
    )
