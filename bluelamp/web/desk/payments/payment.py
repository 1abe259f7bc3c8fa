"""One payment: what it is for, how it was tried, its ledger lines; take, cancel, waive, refund."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.payments import commands, gateway, lookups
from bluelamp.foundation.payments.lookups import PaymentDetail, StaffPaymentDetail
from bluelamp.foundation.payments.messages import EXEMPTION_TITLES
from bluelamp.foundation.payments.rules import EXEMPTIONS, OFFLINE_METHODS, RefundState
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.form_acts import run_form
from bluelamp.web.desk.payments import texts
from bluelamp.web.receipts import receipt_response
from bluelamp.web.render import render


@require_safe
@staff_required
def payment(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one payment with its tries and its lines in the ledger."""
    return _payment_page(request, reference)


@require_safe
@staff_required
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the receipt of a payment as PDF."""
    detail = lookups.get_payment(actor=get_actor(request), at=now(), reference=reference).payment
    # What was waived or is still due has no receipt.
    if detail.paid_at is None:
        return redirect("desk-payment", reference=reference)
    return receipt_response(detail)


@require_POST
@staff_required
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that the money was taken in cash, by cheque or by phone."""
    return _run_form(
        request,
        reference,
        lambda: commands.record_offline_payment(
            actor=get_actor(request),
            at=now(),
            reference=reference,
            method=request.POST.get("method", ""),
            receipt_reference=request.POST.get("receipt_reference", ""),
        ),
        done="taken",
    )


@require_POST
@staff_required
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel the card payment that somebody has begun, so that the money can be taken here."""
    try:
        commands.cancel_payment(actor=get_actor(request), at=now(), reference=reference)
    except (gateway.NotSetUp, gateway.Unavailable, gateway.ProviderRefused):
        error = "GOV.UK Pay does not answer, so it is not cancelled. Try again in a few minutes"
        return _payment_page(request, reference, {"": error})
    return redirect(f"{reverse('desk-payment', kwargs={'reference': reference})}?done=cancelled")


@require_POST
@staff_required
def waive(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that somebody need not pay."""
    actor, at = get_actor(request), now()
    detail = lookups.get_payment(actor=actor, at=at, reference=reference).payment
    return _run_form(
        request,
        reference,
        lambda: commands.waive_payment(
            actor=actor,
            at=at,
            payment_id=detail.id,
            ground=request.POST.get("ground", ""),
            note=request.POST.get("note", ""),
        ),
        done="waived",
    )


