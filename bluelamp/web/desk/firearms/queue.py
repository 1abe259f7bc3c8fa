"""The queue of applications."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms import lookups, messages
from bluelamp.services.firearms.rules.stages import OPEN_STAGES
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels as desk_labels
from bluelamp.web.desk.firearms import labels
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

MAX_QUERY = 100
_SORTS = {"oldest": "Oldest first", "stage-oldest": "Longest at this stage", "newest": "Newest"}


@require_safe
@staff_required
def queue(request: HttpRequest) -> HttpResponse:
    """List the applications in which somebody has something to do."""
    actor, at = get_actor(request), now()
    values = {
        name: request.GET.get(name, "")[:MAX_QUERY]
        for name in ("stage", "risk", "kind", "q", "own", "order")
    }
    filters = lookups.QueueFilter(
        stage=values["stage"],
        risk=values["risk"],
        kind=values["kind"] if values["kind"] in messages.KIND_TITLES else "",
        query=values["q"],
        is_own=values["own"] == "yes",
        sort=values["order"] if values["order"] in _SORTS else "oldest",
    )
    page = desk_labels.parse_page_number(request.GET.get("page", ""))
    results = lookups.list_queue(actor=actor, at=at, filters=filters, page=page)
    active = {name: value for name, value in values.items() if value}
    # Each link that sorts brings an order of its own.
    sorted_by = {name: value for name, value in active.items() if name != "order"}
    context = {
        "rows": [_queue_row(row, at) for row in results.rows],
        "values": values,
        "stages": [("", "All that are open"), *labels.choices(messages.STAGE_TITLES)],
        "risks": [("", "All"), *labels.choices(messages.RISK_TITLES)],
        "kinds": [("", "All"), *labels.choices(messages.KIND_TITLES)],
        "owners": [("", "Everybody’s"), ("yes", "My own")],
        "orders": _SORTS,
        "order": filters.sort,
        "summary": _summary(results.total, filters),
        "is_filtered": bool(active),
        "page": desk_labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search(active) if active else "",
        "order_query": "&" + encode_search(sorted_by) if sorted_by else "",
    }
    return render(request, "desk/firearms/queue.html.jinja", context)


def _summary(total: int, filters: lookups.QueueFilter) -> str:
    noun = "application" if filters.query or filters.stage not in ("", *OPEN_STAGES) else ""
    return desk_labels.count_label(total, noun or "open application")


def _queue_row(row: lookups.QueueRow, at: datetime) -> dict[str, Any]:
    return {
        "href": reverse("desk-firearms-application", kwargs={"reference": row.reference}),
        "reference": row.reference,
        "applicant": row.applicant,
        "title": labels.application_title(row.kind, row.certificates),
        "stage": labels.stage_tag(row.stage),
        "stage_since": row.stage_since,
        "risk": labels.risk_tag(row.risk),
        "days": row.days,
        "received_at": row.received_at,
        "owner": row.owner,
        "checks": f"{row.checks - row.open_checks} of {row.checks}" if row.checks else "",
        "concerns": row.concerns,
        "is_overdue": row.days > labels.OVERDUE_DAYS,
    }
