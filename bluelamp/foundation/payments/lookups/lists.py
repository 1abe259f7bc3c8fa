"""Lists for staff: payments, refunds to decide, and what finance downloads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, Sum

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.foundation.kernel.text import clean_query
from bluelamp.foundation.payments.lookups.details import RefundDetail, to_refund_detail
from bluelamp.foundation.payments.models import LedgerEntry, Payment, PaymentAttempt
from bluelamp.foundation.payments.policy import ledger_policy, payment_policy, refund_policy
from bluelamp.foundation.payments.rules import RefundState, parse_payment_reference

PAGE_SIZE = 25
# Rows that an export reads at once.
_EXPORT_BATCH = 2_000
# A failed one too: somebody pays it back by cheque or transfer.
TO_DO_STATES = (RefundState.REQUESTED, RefundState.APPROVED, RefundState.SENT, RefundState.FAILED)


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentFilter:
    """What narrows the list of payments: "" or None for all. Days are in London, both included.

    `query` is a reference of a payment or of what it is for, an e-mail address, or GOV.UK Pay's id.
    """

    query: str = ""
    state: str = ""
    method: str = ""
    from_: date | None = None
    to: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRow:
    """A payment in a list."""

    id: UUID
    reference: str
    payable_reference: str
    description: str
    total_pence: int
    refunded_pence: int
    state: str
    method: str
    requested_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentPage(ListPage):
    """A page of payments, and what all of them come to."""

    rows: tuple[PaymentRow, ...]
    total_pence: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundPage(ListPage):
    """A page of refunds."""

    rows: tuple[RefundDetail, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerRow:
    """One line of the ledger for finance. A debit is above 0, a credit below."""

    transaction_id: UUID
    at: datetime
    kind: str
    payment_reference: str
    payable_reference: str
    method: str
    account: str
    fee_code: str
    amount_pence: int
    provider_id: str


@lookup(permission="payment.view", act="payment.listed")
def list_payments(
    *, actor: Actor, at: datetime, filters: PaymentFilter, page: int = 1
) -> PaymentPage:
    """Return a page of the force's payments, the newest first."""
    rows = payment_policy.queryset(actor).filter(_filter_condition(filters))
    # Both in one walk through them.
    sums = rows.aggregate(count=Count("id"), pence=Sum("total_pence"))
    total, total_pence = sums["count"], sums["pence"] or 0
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    chosen = read_page(rows, "-requested_at", "-id", page=page, size=PAGE_SIZE)
    results = tuple(_to_payment_row(row) for row in chosen)
    record_act(None, detail={"references": [row.reference for row in results]})
    return PaymentPage(rows=results, total=total, total_pence=total_pence, page=page, pages=pages)


@lookup(permission="payment.view", act="refund.listed")
def list_refunds(
    *, actor: Actor, at: datetime, is_finished: bool = False, page: int = 1
) -> RefundPage:
    """Return a page of refunds: those that wait for somebody, oldest first, or the finished ones.

    Args:
        actor: Who reads.
        at: The time.
        is_finished: True for those that were paid back or declined, the latest first.
        page: Which page, from 1.
    """
    rows = refund_policy.queryset(actor).select_related("payment__offline", "decided_by")
    if is_finished:
        rows = rows.exclude(state__in=TO_DO_STATES)
    else:
        rows = rows.filter(state__in=TO_DO_STATES)
    order = ("-requested_at", "-id") if is_finished else ("requested_at", "id")
    total = rows.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    chosen = read_page(rows, *order, page=page, size=PAGE_SIZE)
    refunds = tuple(to_refund_detail(row) for row in chosen)
    record_act(None, detail={"references": [refund.payment_reference for refund in refunds]})
    return RefundPage(rows=refunds, total=total, page=page, pages=pages)


@lookup(permission="payment.view", act="refund.viewed")
def get_refund(*, actor: Actor, at: datetime, refund_id: UUID) -> RefundDetail:
    """Return one refund. Raises NotFound where the actor's force has none of that id."""
    refund = refund_policy.get(actor, id=refund_id)
    record_act(refund, ref=refund.payment.reference)
    return to_refund_detail(refund)


@lookup(permission="payment.export", act="payment.exported")
def export_ledger(
    *, actor: Actor, at: datetime, from_: date, to: date, write: Callable[[LedgerRow], object]
) -> int:
    """Write every line of the ledger between two days in London, both included, in order.

    Returns:
        How many there were. `write` is called with one after the other: years of them would not
        fit into memory.
    """
    transactions = ledger_policy.queryset(actor).filter(
        at__gte=_start_of_day(from_), at__lt=_start_of_day(to + timedelta(days=1))
    )
    entries = LedgerEntry.objects.filter(transaction__in=transactions).select_related(
        "transaction__payment"
    )
    # One order for ever: two exports of the same days can be compared line by line.
    ordered = entries.order_by("transaction__at", "transaction_id", "id")
    count = 0
    for entry in ordered.iterator(chunk_size=_EXPORT_BATCH):
        write(_to_ledger_row(entry))
        count += 1
    record_act(None, detail={"from": str(from_), "to": str(to), "count": count})
    return count


@lookup(permission="payment.export", act="payment.list_exported")
def export_payments(
    *, actor: Actor, at: datetime, filters: PaymentFilter, write: Callable[[PaymentRow], object]
) -> int:
    """Write every payment that a filter lets through, the oldest first; return how many."""
    rows = payment_policy.queryset(actor).filter(_filter_condition(filters))
    count = 0
    for row in rows.order_by("requested_at", "id").iterator(chunk_size=_EXPORT_BATCH):
        write(_to_payment_row(row))
        count += 1
    record_act(None, detail={"count": count})
    return count


def _filter_condition(filters: PaymentFilter) -> Q:
    condition = Q()
    if filters.state:
        condition &= Q(state=filters.state)
    if filters.method:
        condition &= Q(method=filters.method)
    if filters.from_:
        condition &= Q(requested_at__gte=_start_of_day(filters.from_))
    if filters.to:
        condition &= Q(requested_at__lt=_start_of_day(filters.to + timedelta(days=1)))
    query = clean_query(filters.query)
    # The check symbol makes sure, so nothing else is looked at.
    if reference := parse_payment_reference(query):
        return condition & Q(reference=reference)
    if query:
        attempts = PaymentAttempt.objects.filter(provider_id=query)
        # Read first: as a part of the condition it would keep the others from their indexes.
        paid_under = list(attempts.values_list("payment_id", flat=True))
        condition &= (
            Q(payable_reference__iexact=query) | Q(email__iexact=query) | Q(id__in=paid_under)
        )
    return condition


def _start_of_day(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


def _to_payment_row(payment: Payment) -> PaymentRow:
    return PaymentRow(
        id=payment.id,
        reference=payment.reference,
        payable_reference=payment.payable_reference,
        description=payment.description,
        total_pence=payment.total_pence,
        refunded_pence=payment.refunded_pence,
        state=payment.state,
        method=payment.method,
        requested_at=payment.requested_at,
        paid_at=payment.paid_at,
    )


def _to_ledger_row(entry: LedgerEntry) -> LedgerRow:
    transaction, payment = entry.transaction, entry.transaction.payment
    return LedgerRow(
        transaction_id=transaction.id,
        at=transaction.at,
        kind=transaction.kind,
        payment_reference=payment.reference,
        payable_reference=payment.payable_reference,
        method=payment.method,
        account=entry.account,
        fee_code=entry.fee_code,
        amount_pence=entry.amount_pence,
        provider_id=transaction.provider_id or "",
    )
