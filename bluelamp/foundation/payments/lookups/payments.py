"""One payment: for the service that asked for it, for the payer who has its link, and for staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.payments.links import read_token
from bluelamp.foundation.payments.lookups.details import PaymentDetail, to_payment_detail
from bluelamp.foundation.payments.models import LedgerTransaction, Payment, PaymentAttempt
from bluelamp.foundation.payments.policy import payment_policy
from bluelamp.foundation.payments.rules import SETTLED, PaymentState


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptDetail:
    """One try to pay on GOV.UK Pay, as staff see it."""

    number: int
    state: str
    code: str
    provider_id: str
    opened_at: datetime
    checked_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDetail:
    """One line of the ledger. A debit is above 0, a credit below."""

    at: datetime
    kind: str
    account: str
    fee_code: str
    amount_pence: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffPaymentDetail:
    """A payment with everything that staff may see of it."""

    payment: PaymentDetail
    attempts: tuple[AttemptDetail, ...]
    entries: tuple[EntryDetail, ...]


@read_within_act
def payments_for(*, actor: Actor, payable_kind: str, payable_id: UUID) -> tuple[PaymentDetail, ...]:
    """Return the payments for one thing of a service, the newest first.

    The service decides whether the actor may see that thing.
    """
    rows = (
        Payment.objects.filter(force=actor.force, payable_kind=payable_kind, payable_id=payable_id)
        .select_related("offline")
        .prefetch_related("attempts", "lines", "refunds__decided_by")
    )
    return tuple(to_payment_detail(row) for row in rows.order_by("-requested_at", "-id"))


@read_within_act
def is_settled(*, actor: Actor, payable_kind: str, payable_id: UUID, occasion: str) -> bool:
    """Say whether a payment was asked for and needs no more money: paid, waived or free.

    One that was given back whole is not paid any more.
    """
    settled = Payment.objects.filter(
        force=actor.force,
        payable_kind=payable_kind,
        payable_id=payable_id,
        occasion=occasion,
        state__in=SETTLED,
    )
    return settled.exclude(state=PaymentState.PAID, refunded_pence__gte=F("total_pence")).exists()


@read_within_act
def get_payment_of_event(*, actor: Actor, payment_id: UUID) -> PaymentDetail:
    """Return the payment that an event names.

    Raises:
        NotFound: The actor's force has no such payment.
    """
    return to_payment_detail(payment_policy.get(actor, id=payment_id))


@lookup(permission="payment.pay", act="payment.opened")
def get_payment_by_token(*, actor: Actor, at: datetime, token: str) -> PaymentDetail:
    """Return the payment that a link opens.

    Raises:
        NotFound: It is no link of ours.
    """
    # No force is asked for: the link is the proof, and whoever has it may pay from anywhere.
    payment = Payment.objects.filter(id=read_token(token)).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    record_act(payment, ref=payment.reference)
    return to_payment_detail(payment)


@lookup(permission="payment.pay", act="payment.receipt_made")
def get_receipt(*, actor: Actor, at: datetime, token: str) -> PaymentDetail:
    """Return a payment for the receipt of it.

    Raises:
        NotFound: It is no link of ours, or nothing was paid.
    """
    # A waived payment has no receipt: no money was taken.
    payment = Payment.objects.filter(id=read_token(token), paid_at__isnull=False).first()
    if payment is None:
        raise NotFound("There is no such receipt.")
    record_act(payment, ref=payment.reference)
    return to_payment_detail(payment)


@lookup(permission="payment.view", act="payment.viewed")
def get_payment(*, actor: Actor, at: datetime, reference: str) -> StaffPaymentDetail:
    """Return a payment of the actor's force with its tries and its lines in the ledger.

    Raises:
        NotFound: There is no such payment.
    """
    payment = payment_policy.get(actor, reference=reference)
    record_act(payment, ref=payment.reference)
    return StaffPaymentDetail(
        payment=to_payment_detail(payment),
        attempts=tuple(_to_attempt(row) for row in payment.attempts.order_by("number")),
        entries=_list_entries(payment),
    )


def _to_attempt(attempt: PaymentAttempt) -> AttemptDetail:
    return AttemptDetail(
        number=attempt.number,
        state=attempt.state,
        code=attempt.code,
        provider_id=attempt.provider_id or "",
        opened_at=attempt.opened_at,
        checked_at=attempt.checked_at,
        finished_at=attempt.finished_at,
    )


def _list_entries(payment: Payment) -> tuple[EntryDetail, ...]:
    transactions = LedgerTransaction.objects.filter(payment=payment).prefetch_related("entries")
    return tuple(
        EntryDetail(
            at=transaction.at,
            kind=transaction.kind,
            account=entry.account,
            fee_code=entry.fee_code,
            amount_pence=entry.amount_pence,
        )
        for transaction in transactions.order_by("at", "id")
        # Sorted here and not by the database, which would drop what was prefetched.
        for entry in sorted(transaction.entries.all(), key=lambda entry: entry.id)
    )
