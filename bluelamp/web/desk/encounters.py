"""Encounters: the list, the record of one, its copy for the person, and the published CSV."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.casework.encounters import lookups
from bluelamp.casework.encounters.messages import GRADE_TITLES, KIND_TITLES
from bluelamp.casework.encounters.police_uk import write_police_uk_csv
from bluelamp.casework.encounters.rules import SCENE_KINDS, EncounterKind, RiskGrade
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.notifications.temporary import MessageFate
from bluelamp.records.reference.lookups import get_force
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.downloads import download_response
from bluelamp.web.desk.maps import map_context
from bluelamp.web.desk.message_states import describe_message
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

GRADES = {
    RiskGrade.STANDARD: Tag(str(GRADE_TITLES[RiskGrade.STANDARD]), "green"),
    RiskGrade.MEDIUM: Tag(str(GRADE_TITLES[RiskGrade.MEDIUM]), "yellow"),
    RiskGrade.HIGH: Tag(str(GRADE_TITLES[RiskGrade.HIGH]), "red"),
}
KINDS = {
    EncounterKind.STOP_SEARCH.value: "Stop and searches",
    EncounterKind.STOP_ACCOUNT.value: "Stop and accounts",
    EncounterKind.VEHICLE_STOP.value: "Vehicle stops",
    EncounterKind.PROPERTY_FOUND.value: "Property found",
    EncounterKind.MISSING_PERSON.value: "Missing people",
    EncounterKind.SUDDEN_DEATH.value: "Sudden deaths",
    EncounterKind.RISK_ASSESSMENT.value: "Risk assessments",
}
_NOUNS = {
    EncounterKind.STOP_SEARCH.value: ("stop and search", "stop and searches"),
    EncounterKind.STOP_ACCOUNT.value: ("stop and account", "stop and accounts"),
    EncounterKind.VEHICLE_STOP.value: ("vehicle stop", ""),
    EncounterKind.PROPERTY_FOUND.value: ("record of property found", "records of property found"),
    EncounterKind.MISSING_PERSON.value: ("missing person", "missing people"),
    EncounterKind.SUDDEN_DEATH.value: ("sudden death", ""),
    EncounterKind.RISK_ASSESSMENT.value: ("risk assessment", ""),
}
MAX_OFFICER = 100


@require_safe
@staff_required
def encounters(request: HttpRequest) -> HttpResponse:
    """List the encounters of a kind: the officer's own, or for a supervisor all, latest first."""
    actor, at = get_actor(request), now()
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else EncounterKind.STOP_SEARCH
    errors: dict[str, str] = {}
    # A date has ten characters; twenty leave room for what people get wrong.
    values = {name: request.GET.get(name, "")[:20] for name in ("from", "to")}
    values["officer"] = request.GET.get("officer", "")[:MAX_OFFICER]
    filters = lookups.EncounterFilter(
        from_=labels.parse_filter_date(values["from"], field="from", label="From", errors=errors),
        to=labels.parse_filter_date(values["to"], field="to", label="To", errors=errors),
        officer=values["officer"],
    )
    page = labels.parse_page_number(request.GET.get("page", ""))
    results = _list_page(actor, at, kind, filters, page)
    active = {name: value for name, value in values.items() if value}
    is_filtered = any((filters.from_, filters.to, filters.officer))
    context = {
        "results": results,
        "rows": [_encounter_row(row, at) for row in results.rows],
        "kind": kind,
        "kinds": KINDS,
        "is_own": not _may_see_all(actor, kind),
        "summary": _summary(results.total, kind, is_filtered=is_filtered),
        "empty": _empty_message(kind, is_filtered=is_filtered),
        "values": values,
        "errors": errors,
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search({"kind": kind, **active}),
        # A month is published when it is over.
        "month": f"{_previous_month(london_date(at)):%Y-%m}",
    }
    return render(request, "desk/encounters.html.jinja", context, status=422 if errors else 200)


