"""Refunds: those that wait, one of them, and the decision of a second person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.payments import commands, lookups
from bluelamp.foundation.payments.lookups import RefundDetail
from bluelamp.web.actor import get_actor, staff_required, step_up_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.form_acts import run_form
from bluelamp.web.desk.payments import texts
from bluelamp.web.render import render


@require_safe
@staff_required
def refunds(request: HttpRequest) -> HttpResponse:
    """List refunds: those that wait for somebody, or the finished ones."""
    is_finished = request.GET.get("state", "") == "finished"
    page = lookups.list_refunds(
        actor=get_actor(request),
        at=now(),
        is_finished=is_finished,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    context = {
        "rows": [_refund_row(row) for row in page.rows],
        "summary": labels.count_label(page.total, "refund"),
        "is_finished": is_finished,
        "total": page.total,
        "page": labels.page_links(page=page.page, pages=page.pages),
        "query": "&state=finished" if is_finished else "",
    }
    return render(request, "desk/payments/refunds.html.jinja", context)


@require_safe
@staff_required
def refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Show one refund, and what this person may do with it."""
    return _refund_page(request, refund_id)


@require_POST
@staff_required
@step_up_required
def approve(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Approve a refund that somebody else asked for."""
    return _run_form(
        request,
        refund_id,
        lambda: commands.approve_refund(actor=get_actor(request), at=now(), refund_id=refund_id),
        done="approved",
    )


@require_POST
@staff_required
@step_up_required
def decline(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Decline a refund that somebody else asked for."""
    return _run_form(
        request,
        refund_id,
        lambda: commands.decline_refund(
            actor=get_actor(request),
            at=now(),
            refund_id=refund_id,
            note=request.POST.get("note", ""),
        ),
        done="declined",
    )


@require_POST
@staff_required
def repay(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Record that an approved refund was paid by cheque or transfer."""
    return _run_form(
        request,
        refund_id,
        lambda: commands.record_repayment(
            actor=get_actor(request),
            at=now(),
            refund_id=refund_id,
            repaid_reference=request.POST.get("repaid_reference", ""),
        ),
        done="repaid",
    )


def _run_form(
    request: HttpRequest, refund_id: UUID, run: Callable[[], object], *, done: str
) -> HttpResponse:
    return run_form(
        run,
        url=reverse("desk-refund", kwargs={"refund_id": refund_id}),
        done=done,
        show_errors=lambda errors: _refund_page(request, refund_id, errors),
    )


def _refund_page(
    request: HttpRequest, refund_id: UUID, errors: dict[str, str] | None = None
) -> HttpResponse:
    actor = get_actor(request)
    row = lookups.get_refund(actor=actor, at=now(), refund_id=refund_id)
    is_barred = actor.id in row.barred_ids
    # GOV.UK Pay could not give it back, or the money never came by card.
    is_by_hand = row.state == "failed" or (row.state == "approved" and not row.is_to_card)
    context = {
        "refund": row,
        "amount": texts.format_pounds(row.amount_pence),
        "state_tag": texts.REFUND_STATES[row.state],
        "is_barred": is_barred,
        "may_decide": row.state == "requested" and actor.may("refund.approve") and not is_barred,
        "may_repay": is_by_hand and actor.may("payment.take"),
        "payment_href": reverse("desk-payment", kwargs={"reference": row.payment_reference}),
        "values": request.POST if request.method == "POST" else {},
        "errors": errors or {},
        "done": texts.SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
        "back": reverse("desk-refunds"),
    }
    return render(request, "desk/payments/refund.html.jinja", context)


def _refund_row(row: RefundDetail) -> dict[str, Any]:
    return {
        "href": reverse("desk-refund", kwargs={"refund_id": row.id}),
        "reference": row.payment_reference,
        "amount": texts.format_pounds(row.amount_pence),
        "tag": texts.REFUND_STATES[row.state],
        "reason": row.reason,
        "by": row.requested_by,
        "when": labels.short_time(row.requested_at, at=now()),
    }
