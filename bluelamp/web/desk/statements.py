"""Statements: the signed front, and the back on a page with a permission of its own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.casework.investigations.lookups import get_statement, get_statement_back
from bluelamp.casework.victims.commands import send_statement_copy
from bluelamp.casework.victims.lookups import (
    StatementCopyRow,
    list_statement_copies,
)
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.message_states import describe_message
from bluelamp.web.formats import format_date_time
from bluelamp.web.labels.clocks import TIME_PROBLEMS, clock_notice
from bluelamp.web.labels.statements import STATEMENT_TITLES
from bluelamp.web.render import render

COPY_MEANS = {"sms": "By text", "email": "By email"}
VICTIM_PERSONAL_STATEMENT = {
    "offered": "Offered",
    "made": "Made",
    "declined": "Offered and declined",
}


class SignatureDrawing(TypedDict):
    """A signature as SVG: the size of the glass it was drawn on, and one path a stroke."""

    width: float
    height: float
    paths: list[str]


@require_safe
@staff_required
def statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Show the front of a statement: its text, declaration and signature."""
    return _statement_page(request, statement_id)


@require_POST
@staff_required
def send_copy(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Send the maker a link to a copy of their statement."""
    try:
        send_statement_copy(
            actor=get_actor(request),
            at=now(),
            statement_id=statement_id,
            means=request.POST.get("means", "")[:8],
            is_safe=request.POST.get("safe") == "yes",
            language="cy" if request.POST.get("language") == "cy" else "en",
        )
    except Refused as refused:
        return _statement_page(request, statement_id, errors=refused.errors, values=request.POST)
    page = reverse("desk-statement", kwargs={"statement_id": statement_id})
    return redirect(f"{page}?done=copy-sent#copies")


def _statement_page(
    request: HttpRequest,
    statement_id: UUID,
    *,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> HttpResponse:
    actor, at = get_actor(request), now()
    statement = get_statement(actor=actor, at=at, statement_id=statement_id)
    copies = (
        list_statement_copies(actor=actor, at=at, statement_id=statement_id)
        if actor.may("statement.send_copy")
        else None
    )
    context = {
        "copies": copies,
        "copy_rows": [_copy_row(copy, at) for copy in copies.copies] if copies else [],
        "copy_means": [
            {"value": means, "text": COPY_MEANS[means]}
            for means in (copies.means if copies else ())
        ],
        "errors": errors or {},
        "values": values or {},
        "done": labels.success_message(request.GET.get("done", "")),
        "statement": statement,
        "statement_titles": STATEMENT_TITLES,
        "signature": _signature_drawing(statement.signature),
        "officer_signature": _signature_drawing(statement.officer_signature or {}),
        "may_view_back": actor.may("person.view"),
        "clock_notice": clock_notice(statement.device_clock),
        "time_problem": TIME_PROBLEMS[statement.time_problem] if statement.time_problem else "",
        "may_correct_time": actor.may("investigation.write"),
    }
    return render(request, "desk/statement.html.jinja", context, status=422 if errors else 200)


def _copy_row(copy: StatementCopyRow, at: datetime) -> tuple[str, list[str]]:
    """Return how a copy was sent, what became of the message, and when it was opened."""
    today = london_date(at)
    lines = [f"{format_date_time(copy.sent_at, today=today)} by {copy.sent_by_name}"]
    if copy.message:
        lines.append(describe_message(copy.message, at=at)[0])
    if copy.first_opened_at:
        opened = format_date_time(copy.last_opened_at, today=today)
        lines.append(f"Opened {labels.count_label(copy.openings, 'time')}, last {opened}")
    else:
        lines.append("Not opened")
    return COPY_MEANS[copy.means], lines


@require_safe
@staff_required
def back(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Show the back of a statement: contact details and availability. Never with the front."""
    actor = get_actor(request)
    back = get_statement_back(actor=actor, at=now(), statement_id=statement_id)
    context = {
        "statement_back": back,
        "victim_personal_statement": VICTIM_PERSONAL_STATEMENT.get(back.vps, back.vps),
    }
    return render(request, "desk/statement_back.html.jinja", context)


def _signature_drawing(signature: Mapping[str, Any]) -> SignatureDrawing | None:
    """Return a signature as SVG paths, or None where there is none that can be drawn.

    It comes from a device, and goes into the page's markup: every part is made a number first.
    """
    try:
        # The signature is stored as the phone sent it.
        width, height = float(signature["width"]), float(signature["height"])
        paths = [path for stroke in signature["strokes"] if (path := _stroke_path(stroke))]
    except (KeyError, TypeError, ValueError):
        return None
    return {"width": width, "height": height, "paths": paths} if paths else None


def _stroke_path(stroke: Iterable[Mapping[str, Any]]) -> str:
    points = [f"{float(point['x']):.1f} {float(point['y']):.1f}" for point in stroke]
    return "M" + "L".join(points) if points else ""
