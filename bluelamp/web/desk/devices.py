"""Officers' devices: the list, one of them with its crime numbers, and an officer's own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.casework.crimes import commands as crimes
from bluelamp.casework.crimes.lookups import (
    DEVICE_ORDERS,
    DeviceRow,
    LimitAlarmRow,
    account_for_numbers,
    get_device,
    list_devices,
    list_limit_alarms,
)
from bluelamp.casework.crimes.rules import MAX_UNUSED_NUMBERS, number_year
from bluelamp.foundation.accounts.commands import devices as device_commands
from bluelamp.foundation.accounts.commands.device_reports import cancel_wipe as cancel_device_wipe
from bluelamp.foundation.accounts.commands.device_reports import order_wipe
from bluelamp.foundation.accounts.device_lookups import (
    DeviceDetail,
    DeviceState,
    find_device_report,
    list_own_devices,
)
from bluelamp.foundation.accounts.device_rules import MAX_DEVICES
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.web.actor import get_actor, staff_required, step_up_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.waiting_devices import describe_report
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

# Strict: an order that has no label here stops the program at its start, not a page later.
ORDERS = dict(
    zip(DEVICE_ORDERS, ("Last used", "Most unused numbers", "Officer’s name"), strict=True)
)
STATES = {"": "All", "enrolled": "In use", "blocked": "Blocked"}
STATE_TAGS = {
    DeviceState.ENROLLED: Tag("In use", "green"),
    DeviceState.BLOCKED: Tag("Blocked", "red"),
}
ALARM_TEXTS = {
    "devices": f"already uses {MAX_DEVICES} devices and tried to add another",
    "numbers": f"has {MAX_UNUSED_NUMBERS} unused crime numbers and asked for more",
}
SUCCESS_MESSAGES = {
    "blocked": "Device blocked. It can’t send anything or get crime numbers.",
    "unblocked": "Device unblocked. It sends what is saved on it the next time the app is open.",
    "given-back": "Crime numbers taken back",
    "withdrawn": "Crime numbers withdrawn",
    "restored": "The device can send a crime that it recorded under this number",
    "wipe-ordered": "The device deletes all that is on it when it next has signal and the app is "
    "open.",
    "wipe-cancelled": "The order is taken back. Nothing on the device is deleted.",
    "lost": "Reported lost. The device is blocked.",
}
# More than any name or number has: a search must not read a book.
MAX_QUERY = 200


@require_safe
@staff_required
def devices(request: HttpRequest) -> HttpResponse:
    """List the force's devices, with the year's numbers and who reached a limit."""
    actor, at = get_actor(request), now()
    q = request.GET.get("q", "")[:MAX_QUERY]
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    order = request.GET.get("order", "")
    order = order if order in ORDERS else DEVICE_ORDERS[0]
    results = list_devices(
        actor=actor,
        at=at,
        q=q,
        state=state,
        order=order,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    filters = {name: value for name, value in (("q", q), ("state", state)) if value}
    context = {
        "rows": [_device_row(row) for row in results.rows],
        "total": results.total,
        "summary": labels.count_label(results.total, "device"),
        "empty": "No devices match. Try the officer’s name, or a crime number."
        if filters
        else "No officer uses the officer app yet.",
        "alarms": [_alarm_text(alarm) for alarm in list_limit_alarms(actor=actor, at=at)],
        "numbers": account_for_numbers(force=actor.force, year=number_year(at)),
        "year": number_year(at),
        "q": q,
        "order": order,
        "orders": ORDERS,
        "state": state,
        "states": STATES,
        "query_without_state": encode_search({"q": q, "order": order}),
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search(filters) if filters else "",
    }
    return render(request, "desk/devices.html.jinja", context)


@require_safe
@staff_required
def device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Show one device, with forms to block it and to account for its numbers."""
    return _device_page(request, device_id)


