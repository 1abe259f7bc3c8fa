"""Reports: the crime desk's queue, one report, and the two decisions: record it, or say why not."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from bluelamp.casework.crimes.commands import record_from_report
from bluelamp.casework.crimes.queries import progress_of_report
from bluelamp.casework.reports import queries
from bluelamp.casework.reports.commands import mark_not_crime
from bluelamp.casework.reports.rules import ReportState
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import asked, words
from bluelamp.web.render import render

ORDERS = {
    "urgent": "Most urgent first",
    "oldest": "Longest waiting first",
    "newest": "Newest first",
}
STATES = {**{state.value: text for state, text in words.REPORT_STATES.items()}, "all": "All"}
WHY = {
    "urgent": "those that may mean harm first, then the longest waiting",
    "oldest": "the longest waiting first",
    "newest": "the newest first",
}


@require_safe
@staff
def queue(request: HttpRequest) -> HttpResponse:
    """The reports of the force: those to decide, unless another state is asked for."""
    state = request.GET.get("state", "new")
    state = state if state in STATES else "new"
    order = request.GET.get("order", "urgent")
    order = order if order in ORDERS else "urgent"
    q = request.GET.get("q", "")[:200]
    at = now()
    found = queries.queue(
        actor=actor_of(request),
        at=at,
        state="" if state == "all" else state,
        page=words.page_number(request.GET.get("page", "")),
        q=q,
        order=order,
    )
    context = {
        "found": found,
        "rows": [_row(each, at) for each in found.rows],
        "why": _why(found.total, state=state, q=q, order=order),
        "empty": _empty(state=state, q=q),
        "q": q,
        "state": state,
        "order": order,
        "orders": ORDERS,
        "states": STATES,
        "pager": words.pager(page=found.page, pages=found.pages),
        "kept": "&" + urlencode({"state": state, "order": order, "q": q}),
    }
    return render(request, "desk/reports.html.jinja", context)


@require_safe
@staff
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """One report with everything that was told, and what can be decided about it."""
    return _report_page(request, reference)


@require_safe
@staff
def next_report(request: HttpRequest) -> HttpResponse:
    """Lead to the report to decide after the one that is open (`after`), the most urgent first;
    else to the queue.
    """
    found = queries.queue(actor=actor_of(request), at=now(), state=ReportState.NEW, order="urgent")
    waiting = [row.reference for row in found.rows]
    after = request.GET.get("after", "")
    if after in waiting:
        waiting = waiting[waiting.index(after) + 1 :]
    return HttpResponseRedirect(f"/desk/reports/{waiting[0]}/" if waiting else "/desk/reports/")


@require_POST
@staff
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """Record the report as a crime. Pressed twice, the one crime is shown."""
    at = now()
    code, choices = asked.offence_asked(request.POST, at=at)
    if request.POST.get("find") == "offence_code":
        none = {} if choices else {"offence_code": asked.NOTHING_FOUND}
        return _report_page(
            request, reference, values=request.POST, choices=choices, errors=none, status=200
        )
    try:
        record_from_report(
            actor=actor_of(request),
            at=at,
            reference=reference,
            offence_code=code,
            note=request.POST.get("note", ""),
        )
    except Refused as refused:
        return _report_page(
            request, reference, values=request.POST, choices=choices, errors=refused.errors
        )
    except Conflict:
        return HttpResponseRedirect(f"/desk/reports/{reference}/?before=1")
    return HttpResponseRedirect(f"/desk/reports/{reference}/")


@require_POST
@staff
def not_a_crime(request: HttpRequest, reference: str) -> HttpResponse:
    """Decide that it is not a crime, with the reason that the person is told."""
    try:
        mark_not_crime(
            actor=actor_of(request),
            at=now(),
            reference=reference,
            reason=request.POST.get("reason", ""),
        )
    except Refused as refused:
        return _report_page(request, reference, values=request.POST, errors=refused.errors)
    except Conflict:
        return HttpResponseRedirect(f"/desk/reports/{reference}/?before=1")
    return HttpResponseRedirect(f"/desk/reports/{reference}/?done=not-crime")


def _report_page(
    request: HttpRequest,
    reference: str,
    *,
    values: Any = None,
    choices: Any = (),
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, at = actor_of(request), now()
    told = queries.view_report(actor=actor, at=at, reference=reference)
    is_open = told.state == ReportState.NEW
    context = {
        "report": told,
        "is_open": is_open and actor.may("crime.record"),
        "clock": words.clock_tag(told.clock, told.state),
        "clocks": words.clock_sentences(told.clock),
        "when_parts": words.happened(
            told.occurred_from, told.occurred_to, is_unsure=told.is_time_unsure
        ),
        "gallery_items": asked.pictures(actor=actor, item_ids=told.item_ids),
        **asked.map_of(told.location),
        "crimes": progress_of_report(report_id=told.id)
        if told.state == ReportState.RECORDED
        else (),
        "suggested": asked.offence_choices(told.suggested_offence_words, at=at, limit=3)
        if is_open
        else [],
        "choices": choices,
        "values": values if values is not None else {},
        "errors": errors or {},
        "was_before": request.GET.get("before") == "1",
        "done": words.DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/report.html.jinja", context, status=status)


def _row(row: queries.QueueRow, at: datetime) -> dict[str, Any]:
    word, tone = words.clock_tag(row.clock, row.state)
    return {
        "href": f"/desk/reports/{row.reference}/",
        "reference": row.reference,
        "kind": row.kind_title,
        "extract": words.extract(row.narrative),
        "is_high_harm": row.is_high_harm,
        "place": row.place,
        "person": row.person_reporting,
        "received_at": row.received_at,
        "received": words.shortly(row.received_at, at=at),
        "files": row.item_count,
        "clock": word,
        "tone": tone,
        "due": row.state == ReportState.NEW and row.clock.is_record_late,
    }


def _why(total: int, *, state: str, q: str, order: str) -> str:
    which = {
        "new": f"{words.counted(total, 'report')} to decide",
        "recorded": f"{words.counted(total, 'report')} recorded as crimes",
        "not-crime": f"{words.counted(total, 'report')} found not to be crimes",
        "all": words.counted(total, "report"),
    }[state]
    matching = f" with “{q}”" if q else ""
    return f"{which}{matching}, {WHY[order]}." if total > 1 else f"{which}{matching}."


def _empty(*, state: str, q: str) -> str:
    if q:
        return "No report has all of these words. Try fewer, or look under All."
    if state == "new":
        return "Nothing is waiting. New reports appear here as soon as they are sent."
    return "There are none yet."