@require_POST
@staff_required
def refund(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a refund, which somebody else approves."""
    actor, at = get_actor(request), now()
    detail = lookups.get_payment(actor=actor, at=at, reference=reference).payment
    return _run_form(
        request,
        reference,
        lambda: commands.request_refund(
            actor=actor,
            at=at,
            payment_id=detail.id,
            amount_pence=texts.parse_pounds(request.POST.get("amount", ""), field="amount"),
            reason=request.POST.get("reason", ""),
        ),
        done="requested",
    )


def _run_form(
    request: HttpRequest, reference: str, run: Callable[[], object], *, done: str
) -> HttpResponse:
    return run_form(
        run,
        url=reverse("desk-payment", kwargs={"reference": reference}),
        done=done,
        show_errors=lambda errors: _payment_page(request, reference, errors),
    )


def _payment_page(
    request: HttpRequest, reference: str, errors: dict[str, str] | None = None
) -> HttpResponse:
    actor = get_actor(request)
    detail = lookups.get_payment(actor=actor, at=now(), reference=reference)
    found = detail.payment
    left = _refundable_pence(found)
    posted = request.POST if request.method == "POST" else {}
    context = {
        "payment": found,
        "state_tag": texts.STATES[found.state],
        "facts": _facts(found),
        "lines": [
            {
                "title": line.title,
                "quantity": line.quantity,
                "net": texts.format_pounds(line.net_pence),
                "vat": texts.format_pounds(line.vat_pence),
            }
            for line in found.lines
        ],
        "total": texts.format_pounds(found.total_pence),
        "attempts": _attempt_rows(detail),
        "entries": _entry_rows(detail),
        "refunds": [_refund_row(row) for row in found.refunds],
        "methods": [(method.value, texts.METHODS[method]) for method in OFFLINE_METHODS],
        "grounds": [(code, str(EXEMPTION_TITLES[code])) for code in EXEMPTIONS],
        "may": _possible_acts(actor, found),
        "values": {"amount": f"{left // 100}.{left % 100:02d}", **_to_values(posted)},
        "errors": errors or {},
        "done": texts.SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
        "back": reverse("desk-payments"),
    }
    return render(request, "desk/payments/payment.html.jinja", context)


def _to_values(posted: Any) -> dict[str, str]:
    return {name: str(posted[name]) for name in posted if name != "csrfmiddlewaretoken"}


def _possible_acts(actor: Actor, found: PaymentDetail) -> dict[str, bool]:
    """Return what this person may do with a payment as it is."""
    is_due = found.state == "due"
    return {
        # Not while somebody pays by card: the money would be taken twice.
        "take": is_due and not found.is_under_way and actor.may("payment.take"),
        "cancel": is_due and found.is_under_way and actor.may("payment.take"),
        "waive": is_due and not found.is_under_way and actor.may("payment.waive"),
        "refund": (
            found.state == "paid" and _refundable_pence(found) > 0 and actor.may("refund.request")
        ),
    }


def _refundable_pence(found: PaymentDetail) -> int:
    """Return how much can still be asked back: the amount that we suggest must be accepted."""
    waiting = sum(
        row.amount_pence
        for row in found.refunds
        # A surplus is money beyond what was due.
        if row.state == RefundState.REQUESTED and not row.is_surplus
    )
    return found.total_pence - found.refunded_pence - waiting


def _facts(found: PaymentDetail) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        ("For", found.payable_reference),
        ("Asked for", found.requested_at),
        ("Payer’s email", found.email),
        ("Our messages", "In Welsh" if found.language == "cy" else "In English"),
    ]
    if found.paid_at:
        how = texts.METHODS[found.method]
        facts.append(("Paid", found.paid_at))
        facts.append(("How", f"{how} {found.offline_reference}".strip()))
    if found.closed_at:
        facts.append(("Closed", found.closed_at))
        facts.append(("Closed by", found.closed_by))
    if found.waiver_ground:
        facts.append(("Why they do not pay", str(EXEMPTION_TITLES[found.waiver_ground])))
        facts.append(("What was checked", found.waiver_note))
    return facts


def _attempt_rows(detail: StaffPaymentDetail) -> list[dict[str, Any]]:
    return [
        {
            "number": attempt.number,
            "opened_at": attempt.opened_at,
            "state": texts.ATTEMPT_STATES[attempt.state],
            "failure": texts.failure_text(attempt.code),
            "provider_id": attempt.provider_id,
            "checked_at": attempt.checked_at,
        }
        for attempt in detail.attempts
    ]


def _entry_rows(detail: StaffPaymentDetail) -> list[dict[str, Any]]:
    return [
        {
            "at": entry.at,
            "kind": texts.TRANSACTIONS[entry.kind],
            "account": texts.ACCOUNTS[entry.account],
            "fee": entry.fee_code,
            "debit": texts.format_pounds(entry.amount_pence) if entry.amount_pence > 0 else "",
            "credit": texts.format_pounds(-entry.amount_pence) if entry.amount_pence < 0 else "",
        }
        for entry in detail.entries
    ]


def _refund_row(row: lookups.RefundDetail) -> dict[str, Any]:
    return {
        "href": reverse("desk-refund", kwargs={"refund_id": row.id}),
        "amount": texts.format_pounds(row.amount_pence),
        "tag": texts.REFUND_STATES[row.state],
        "reason": row.reason,
        "by": row.requested_by,
        "at": row.requested_at,
    }
