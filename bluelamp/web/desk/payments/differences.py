"""The daily comparison with GOV.UK Pay: its results, and every difference until it is cleared."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.payments import commands, lookups
from bluelamp.foundation.payments.lookups import DifferenceRow, ReconciliationRow
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.payments import texts
from bluelamp.web.render import render


@require_safe
@staff_required
def differences(request: HttpRequest) -> HttpResponse:
    """List differences and the newest comparisons."""
    return _differences_page(request)


@require_POST
@staff_required
def clear(request: HttpRequest, difference_id: UUID) -> HttpResponse:
    """Record what somebody did about a difference."""
    try:
        commands.clear_difference(
            actor=get_actor(request),
            at=now(),
            difference_id=difference_id,
            note=request.POST.get("note", ""),
        )
    except Refused as refused:
        # Each difference has a form of its own: the error belongs to this one's field.
        field = f"note-{difference_id}"
        values = {field: request.POST.get("note", "")}
        return _differences_page(request, {field: refused.message}, values)
    return redirect(f"{reverse('desk-differences')}?done=cleared")


@require_POST
@staff_required
def compare(request: HttpRequest) -> HttpResponse:
    """Have a day compared again."""
    errors: dict[str, str] = {}
    text = request.POST.get("on", "")[:20]
    on = labels.parse_filter_date(text, field="on", label="Day", errors=errors)
    if on is None:
        # In the filters of other lists an empty day is no error; here a day is needed.
        return _differences_page(request, errors or {"on": "Enter the day"}, {"on": text})
    try:
        commands.request_reconciliation(actor=get_actor(request), at=now(), on=on)
    except Refused as refused:
        return _differences_page(request, refused.errors, {"on": text})
    return redirect(f"{reverse('desk-differences')}?done=compare")


def _differences_page(
    request: HttpRequest,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> HttpResponse:
    is_cleared = request.GET.get("state", "") == "cleared"
    page = lookups.list_differences(
        actor=get_actor(request),
        at=now(),
        is_cleared=is_cleared,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    context = {
        "rows": [_difference_row(row) for row in page.rows],
        "comparisons": [_comparison_row(row) for row in page.comparisons],
        "summary": labels.count_label(page.total, "difference"),
        "is_cleared": is_cleared,
        "total": page.total,
        "page": labels.page_links(page=page.page, pages=page.pages),
        "query": "&state=cleared" if is_cleared else "",
        "values": values or {},
        "errors": errors or {},
        "done": texts.SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/payments/differences.html.jinja", context)


def _difference_row(row: DifferenceRow) -> dict[str, Any]:
    reference = row.payment_reference
    return {
        "id": row.id,
        "title": texts.difference_text(row.kind),
        "reference": reference,
        "href": reverse("desk-payment", kwargs={"reference": reference}) if reference else "",
        "provider_id": row.provider_id,
        "ours": texts.format_pounds(row.our_pence),
        "theirs": f"{texts.format_pounds(row.their_pence)} {row.their_state}".strip(),
        "found_at": row.found_at,
        "cleared_at": row.cleared_at,
        "cleared_by": row.cleared_by,
        "note": row.note,
    }


def _comparison_row(row: ReconciliationRow) -> dict[str, Any]:
    return {
        "on": row.on,
        "ran_at": row.ran_at,
        "ours": f"{texts.format_pounds(row.our_pence)} ({row.our_count})",
        "theirs": f"{texts.format_pounds(row.their_pence)} ({row.their_count})",
        "differences": row.difference_count,
    }
