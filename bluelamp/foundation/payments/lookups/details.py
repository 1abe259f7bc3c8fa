"""Payments and refunds as dataclasses, which is how everybody else sees them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.payments.links import make_token
from bluelamp.foundation.payments.models import Payment, PaymentAttempt, Refund
from bluelamp.foundation.payments.rules import SETTLED, LineAmounts, PaymentState, RefundState


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentLineDetail:
    """A fee on a payment. Amounts are of all of them, in pence."""

    fee_code: str
    title: str
    quantity: int
    net_pence: int
    vat_percent: int
    vat_pence: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundDetail:
    """Money that goes back to the payer, or is to.

    Attributes:
        state: "requested", "declined", "approved", "sent", "done" or "failed".
        is_surplus: It was paid though nothing was due.
        requested_by_id: The account of who asked for it; None for a part of the program.
        barred_ids: The accounts of those who must not decide it.
        repaid_reference: Of the cheque or transfer, where no card was refunded.
    """

    id: UUID
    payment_reference: str
    amount_pence: int
    is_surplus: bool
    reason: str
    state: str
    requested_at: datetime
    requested_by: str
    requested_by_id: UUID | None
    barred_ids: frozenset[UUID]
    decided_at: datetime | None
    decided_by: str
    decision_note: str
    is_to_card: bool
    completed_at: datetime | None
    repaid_reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentDetail:
    """A payment: what it is for, and how far it is.

    Attributes:
        token: The part of its link that opens it: `reverse("pay", kwargs={"token": token})`.
        state: "due", "paid", "waived", "withdrawn" or "not_due".
        is_settled: Whether the service may go on.
        method: "online", "cash", "cheque", "phone", or "" where it is not paid.
        is_under_way: Somebody has begun to pay it on GOV.UK Pay, and it is not finished.
        failure: GOV.UK Pay's code for why the last try failed, as "P0010"; "" if none did.
        language: Of our messages to the payer, "en" or "cy".
        offline_reference: Of the cheque, the till or the terminal, where staff took the money.
    """

    id: UUID
    token: str
    force: str
    reference: str
    state: str
    is_settled: bool
    is_under_way: bool
    failure: str
    payable_kind: str
    payable_id: UUID
    payable_reference: str
    occasion: str
    description: str
    email: str
    language: str
    return_path: str
    lines: tuple[PaymentLineDetail, ...]
    net_pence: int
    vat_pence: int
    total_pence: int
    refunded_pence: int
    method: str
    offline_reference: str
    requested_at: datetime
    paid_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    closed_by_id: UUID | None
    waiver_ground: str
    waiver_note: str
    refunds: tuple[RefundDetail, ...]

    @property
    def kept_pence(self) -> int:
        """Return what was paid, less what is given back or may be: refunds not decided yet too."""
        if self.state != PaymentState.PAID:
            return 0
        undecided = sum(
            refund.amount_pence
            for refund in self.refunds
            if refund.state == RefundState.REQUESTED and not refund.is_surplus
        )
        return self.total_pence - self.refunded_pence - undecided


def to_payment_detail(payment: Payment) -> PaymentDetail:
    """Copy a payment's row, with its lines and refunds."""
    # Sorted here and not in the database: a list of payments has read all of these before.
    attempts = sorted(payment.attempts.all(), key=lambda attempt: attempt.number)
    # Without the default, a one-to-one that is not there raises.
    offline = getattr(payment, "offline", None)
    return PaymentDetail(
        id=payment.id,
        token=make_token(payment.id),
        force=payment.force,
        reference=payment.reference,
        state=payment.state,
        is_settled=payment.state in SETTLED,
        is_under_way=any(attempt.finished_at is None for attempt in attempts),
        failure=_last_failure(payment, attempts),
        payable_kind=payment.payable_kind,
        payable_id=payment.payable_id,
        payable_reference=payment.payable_reference,
        occasion=payment.occasion,
        description=payment.description,
        email=payment.email,
        language=payment.language,
        return_path=payment.return_path,
        lines=tuple(
            PaymentLineDetail(
                fee_code=line.fee_code,
                title=line.title,
                quantity=line.quantity,
                net_pence=line.net_pence,
                vat_percent=line.vat_percent,
                vat_pence=line.vat_pence,
            )
            for line in sorted(payment.lines.all(), key=lambda line: line.number)
        ),
        net_pence=payment.net_pence,
        vat_pence=payment.vat_pence,
        total_pence=payment.total_pence,
        refunded_pence=payment.refunded_pence,
        method=payment.method,
        offline_reference=offline.receipt_reference if offline else "",
        requested_at=payment.requested_at,
        paid_at=payment.paid_at,
        closed_at=payment.closed_at,
        closed_by=payment.closed_by_name,
        closed_by_id=payment.closed_by_id,
        waiver_ground=payment.waiver_ground,
        waiver_note=payment.waiver_note,
        refunds=tuple(
            to_refund_detail(refund)
            for refund in sorted(payment.refunds.all(), key=lambda refund: refund.requested_at)
        ),
    )


def to_refund_detail(refund: Refund) -> RefundDetail:
    """Copy a refund's row."""
    return RefundDetail(
        id=refund.id,
        payment_reference=refund.payment.reference,
        amount_pence=refund.amount_pence,
        is_surplus=refund.is_surplus,
        reason=refund.reason,
        state=refund.state,
        requested_at=refund.requested_at,
        requested_by=refund.requested_by_name,
        requested_by_id=refund.requested_by_id,
        barred_ids=list_barred_ids(refund),
        decided_at=refund.decided_at,
        decided_by=refund.decided_by.display_name if refund.decided_by else "",
        decision_note=refund.decision_note,
        is_to_card=bool(refund.attempt_provider_id),
        completed_at=refund.completed_at,
        repaid_reference=refund.repaid_reference,
    )


def list_barred_ids(refund: Refund) -> frozenset[UUID]:
    """Return the accounts of those who must not decide a refund.

    Two people for each refund, so that nobody can pay money out alone. The program asks for the
    refund of a surplus: there the first person is whoever took the money another way or said that
    none was due, without which the card payment would have been no surplus.
    """
    if refund.is_surplus:
        # Without the default, a one-to-one that is not there raises.
        offline = getattr(refund.payment, "offline", None)
        accounts = (refund.payment.closed_by_id, offline.taken_by_id if offline else None)
    else:
        accounts = (refund.requested_by_id, None)
    return frozenset(account for account in accounts if account is not None)


def line_amounts(payment: Payment) -> list[LineAmounts]:
    """Return what each line of a payment comes to, in order, for the ledger."""
    return [
        LineAmounts(line.fee_code, line.net_pence, line.vat_pence)
        for line in payment.lines.order_by("number")
    ]


def _last_failure(payment: Payment, attempts: list[PaymentAttempt]) -> str:
    """Return why the last try failed, "" where none did or the payment is no longer due."""
    if payment.state != PaymentState.DUE or not attempts:
        return ""
    return attempts[-1].code if attempts[-1].finished_at else ""
