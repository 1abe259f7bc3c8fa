"""Visits to applicants: who waits for one, on a map and as a list; planning a day; its print."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.datetime_input import parse_iso_date
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.services.firearms.commands.visits import plan_visits
from bluelamp.services.firearms.lookups.visits import (
    VisitRow,
    list_visitors,
    list_visits,
    list_visits_of_day,
)
from bluelamp.services.firearms.rules.visits import USUAL_MINUTES, USUAL_START
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels as desk_labels
from bluelamp.web.desk.firearms import labels
from bluelamp.web.desk.forms import read_field
from bluelamp.web.desk.maps import LETTERS
from bluelamp.web.maps import Spot, build_map_data
from bluelamp.web.parsing import parse_date_field, parse_time_field, parse_uuid
from bluelamp.web.render import render

# A to Z, then AA to ZZ: several officers make more visits in a day than there are letters.
MARKS = (*LETTERS, *(first + second for first in LETTERS for second in LETTERS))


@require_http_methods(["GET", "POST"])
@staff_required
def visits(request: HttpRequest) -> HttpResponse:
    """Show who waits for a visit. On POST plan those that are ticked for a day and an officer."""
    actor, at = get_actor(request), now()
    errors: dict[str, str] = {}
    if request.method == "POST":
        day = read_field(errors, "day", parse_date_field, request.POST)
        start = read_field(errors, "start", parse_time_field, request.POST.get("start", ""))
        try:
            if not errors:
                plan_visits(
                    actor=actor,
                    at=at,
                    references=request.POST.getlist("references"),
                    day=day,
                    start=start,
                    minutes=_read_minutes(request.POST.get("minutes", "")),
                    officer_id=parse_uuid(request.POST.get("officer", "")),
                )
                return redirect(_day_url(day, request.POST.get("officer", "")) + "&done=planned")
        except Refused as refused:
            errors = dict(refused.errors)
        except Conflict as conflict:
            errors = {"": conflict.message}
    area = request.GET.get("area", "")
    page = list_visits(
        actor=actor,
        at=at,
        area=area,
        page=desk_labels.parse_page_number(request.GET.get("page", "")),
    )
    context = {
        "rows": [_visit_row(row, mark, at) for row, mark in zip(page.rows, MARKS, strict=False)],
        "map": _draw_map(page.rows),
        "area": area.upper(),
        "areas": [
            ("", f"All ({sum(count for _area, count in page.areas)})"),
            *((name, f"{name or 'No postcode'} ({count})") for name, count in page.areas),
        ],
        "summary": desk_labels.count_label(page.total, "visit") + " to make, by area, the oldest"
        " application of each first",
        "officers": _list_officers(actor),
        "values": _form_values(request, actor, at),
        "errors": errors,
        "page": desk_labels.page_links(page=page.page, pages=page.pages),
        "query": f"&{urlencode({'area': area})}" if area else "",
        "today": london_date(at).isoformat(),
    }
    return render(
        request, "desk/firearms_visits.html.jinja", context, status=422 if errors else 200
    )


@require_safe
@staff_required
def visits_of_day(request: HttpRequest, day: str) -> HttpResponse:
    """Show the visits of a day, of one officer or of all: to read and to print."""
    actor, at = get_actor(request), now()
    on = parse_iso_date(day)
    if on is None:
        raise Http404
    officer_id = parse_uuid(request.GET.get("officer", ""))
    rows = list_visits_of_day(actor=actor, at=at, day=on, officer_id=officer_id)
    officers = dict(_list_officers(actor))
    context = {
        "on": on,
        "officer": officers.get(str(officer_id), ""),
        "rows": [_visit_row(row, mark, at) for row, mark in zip(rows, MARKS, strict=False)],
        "map": _draw_map(rows),
        "summary": desk_labels.count_label(len(rows), "visit"),
        "others": [
            {"href": _day_url(on, value), "text": text, "current": value == str(officer_id or "")}
            for value, text in (("", "Everybody"), *officers.items())
        ],
        "done": "Visits planned" if request.GET.get("done") else "",
    }
    return render(request, "desk/firearms_visits_of_day.html.jinja", context)


def _day_url(day: date | None, officer: str) -> str:
    url = reverse("desk-firearms-visits-of-day", kwargs={"day": (day or date.min).isoformat()})
    return f"{url}?{urlencode({'officer': officer})}"


def _list_officers(actor: Actor) -> list[tuple[str, str]]:
    return [(str(user.id), user.display_name) for user in list_visitors(force=actor.force)]


def _form_values(request: HttpRequest, actor: Actor, at: datetime) -> dict[str, Any]:
    if request.method == "POST":
        return request.POST.dict() | {"references": request.POST.getlist("references")}
    tomorrow = date.fromordinal(london_date(at).toordinal() + 1)
    return {
        "officer": str(actor.id),
        "day_day": tomorrow.day,
        "day_month": tomorrow.month,
        "day_year": tomorrow.year,
        "start": f"{USUAL_START:%-I%p}".lower(),
        "minutes": USUAL_MINUTES,
        "references": [],
    }


def _read_minutes(text: str) -> int | None:
    # Three digits at most: int() is slow on thousands of them, and no visit takes that long.
    return int(text) if text.strip().isdecimal() and len(text.strip()) < 4 else None


def _draw_map(rows: Sequence[VisitRow]) -> dict[str, Any]:
    """Return the map of these visits, each with the letter of its row."""
    return build_map_data(
        [
            Spot(row.easting, row.northing, label=f"{row.applicant}, {row.address}", mark=letter)
            for row, letter in zip(rows, MARKS, strict=False)
            if row.easting is not None and row.northing is not None
        ]
    )


def _visit_row(row: VisitRow, letter: str, at: datetime) -> dict[str, Any]:
    planned_on = london_date(row.planned_at) if row.planned_at else None
    return {
        "letter": letter,
        "is_on_map": row.easting is not None,
        "reference": row.reference,
        "href": reverse("desk-firearms-application", kwargs={"reference": row.reference}),
        "applicant": row.applicant,
        "title": labels.application_title(row.kind, row.certificates),
        "address": row.address or "No address",
        "phone": row.phone,
        "area": row.area,
        "days": desk_labels.count_label(row.days, "day"),
        "is_overdue": row.days > labels.OVERDUE_DAYS,
        "owner": row.owner,
        "planned_at": row.planned_at,
        "planned_for": row.planned_for,
        "planned_href": _day_url(planned_on, "") if planned_on else "",
        "is_past": row.planned_at is not None and row.planned_at < at,
    }
