"""Statements: the front as it was signed; the back on a page of its own, by a permission of its
own.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.casework.investigations.queries import view_statement, view_statement_back
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import words
from bluelamp.web.render import render

VPS = {"offered": "Offered", "made": "Made", "declined": "Offered and declined"}


@require_safe
@staff
def statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """The front of a statement: its words, declaration and signature."""
    actor = actor_of(request)
    found = view_statement(actor=actor, at=now(), statement_id=statement_id, why=actor.why)
    context = {
        "statement": found,
        "slug": words.slug_of(found.crime_number),
        "signature": _drawn(found.signature),
        "may_turn": actor.may("person.view"),
    }
    return render(request, "desk/statement.html.jinja", context)


@require_safe
@staff
def back(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """The back of a statement: where the maker lives and when they can come to court. Never with
    the front.
    """
    actor = actor_of(request)
    found = view_statement_back(actor=actor, at=now(), statement_id=statement_id, why=actor.why)
    context = {"reverse": found, "statement_id": statement_id, "vps": VPS.get(found.vps, found.vps)}
    return render(request, "desk/statement_back.html.jinja", context)


def _drawn(signature: dict[str, Any]) -> dict[str, Any]:
    """Return a signature as an SVG needs it: the size of the glass, and one path a stroke. Numbers
    only.
    """
    try:
        width, height = float(signature["width"]), float(signature["height"])
        paths = [path for stroke in signature["strokes"] if (path := _path(stroke))]
    except (KeyError, TypeError, ValueError):
        return {}
    return {"width": width, "height": height, "paths": paths} if paths else {}


def _path(stroke: Iterable[dict[str, Any]]) -> str:
    points = [f"{float(point['x']):.1f} {float(point['y']):.1f}" for point in stroke]
    return "M" + "L".join(points) if points else ""
