"""Statements: the signed front, and the back on a page with a permission of its own."""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.casework.investigations.lookups import get_statement, get_statement_back
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.labels.clocks import TIME_PROBLEMS, clock_notice
from bluelamp.web.labels.statements import STATEMENT_TITLES
from bluelamp.web.render import render

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
    actor = get_actor(request)
    statement = get_statement(actor=actor, at=now(), statement_id=statement_id)
    context = {
        "statement": statement,
        "statement_titles": STATEMENT_TITLES,
        "signature": _signature_drawing(statement.signature),
        "officer_signature": _signature_drawing(statement.officer_signature or {}),
        "may_view_back": actor.may("person.view"),
        "clock_notice": clock_notice(statement.device_clock),
        "time_problem": TIME_PROBLEMS[statement.time_problem] if statement.time_problem else "",
        "may_correct_time": actor.may("investigation.write"),
    }
    return render(request, "desk/statement.html.jinja", context)


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