@require_safe
@staff_required
def encounter(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one encounter with its answers."""
    return encounter_page(request, reference)


@require_safe
@staff_required
def encounter_copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the record of a search as the person gets it, to print (PACE 1984 s.3(7) and (8))."""
    actor, at = get_actor(request), now()
    detail = lookups.get_record_copy(actor=actor, at=at, reference=reference)
    force = get_force(detail.force)
    context = encounter_context(detail, at=at) | {"force_name": force.name if force else ""}
    return render(request, "desk/encounter_copy.html.jinja", context)


@require_safe
@staff_required
def stop_search_csv(request: HttpRequest) -> HttpResponseBase:
    """Send a month's stop and searches as data.police.uk's CSV."""
    actor, at = get_actor(request), now()
    # A month has seven characters, like 2026-03.
    text = request.GET.get("month", "")[:7]
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        errors = {"month": "Month must be a real month, like 2026-03"}
        context = {"errors": errors, "values": {"month": text}}
        return render(request, "desk/stop_search_csv.html.jinja", context, status=422)
    searches = lookups.list_published_searches(actor=actor, at=at, month=month)
    content = write_police_uk_csv(searches).encode()
    force = get_force(actor.force)
    name = force.name.lower().replace(" ", "-") if force else actor.force
    # As data.police.uk names its files, with the force in our words.
    filename = f"{month:%Y-%m}-{name}-stop-and-search.csv"
    return download_response(io.BytesIO(content), filename=filename, size=len(content))


def encounter_page(
    request: HttpRequest,
    reference: str,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the page of one encounter, perhaps with the errors of a form on it."""
    actor, at = get_actor(request), now()
    detail = lookups.get_encounter(actor=actor, at=at, reference=reference)
    is_latest = detail.kind in SCENE_KINDS and not detail.corrected_by
    context = encounter_context(detail, at=at) | {
        "may_correct": may_correct(actor, detail),
        "may_return": (is_latest and not detail.returned and actor.may("encounter.view_all")),
        "done": labels.success_message(request.GET.get("done", "")),
        "values": values or {},
        "errors": errors or {},
    }
    status = 422 if errors else 200
    return render(request, "desk/encounter.html.jinja", context, status=status)


def may_correct(actor: Actor, detail: lookups.EncounterDetail) -> bool:
    """Return whether it is the actor's own record of the scene, in its latest version."""
    return (
        detail.kind in SCENE_KINDS
        and not detail.corrected_by
        and detail.recorded_by_id == actor.id
        and actor.may("encounter.record")
    )


def encounter_context(detail: lookups.EncounterDetail, *, at: datetime) -> dict[str, Any]:
    """Return what the pages of one encounter show."""
    return {
        **map_context(detail.location),
        "encounter": detail,
        "title": str(KIND_TITLES[detail.kind]),
        "grade": GRADES[RiskGrade(detail.grade)] if detail.grade else None,
        "sections": [
            {
                "title": page.title,
                "rows": [(row.label, row.lines) for row in page.rows],
            }
            for section in detail.sections
            for page in section.pages
            if page.rows
        ],
        "receipts": [_receipt_row(receipt, at) for receipt in detail.receipts],
        "is_copy_due": bool(detail.copy_until and london_date(at) <= detail.copy_until),
        # A page of its own for each kind of record sets these.
        "may_correct": False,
        "may_return": False,
        "done": "",
        "values": {},
        "errors": {},
    }


def _receipt_row(receipt: MessageFate, at: datetime) -> tuple[str, list[str]]:
    """Return how a link was sent, and what became of it."""
    means = "By text" if receipt.kind == "sms" else "By email"
    return means, describe_message(receipt, at=at)


def _list_page(
    actor: Actor, at: datetime, kind: str, filters: lookups.EncounterFilter, page: int
) -> lookups.EncounterPage:
    if not _may_see_all(actor, kind):
        return lookups.list_own_encounters(
            actor=actor, at=at, kind=kind, filters=filters, page=page
        )
    if kind == EncounterKind.RISK_ASSESSMENT:
        return lookups.list_risk_assessments(actor=actor, at=at, filters=filters, page=page)
    return lookups.list_scene_encounters(actor=actor, at=at, kind=kind, filters=filters, page=page)


def _may_see_all(actor: Actor, kind: str) -> bool:
    is_risk = kind == EncounterKind.RISK_ASSESSMENT
    return actor.may("risk.view_all" if is_risk else "encounter.view_all")


def _encounter_row(row: lookups.EncounterRow, at: datetime) -> dict[str, Any]:
    return {
        "href": reverse("desk-encounter", kwargs={"reference": row.reference}),
        "reference": row.reference,
        "happened_at": row.happened_at,
        "happened": labels.short_time(row.happened_at, at=at),
        "object": row.object,
        "outcome": row.outcome,
        "thing": row.thing,
        "vrm": row.vrm,
        "place": row.place,
        "person": row.person,
        "officer": row.recorded_by_name,
        "crime": row.crime_number,
        "grade": GRADES[RiskGrade(row.grade)] if row.grade else None,
        "version": row.version,
        "is_returned": row.is_returned,
        "came_back": row.came_back,
    }


def _summary(total: int, kind: str, *, is_filtered: bool) -> str:
    matching = " that match" if is_filtered else ""
    ordering = ", the latest first" if total > 1 else ""
    return f"{labels.count_label(total, *_NOUNS[kind])}{matching}{ordering}"


def _empty_message(kind: str, *, is_filtered: bool) -> str:
    if is_filtered:
        return "Nothing matches. Try other dates, or fewer words of the officer's name."
    if kind == EncounterKind.RISK_ASSESSMENT:
        return (
            "There are no risk assessments yet. To make one, open a crime and select Assess risk."
        )
    return f"There are no {KINDS[kind].lower()} yet. Officers record them on their phone."


def _previous_month(today: date) -> date:
    first = today.replace(day=1)
    year, month = (first.year - 1, 12) if first.month == 1 else (first.year, first.month - 1)
    return date(year, month, 1)
