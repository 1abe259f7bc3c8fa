"""Refunds: one person asks, another approves or declines."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.payments.commands.booking import write_ledger
from bluelamp.foundation.payments.events import PaymentRefunded
from bluelamp.foundation.payments.lookups.details import (
    RefundDetail,
    line_amounts,
    list_barred_ids,
    to_refund_detail,
)
from bluelamp.foundation.payments.models import LedgerTransaction, Payment, Refund
from bluelamp.foundation.payments.policy import refund_policy
from bluelamp.foundation.payments.rules import (
    Account,
    Method,
    PaymentState,
    RefundState,
    TransactionKind,
    refund_approved_entries,
    refunded_entries,
)

MAX_REASON_LENGTH = 500
MAX_REFERENCE_LENGTH = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Requester:
    """On whose decision a part of the program asks for a refund; no account for the public."""

    id: UUID | None
    name: str


@command(permission="refund.request", act="refund.requested")
def request_refund(
    *,
    actor: Actor,
    at: datetime,
    payment_id: UUID,
    reason: str,
    amount_pence: int | None = None,
    requester: Requester | None = None,
) -> RefundDetail:
    """Ask for money to be given back. Nothing moves until another person approves it.

    Args:
        actor: The member of staff or part of the program that asks.
        at: The time.
        payment_id: The payment.
        reason: Why.
        amount_pence: How much; None for all that is left.
        requester: Who must not approve it, as it follows from their decision; None for the actor.

    Raises:
        NotFound: There is no such payment of the actor's force.
        Refused: It was not paid, there is no reason, or that much is not left.
    """
    reason = clean_text(
        reason, max_length=MAX_REASON_LENGTH, field="reason", label="payments.reason"
    )
    if not reason:
        raise Refused("payments.reason_missing", field="reason")
    # Locked: two people who ask at once must not together ask for more than was paid.
    payment = Payment.objects.select_for_update().filter(id=payment_id, force=actor.force).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    if payment.state != PaymentState.PAID:
        raise Refused("payments.not_paid", field="amount")
    # Less what others asked for and nobody has decided: all of it could be approved.
    left = _pence_left(payment)
    amount = left if amount_pence is None else amount_pence
    if left <= 0:
        raise Refused("payments.nothing_left", field="amount")
    if not 1 <= amount <= left:
        raise Refused("payments.refund_too_large", field="amount", left=_to_pounds(left))
    refund = Refund.objects.create(
        force=payment.force,
        payment=payment,
        amount_pence=amount,
        reason=reason,
        state=RefundState.REQUESTED,
        requested_at=at,
        requested_by_id=requester.id if requester else actor.id,
        requested_by_name=(requester or actor).name[:200],
        # Fixed now: a refund goes back to the card that paid, and to no other.
        attempt_provider_id=_card_payment_id(payment),
    )
    record_act(payment, ref=payment.reference, detail={"amount_pence": amount})
    return to_refund_detail(refund)


def request_all_refunds(
    *,
    actor: Actor,
    at: datetime,
    payable_kind: str,
    payable_id: UUID,
    reason: str,
    requester: Requester | None = None,
) -> None:
    """Ask for everything back that was paid for something and that nobody has asked for yet.

    Part of a command. Done twice, it asks once. `requester` is as for `request_refund`.
    """
    require_command()
    payments = Payment.objects.select_for_update().filter(
        force=actor.force,
        payable_kind=payable_kind,
        payable_id=payable_id,
        state=PaymentState.PAID,
    )
    # In one order, so that two commands that lock several payments cannot wait for each other.
    for payment in payments.order_by("id"):
        if _pence_left(payment) > 0:
            request_refund(
                actor=actor, at=at, payment_id=payment.id, reason=reason, requester=requester
            )


@command(permission="refund.approve", act="refund.approved")
def approve_refund(*, actor: Actor, at: datetime, refund_id: UUID) -> RefundDetail:
    """Approve a refund that somebody else asked for. A card is refunded soon after.

    Raises:
        NotFound: There is no such refund of the actor's force.
        Refused: The actor asked for it, or another refund of this payment is on its way.
        Conflict: It was decided already.
    """
    refund, payment = _lock_requested(actor, refund_id)
    # One at a time: GOV.UK Pay refuses a refund whose available amount has changed meanwhile.
    others = payment.refunds.filter(state__in=[RefundState.APPROVED, RefundState.SENT])
    if others.exists():
        raise Refused("payments.refund_on_its_way")
    refund.state = RefundState.APPROVED
    refund.decided_at = at
    refund.decided_by_id = actor.id
    refund.save()
    # A surplus was never income, so none is taken back.
    if not refund.is_surplus:
        entries = refund_approved_entries(
            line_amounts(payment),
            refunded_before_pence=payment.refunded_pence,
            amount_pence=refund.amount_pence,
        )
        write_ledger(
            TransactionKind.REFUND_APPROVED, entries, at=at, payment=payment, refund=refund
        )
        # Counted at the approval and not when it arrives: until then nobody may give it back again.
        payment.refunded_pence += refund.amount_pence
        payment.save()
    if refund.attempt_provider_id:
        enqueue("payments.send_refund", refund_id=str(refund.id))
    record_act(payment, ref=payment.reference, detail={"amount_pence": refund.amount_pence})
    return to_refund_detail(refund)


@command(permission="refund.approve", act="refund.declined")
def decline_refund(*, actor: Actor, at: datetime, refund_id: UUID, note: str) -> RefundDetail:
    """Decline a refund that somebody else asked for, and say why.

    Raises:
        NotFound: There is no such refund of the actor's force.
        Refused: The actor asked for it, or there is no note.
        Conflict: It was decided already.
    """
    note = clean_text(note, max_length=MAX_REASON_LENGTH, field="note", label="payments.note")
    if not note:
        raise Refused("payments.decline_note_missing", field="note")
    refund, payment = _lock_requested(actor, refund_id)
    refund.state = RefundState.DECLINED
    refund.decided_at = at
    refund.decided_by_id = actor.id
    refund.decision_note = note
    refund.save()
    record_act(payment, ref=payment.reference)
    return to_refund_detail(refund)


@command(permission="payment.take", act="refund.repaid")
def record_repayment(
    *, actor: Actor, at: datetime, refund_id: UUID, repaid_reference: str
) -> RefundDetail:
    """Record that an approved refund was paid by cheque or transfer, where no card can be refunded.

    Args:
        actor: Who paid it back.
        at: When.
        refund_id: The refund.
        repaid_reference: The number of the cheque or the transfer.

    Raises:
        NotFound: There is no such refund of the actor's force.
        Refused: The reference is missing.
        Conflict: It is not to be paid back this way, or was already.
    """
    repaid_reference = clean_text(
        repaid_reference,
        max_length=MAX_REFERENCE_LENGTH,
        field="repaid_reference",
        label="payments.repaid_reference",
    )
    if not repaid_reference:
        raise Refused("payments.repaid_reference_missing", field="repaid_reference")
    payment, refund = lock_refund(refund_policy.get(actor, id=refund_id).id)
    # Cash and cheques go back by hand, and so does a card that GOV.UK Pay could not refund.
    is_by_hand = refund.state == RefundState.APPROVED and not refund.attempt_provider_id
    if refund.state != RefundState.FAILED and not is_by_hand:
        raise Conflict("payments.not_to_be_repaid")
    refund.repaid_reference = repaid_reference
    complete_refund(payment, refund, at=at, source=_repayment_account(payment, refund))
    record_act(payment, ref=payment.reference, detail={"amount_pence": refund.amount_pence})
    return to_refund_detail(refund)


def complete_refund(payment: Payment, refund: Refund, *, at: datetime, source: Account) -> None:
    """Mark a refund as paid back, inside a command: the ledger, and the event for the service."""
    refund.state = RefundState.DONE
    refund.completed_at = at
    refund.save()
    entries = refunded_entries(refund.amount_pence, source=source)
    write_ledger(TransactionKind.REFUNDED, entries, at=at, payment=payment, refund=refund)
    if refund.is_surplus:
        return  # the service was never told of that money
    publish(
        PaymentRefunded(
            payment_id=payment.id,
            refund_id=refund.id,
            force=payment.force,
            reference=payment.reference,
            payable_kind=payment.payable_kind,
            payable_id=payment.payable_id,
            payable_reference=payment.payable_reference,
            occasion=payment.occasion,
            amount_pence=refund.amount_pence,
            is_whole=payment.refunded_pence == payment.total_pence,
            refunded_at=at,
        )
    )


def lock_refund(refund_id: UUID) -> tuple[Payment, Refund]:
    """Lock a refund and its payment, the payment first, as every command does.

    Raises:
        NotFound: There is no such refund.
    """
    payment_id = Refund.objects.filter(id=refund_id).values_list("payment_id", flat=True).first()
    if payment_id is None:
        raise NotFound("There is no such refund.")
    # Always the payment first: two commands that lock in different orders wait for each other.
    payment = Payment.objects.select_for_update().get(id=payment_id)
    return payment, Refund.objects.select_for_update().get(id=refund_id)


def _lock_requested(actor: Actor, refund_id: UUID) -> tuple[Refund, Payment]:
    """Return a refund that the actor may decide, with its payment, both locked."""
    payment, refund = lock_refund(refund_policy.get(actor, id=refund_id).id)
    if refund.state != RefundState.REQUESTED:
        raise Conflict("payments.refund_decided")
    # A part of the program decides nothing: it could both ask and approve.
    if actor.id is None or actor.id in list_barred_ids(refund):
        raise Refused("payments.second_person_needed")
    return refund, payment


def _pence_left(payment: Payment) -> int:
    """Return how much of a payment is not given back, and not asked to be given back."""
    waiting = payment.refunds.filter(state=RefundState.REQUESTED, is_surplus=False)
    requested = sum(waiting.values_list("amount_pence", flat=True))
    return payment.total_pence - payment.refunded_pence - requested


def _card_payment_id(payment: Payment) -> str:
    """Return the card payment that a refund goes back to, "" where staff took the money."""
    booking = LedgerTransaction.objects.filter(payment=payment, kind=TransactionKind.PAID)
    return booking.values_list("provider_id", flat=True).first() or ""


def _repayment_account(payment: Payment, refund: Refund) -> Account:
    """Return what a repayment comes out of: the till for cash, else the bank."""
    if payment.method == Method.CASH and not refund.attempt_provider_id:
        return Account.CASH
    return Account.BANK


def _to_pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02d}"
