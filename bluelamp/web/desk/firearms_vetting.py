"""Records that name the holder of a certificate: the list, one of them, and deciding it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.services.firearms.commands.vetting import decide_vetting_task
from bluelamp.services.firearms.lookups.vetting import (
    VettingRow,
    get_vetting_task,
    list_vetting_tasks,
)
from bluelamp.services.firearms.rules.matching import (
    MatchReason,
    RecordKind,
    VettingDecisionKind,
)
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.formats import format_date
from bluelamp.web.render import render

KINDS = {
    RecordKind.CRIME: "Crime",
    RecordKind.REPORT: "Report",
    RecordKind.ENCOUNTER: "Encounter",
}
REASONS = {
    MatchReason.PERSON: "It names the holder",
    MatchReason.SAME_DETAILS: "It names someone with the holder’s name and date of birth",
    MatchReason.HOUSEHOLD: "It names someone who lives at the holder’s address",
    MatchReason.ADDRESS: "It happened at the holder’s address",
    MatchReason.SIMILAR_NAME: "Someone has the same date of birth and a name like the holder’s",
    MatchReason.SAME_NAME: "Someone has the holder’s name, and a date of birth is missing",
    MatchReason.SAME_EMAIL: "Someone has the holder’s email address",
    MatchReason.SAME_PHONE: "Someone has the holder’s phone number",
}
DECISIONS = {
    VettingDecisionKind.NOT_THE_HOLDER: "It is somebody else",
    VettingDecisionKind.NO_CONCERN: "It is no concern",
    VettingDecisionKind.WATCH: "Watch for more",
    VettingDecisionKind.REVIEW: "Review whether they may keep the certificate",
}
CERTAIN, NEAR = Tag("Certain match", "red"), Tag("Near match", "yellow")


@require_safe
@staff_required
def tasks(request: HttpRequest) -> HttpResponse:
    """List the records that name holders: those to decide, unless those decided are chosen."""
    is_open = request.GET.get("state") != "decided"
    at = now()
    results = list_vetting_tasks(
        actor=get_actor(request),
        at=at,
        is_open=is_open,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    order = "certain matches first" if is_open else "the latest first"
    context = {
        "rows": [_task_row(row, at) for row in results.rows],
        "options": [
            {"href": "?state=open", "text": "To decide", "current": is_open},
            {"href": "?state=decided", "text": "Decided", "current": not is_open},
        ],
        "summary": f"{labels.count_label(results.total, 'record')}, {order}",
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": f"&state={'open' if is_open else 'decided'}",
    }
    return render(request, "desk/firearms_vetting.html.jinja", context)


@require_safe
@staff_required
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show one record that names a holder: why we think so, and the holder's certificates."""
    return _task_page(request, task_id)


@require_POST
@staff_required
def decide(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Record what was decided, and why."""
    try:
        decide_vetting_task(
            actor=get_actor(request),
            at=now(),
            task_id=task_id,
            decision=request.POST.get("decision", ""),
            reason=request.POST.get("reason", ""),
            # Left out, as by a page of the release before, it says nothing.
            match_reasons=request.POST.getlist("match_reasons") or None,
        )
    except Refused as refused:
        return _task_page(request, task_id, errors=refused.errors)
    except Conflict:  # decided by somebody else meanwhile: the page says so
        return redirect("desk-firearms-vetting-task", task_id=task_id)
    url = reverse("desk-firearms-vetting-task", kwargs={"task_id": task_id})
    return HttpResponseRedirect(f"{url}?done=yes")


def _task_page(
    request: HttpRequest, task_id: UUID, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    actor = get_actor(request)
    detail = get_vetting_task(actor=actor, at=now(), task_id=task_id)
    context = {
        "detail": detail,
        "row": detail.row,
        "tag": NEAR if detail.row.is_near else CERTAIN,
        "kind": KINDS[RecordKind(detail.row.record_kind)],
        "reasons": [REASONS[MatchReason(reason)] for reason in detail.row.reasons],
        "certificates": [
            f"{number} ({kind}), until {format_date(expires_on)}"
            for number, kind, expires_on in detail.certificates
        ],
        "decision": DECISIONS.get(VettingDecisionKind(detail.decision)) if detail.decision else "",
        "match_reasons": detail.row.reasons,
        "choices": [{"value": kind.value, "text": text} for kind, text in DECISIONS.items()],
        "may_decide": actor.may("firearms.check") and detail.row.closed_at is None,
        "values": request.POST,
        # A link must not make the page say what is not so.
        "done": "Decision recorded" if request.GET.get("done") and detail.decision else "",
        "errors": errors or {},
    }
    status = 422 if errors else 200
    return render(request, "desk/firearms_vetting_task.html.jinja", context, status=status)


def _task_row(row: VettingRow, at: datetime) -> dict[str, Any]:
    return {
        "href": reverse("desk-firearms-vetting-task", kwargs={"task_id": row.id}),
        "holder": row.holder,
        "record": f"{KINDS[RecordKind(row.record_kind)]} {row.record_reference}",
        "reasons": [REASONS[MatchReason(reason)] for reason in row.reasons],
        "match": NEAR if row.is_near else CERTAIN,
        "raised": labels.short_time(row.raised_at, at=at),
    }
