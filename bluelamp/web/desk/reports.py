"""Reports: the crime desk's queue, one report, and recording it as a crime or saying why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.casework.crimes import commands
from bluelamp.casework.crimes.lookups import list_crimes_from_report
from bluelamp.casework.reports import lookups
from bluelamp.casework.reports.commands import mark_not_crime
from bluelamp.casework.reports.rules import ReportState
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.records.people.rules import with_facts
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels, offence_picker
from bluelamp.web.desk.gallery import gallery_items
from bluelamp.web.desk.maps import map_context
from bluelamp.web.desk.people import FIELD_LABELS
from bluelamp.web.labels.search import empty_search_message
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

ORDERS = {
    "urgent": "Most urgent first",
    "oldest": "Waiting longest first",
    "newest": "Newest first",
}
ORDERINGS = {
    "urgent": "possible harm first, then those waiting longest",
    "oldest": "those waiting longest first",
    "newest": "newest first",
}
STATES = {
    **{state.value: tag.text for state, tag in labels.REPORT_STATES.items()},
    "all": "All",
}
MAX_SUGGESTIONS = 3


@require_safe
@staff_required
def queue(request: HttpRequest) -> HttpResponse:
    """List the force's reports: those to decide, unless another state is chosen."""
    state = request.GET.get("state", "new")
    state = state if state in STATES else "new"
    order = request.GET.get("order", "urgent")
    order = order if order in ORDERS else "urgent"
    q = request.GET.get("q", "")[:200]
    at = now()
    results = lookups.list_queue(
        actor=get_actor(request),
        at=at,
        state="" if state == "all" else state,
        page=labels.parse_page_number(request.GET.get("page", "")),
        q=q,
        order=order,
    )
    context = {
        "results": results,
        "rows": [_report_row(row, at) for row in results.rows],
        "summary": _summary(results.total, state=state, q=q, order=order),
        "empty": _empty_message(state=state, q=q),
        "q": q,
        "state": state,
        "order": order,
        "orders": ORDERS,
        "states": STATES,
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search({"state": state, "order": order, "q": q}),
    }
    return render(request, "desk/reports.html.jinja", context)


@require_safe
@staff_required
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one report and the decisions that can be made about it."""
    return _report_page(request, reference)


@require_safe
@staff_required
def download_single_online_home_json(request: HttpRequest, reference: str) -> HttpResponse:
    """Return a report as a file in the JSON of Single Online Home."""
    document = lookups.get_report_as_soh(actor=get_actor(request), at=now(), reference=reference)
    response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"{document['submissionDetails']['customerReferenceNumber']}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@staff_required
def next_report(request: HttpRequest) -> HttpResponse:
    """Go to the next report to decide after the one that's open (`after`), most urgent first.

    Without `after`, go to the most urgent; after the last, to the queue.
    """
    # Looked up when the button is pressed: a colleague may have decided the next one by then.
    reference = lookups.get_next_report(
        actor=get_actor(request), at=now(), after=request.GET.get("after", "")
    )
    return redirect("desk-report", reference) if reference else redirect("desk-reports")


@require_POST
@staff_required
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Record a report as a crime, once however often the button is pressed."""
    at = now()
    code, choices = offence_picker.resolve_offence(request.POST, at=at)
    # Without scripts, a button looks the offence up, and the page comes back with what it found.
    if request.POST.get("find") == "offence_code":
        errors = {} if choices else {"offence_code": offence_picker.NO_OFFENCE_MATCHES}
        return _report_page(request, reference, values=request.POST, choices=choices, errors=errors)
    try:
        commands.record_from_report(
            actor=get_actor(request),
            at=at,
            reference=reference,
            offence_code=code,
            note=request.POST.get("note", ""),
        )
    except Refused as refused:
        return _report_page(
            request, reference, values=request.POST, choices=choices, errors=refused.errors
        )
    # Pressed twice, or decided by somebody else meanwhile: the page says so.
    except Conflict:
        return HttpResponseRedirect(f"{_report_url(reference)}?before=1")
    return HttpResponseRedirect(_report_url(reference))


