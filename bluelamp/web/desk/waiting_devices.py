"""Phones with work waiting: the list, and what waits on one of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.foundation.accounts.device_lookups import (
    WAITING_FILTERS,
    WAITING_ORDERS,
    DeviceState,
    WaitingDevice,
    find_device_report,
    list_waiting_devices,
)
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.render import render

ORDERS = dict(
    zip(
        WAITING_ORDERS,
        ("Most urgent", "Waiting longest", "Most waiting", "Officer’s name"),
        strict=True,
    )
)
FILTERS = {"": "All"} | dict(
    zip(WAITING_FILTERS, ("Not accepted", "Storage faults", "Blocked"), strict=True)
)
KINDS = {
    "crime": ("crime", "crimes"),
    "addition": ("addition to a crime", "additions to crimes"),
    "assessment": ("risk assessment", "risk assessments"),
    "encounter": ("stop and search", "stops and searches"),
    "statement": ("statement", "statements"),
    "item": ("photo or file", "photos or files"),
}
# A clock that is further out than this makes times of captures wrong by as much.
CLOCK_TOLERANCE_S = 120


@require_safe
@staff_required
def waiting_devices(request: HttpRequest) -> HttpResponse:
    """List the phones on which something waits to be sent."""
    actor, at = get_actor(request), now()
    show = request.GET.get("show", "")
    show = show if show in FILTERS else ""
    order = request.GET.get("order", "")
    order = order if order in ORDERS else WAITING_ORDERS[0]
    results = list_waiting_devices(
        actor=actor,
        at=at,
        show=show,
        order=order,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    context = {
        "rows": [describe_report(row, at=at) for row in results.rows],
        "total": results.total,
        "summary": labels.count_label(results.total, "phone"),
        "empty": "No phones match. Show all of them."
        if show
        else "Nothing waits on any phone. Everything that officers recorded has arrived, as far as "
        "their phones have told us.",
        "order": order,
        "orders": ORDERS,
        "show": show,
        "filters": FILTERS,
        "query": f"&show={show}" if show else "",
        "page": labels.page_links(page=results.page, pages=results.pages),
    }
    return render(request, "desk/waiting_devices.html.jinja", context)


@require_safe
@staff_required
def waiting_device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Show what waits on one phone."""
    actor, at = get_actor(request), now()
    report = find_device_report(actor=actor, at=at, device_id=device_id)
    if report is None:
        raise Http404
    return render(
        request, "desk/waiting_device.html.jinja", {"report": describe_report(report, at=at)}
    )


def describe_report(report: WaitingDevice, *, at: datetime) -> dict[str, Any]:
    """Return what a page shows of a phone's last report."""
    device = report.device
    clock_error_s = round(report.clock_error.total_seconds())
    reasons = list(dict.fromkeys(thing.reason for thing in report.waiting if thing.reason))
    return {
        "href": reverse("desk-waiting-device", kwargs={"device_id": device.id}),
        "device_id": device.id,
        "name": device.name,
        "officer": device.officer_name,
        "what": describe_things(report),
        "waiting": report.waiting_count,
        "refused": report.refused_count,
        "drafts": report.draft_count,
        "since": labels.short_time(report.oldest_since, at=at) if report.oldest_since else "",
        "since_at": report.oldest_since,
        "reported": labels.short_time(report.reported_at, at=at),
        "reported_at": report.reported_at,
        "reasons": reasons,
        "why": _first_reason(report, reasons),
        "app": report.app,
        "size_bytes": report.waiting_bytes,
        "store_trouble": report.store_trouble,
        "unreadable": report.unreadable_count,
        "clock": _describe_clock(clock_error_s),
        "tag": Tag("Blocked", "red") if device.state == DeviceState.BLOCKED else None,
        "things": [
            {
                "kind": KINDS.get(thing.kind, (thing.kind, ""))[0].capitalize(),
                "id": thing.id,
                "since": labels.short_time(thing.since, at=at),
                "reason": thing.reason,
                "is_refused": thing.is_refused,
            }
            for thing in report.waiting
        ],
    }


def describe_things(report: WaitingDevice) -> str:
    """Return what waits in words, as in “1 crime, 2 photos or files”."""
    counts: dict[str, int] = {}
    for thing in report.waiting:
        counts[thing.kind] = counts.get(thing.kind, 0) + 1
    parts = [
        labels.count_label(count, *KINDS.get(kind, (kind, kind)))
        for kind, count in sorted(counts.items(), key=lambda pair: list(KINDS).index(pair[0]))
        if kind in KINDS
    ]
    # Only the oldest are listed; the count is of all.
    more = report.waiting_count - sum(counts[kind] for kind in counts if kind in KINDS)
    if more > 0:
        parts.append(f"{more:,} more" if parts else labels.count_label(more, "thing"))
    return ", ".join(parts)


def _first_reason(report: WaitingDevice, reasons: list[str]) -> str:
    if report.store_trouble:
        return report.store_trouble
    refused = [thing.reason for thing in report.waiting if thing.is_refused and thing.reason]
    return (refused or reasons or [""])[0]


def _describe_clock(clock_error_s: int) -> str:
    if abs(clock_error_s) <= CLOCK_TOLERANCE_S:
        return ""
    minutes = round(abs(clock_error_s) / 60)
    return f"{labels.count_label(minutes, 'minute')} {'fast' if clock_error_s > 0 else 'slow'}"