@require_POST
@staff_required
@step_up_required
def block(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Block a device for everybody who uses it."""
    return _change_device(
        request, device_id, device_commands.block_device, done="blocked", field="block"
    )


@require_POST
@staff_required
@step_up_required
def unblock(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Let an officer use a device again."""
    return _change_device(
        request, device_id, device_commands.unblock_device, done="unblocked", field="unblock"
    )


@require_POST
@staff_required
@step_up_required
def wipe(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Tell a blocked device to delete all that is on it."""
    # Its own box beside the one that accepts the loss: nobody wipes a phone by one wrong press.
    if request.POST.get("sure") != "yes":
        errors = {"sure": "Confirm that you want to wipe this device"}
        return _device_page(request, device_id, errors=errors, status=422)
    return _change_device(
        request,
        device_id,
        order_wipe,
        done="wipe-ordered",
        field="wipe",
        accepts_loss=request.POST.get("accepts_loss") == "yes",
    )


@require_POST
@staff_required
@step_up_required
def cancel_wipe(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Take back the order to wipe a device."""
    return _change_device(
        request, device_id, cancel_device_wipe, done="wipe-cancelled", field="cancel-wipe"
    )


@require_POST
@staff_required
@step_up_required
def release_numbers(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Take back every unused number of a blocked device."""
    return _change_device(
        request, device_id, crimes.release_device_numbers, done="given-back", field="give-back"
    )


@require_POST
@staff_required
@step_up_required
def withdraw_numbers(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Withdraw some numbers of a blocked device for good."""
    return _change_device(
        request,
        device_id,
        crimes.void_device_numbers,
        done="withdrawn",
        field="withdraw",
        numbers=request.POST.getlist("numbers"),
    )


@require_POST
@staff_required
@step_up_required
def restore_number(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Let a device send a crime that it recorded under a number which was withdrawn."""
    return _change_device(
        request,
        device_id,
        crimes.restore_number,
        done="restored",
        field="restore",
        number=request.POST.get("number", ""),
    )


@require_safe
@staff_required
def my_devices(request: HttpRequest) -> HttpResponse:
    """List the officer's own devices, each with a button to report it lost."""
    actor, at = get_actor(request), now()
    context = {
        "devices": [
            {"device": row, "tag": STATE_TAGS[row.state]}
            for row in list_own_devices(actor=actor, at=at)
        ],
        "max_devices": MAX_DEVICES,
        "done": SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/my_devices.html.jinja", context)


@require_POST
@staff_required
def report_lost(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Block one of the officer's own devices, which is lost."""
    device_commands.report_device_lost(
        actor=get_actor(request),
        at=now(),
        device_id=device_id,
        # Cut and not refused: the device must be blocked now, however much somebody writes.
        reason=request.POST.get("reason", "")[:150],
    )
    return redirect(f"{reverse('desk-my-devices')}?done=lost")


def _change_device(
    request: HttpRequest,
    device_id: UUID,
    command: Callable[..., Any],
    *,
    done: str,
    field: str,
    **arguments: Any,
) -> HttpResponse:
    """Call a command about a device with the form's reason, and show the device again.

    Args:
        request: The request, whose form has a reason under the name `field`.
        device_id: The device.
        command: A command that takes `device_id` and `reason`.
        done: The key of the success message.
        field: The name of the form's reason. Each form of the page has its own.
        **arguments: What else the command takes.
    """
    try:
        command(
            actor=get_actor(request),
            at=now(),
            device_id=device_id,
            reason=request.POST.get(field, ""),
            **arguments,
        )
    except Refused as refused:
        errors = {
            # The page has several forms with a reason: the error belongs beside the one that was
            # sent.
            field if name == "reason" else name: text
            for name, text in refused.errors.items()
        }
        return _device_page(request, device_id, errors=errors, status=422)
    # Somebody else did it meanwhile: the page shows the device as it is now.
    except Conflict as conflict:
        return _device_page(request, device_id, errors={field: conflict.message}, status=409)
    return redirect(f"{reverse('desk-device', kwargs={'device_id': device_id})}?done={done}")


def _device_page(
    request: HttpRequest,
    device_id: UUID,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, at = get_actor(request), now()

    def when(moment: datetime | None) -> str:
        return labels.short_time(moment, at=at) if moment else ""

    numbers = get_device(actor=actor, at=at, device_id=device_id)
    device = numbers.device
    report = find_device_report(actor=actor, at=at, device_id=device_id)
    context = {
        "report": describe_report(report, at=at) if report else None,
        "wipe_ordered": when(device.wipe_ordered_at),
        "wiped": when(device.wiped_at),
        "device": device,
        "numbers": numbers,
        "state_tag": STATE_TAGS[device.state],
        "is_blocked": device.state == DeviceState.BLOCKED,
        "is_own": device.officer_id == actor.id,
        "enrolled": labels.short_time(device.enrolled_at, at=at),
        "seen": labels.short_time(device.last_seen_at, at=at),
        "blocked": when(device.blocked_at),
        "values": request.POST,
        "selected": request.POST.getlist("numbers"),
        "errors": errors or {},
        "done": SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/device.html.jinja", context, status=status)


def _device_row(row: DeviceRow) -> dict[str, Any]:
    device: DeviceDetail = row.device
    return {
        "href": reverse("desk-device", kwargs={"device_id": device.id}),
        "name": device.name,
        "officer": device.officer_name,
        "is_leaver": not device.is_officer_active,
        "seen": labels.short_time(device.last_seen_at, at=now()),
        "seen_at": device.last_seen_at,
        "unused": row.unused_numbers,
        "tag": STATE_TAGS[device.state],
    }


def _alarm_text(alarm: LimitAlarmRow) -> str:
    when = labels.short_time(alarm.reached_at, at=now())
    return f"{when}: {alarm.officer_name} {ALARM_TEXTS[alarm.limit]}"