@require_POST
@staff_required
def not_a_crime(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide that a report is not a crime, with the reason that the person is told."""
    try:
        mark_not_crime(
            actor=get_actor(request),
            at=now(),
            reference=reference,
            reason=request.POST.get("reason", ""),
        )
    except Refused as refused:
        return _report_page(request, reference, values=request.POST, errors=refused.errors)
    except Conflict:
        return HttpResponseRedirect(f"{_report_url(reference)}?before=1")
    return HttpResponseRedirect(f"{_report_url(reference)}?done=not-crime")


@require_POST
@staff_required
def correct_person(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct an earlier record of the person reporting with what they changed in this report."""
    actor, at = get_actor(request), now()
    # Read again: a colleague may have corrected the record while this page was open.
    change = lookups.get_report(actor=actor, at=at, reference=reference).change
    if change is not None:
        try:
            commands.correct_person(
                actor=actor,
                at=at,
                person_id=change.person.id,
                details=with_facts(change.person.as_input, change.facts),
                reason=f"They told us in report {reference}.",
            )
        except Refused as refused:
            return _report_page(request, reference, errors={"": refused.message})
    return HttpResponseRedirect(f"{_report_url(reference)}?done=corrected")


def _report_page(
    request: HttpRequest,
    reference: str,
    *,
    values: Mapping[str, Any] | None = None,
    choices: offence_picker.Choices | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    actor, at = get_actor(request), now()
    report = lookups.get_report(actor=actor, at=at, reference=reference)
    is_open = report.state == ReportState.NEW
    tag = labels.deadline_tag(report.deadlines, report.state)
    crimes = (
        list_crimes_from_report(actor=actor, at=at, report_id=report.id)
        if report.state == ReportState.RECORDED
        else ()
    )
    suggestions = (
        offence_picker.offence_choices(report.offence_search, at=at, limit=MAX_SUGGESTIONS)
        if is_open
        else []
    )
    context = {
        "report": report,
        "may_decide": is_open and actor.may("crime.record"),
        "is_open": is_open,
        "state": tag.text,
        "state_colour": tag.colour,
        "deadlines": labels.deadlines(report.deadlines),
        "when_parts": labels.occurrence_parts(
            report.occurred_from, report.occurred_to, is_unsure=report.is_time_unsure
        ),
        "gallery_items": gallery_items(actor=actor, at=now(), item_ids=report.item_ids),
        **map_context(report.location),
        "crimes": crimes,
        "changes": _change_rows(report.change) if report.change else [],
        "may_correct": actor.may("person.correct"),
        "suggestions": suggestions,
        "choices": choices or [],
        "values": values if values is not None else {},
        "errors": errors or {},
        # Somebody else decided it while this person had the page open.
        "was_already_decided": request.GET.get("before") == "1",
        "done": labels.success_message(request.GET.get("done", "")),
    }
    return render(request, "desk/report.html.jinja", context)


def _change_rows(change: lookups.KnownPersonChange) -> list[tuple[str, str, str]]:
    """Return the name of each fact that differs, what the record says and what they said."""
    on_record = change.person.facts
    return [
        (FIELD_LABELS.get(name, "Postcode"), on_record.get(name, ""), text)
        for name, text in change.facts.items()
    ]


def _report_url(reference: str) -> str:
    return reverse("desk-report", kwargs={"reference": reference})


def _report_row(row: lookups.QueueRow, at: datetime) -> dict[str, Any]:
    return {
        "href": _report_url(row.reference),
        "reference": row.reference,
        "kind": row.kind_title,
        "excerpt": labels.excerpt(row.narrative),
        "is_high_harm": row.is_high_harm,
        "place": row.place,
        "person": row.person_reporting,
        "received_at": row.received_at,
        "received": labels.short_time(row.received_at, at=at),
        "files": row.item_count,
        "tag": labels.deadline_tag(row.deadlines, row.state),
        "is_overdue": row.state == ReportState.NEW and row.deadlines.is_record_overdue,
    }


def _summary(total: int, *, state: str, q: str, order: str) -> str:
    count = {
        "new": f"{labels.count_label(total, 'report')} to decide",
        "recorded": f"{labels.count_label(total, 'report')} recorded as crimes",
        "not-crime": f"{labels.count_label(total, 'report')} decided not to be crimes",
        "all": labels.count_label(total, "report"),
    }[state]
    matching = f" matching “{q}”" if q else ""
    return f"{count}{matching}, {ORDERINGS[order]}" if total > 1 else f"{count}{matching}"


def _empty_message(*, state: str, q: str) -> str:
    if q:
        otherwise = "No reports match your search. Try fewer words, or select All."
        return empty_search_message(q, otherwise)
    if state == "new":
        return "There are no reports to decide. New reports appear here as soon as they arrive."
    return "There are no reports here yet."
