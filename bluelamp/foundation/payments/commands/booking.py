"""What every command that moves money shares: write the ledger, and mark the payment.

Each function here belongs inside a command that has locked the payment's row.
"""

from collections.abc import Sequence
from datetime import datetime

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.payments.commands.differences import list_difference
from bluelamp.foundation.payments.events import PaymentPaid
from bluelamp.foundation.payments.lookups.details import line_amounts
from bluelamp.foundation.payments.models import LedgerEntry, LedgerTransaction, Payment, Refund
from bluelamp.foundation.payments.rules import (
    Entry,
    Method,
    PaymentState,
    RefundState,
    TransactionKind,
    paid_entries,
    surplus_entries,
)


def write_ledger(
    kind: TransactionKind,
    entries: Sequence[Entry],
    *,
    at: datetime,
    payment: Payment,
    refund: Refund | None = None,
    provider_id: str | None = None,
) -> None:
    """Add a transaction to the ledger. The database refuses one that does not balance."""
    require_command()
    # Entries after it: the constraint that they balance is checked at the commit, not at each row.
    transaction = LedgerTransaction.objects.create(
        force=payment.force,
        at=at,
        kind=kind,
        payment=payment,
        refund=refund,
        provider_id=provider_id,
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            transaction=transaction,
            account=entry.account,
            amount_pence=entry.amount_pence,
            fee_code=entry.fee_code,
        )
        for entry in entries
    )


def book_payment(
    payment: Payment, method: Method, *, at: datetime, provider_id: str | None = None
) -> None:
    """Mark a payment that is due as paid, with its entries and the event for the service."""
    entries = paid_entries(line_amounts(payment), method)
    write_ledger(TransactionKind.PAID, entries, at=at, payment=payment, provider_id=provider_id)
    payment.state = PaymentState.PAID
    payment.method = method
    payment.paid_at = at
    payment.save()
    # In the same transaction: no service may hear of money that was rolled back, nor miss what was
    # kept.
    publish(
        PaymentPaid(
            payment_id=payment.id,
            force=payment.force,
            reference=payment.reference,
            payable_kind=payment.payable_kind,
            payable_id=payment.payable_id,
            payable_reference=payment.payable_reference,
            occasion=payment.occasion,
            amount_pence=payment.total_pence,
            method=method,
            paid_at=at,
        )
    )


def book_card_payment(payment: Payment, *, at: datetime, provider_id: str) -> None:
    """Book a card payment that GOV.UK Pay says it took; each is booked once.

    Money that came though nothing was due any more is owed to the payer: a refund is asked for at
    once, and staff see the difference.
    """
    # The browser, a webhook, the ten-minute job and the daily comparison all bring the same news.
    if LedgerTransaction.objects.filter(
        provider_id=provider_id, kind__in=[TransactionKind.PAID, TransactionKind.SURPLUS]
    ).exists():
        return
    if payment.state == PaymentState.DUE:
        book_payment(payment, Method.ONLINE, at=at, provider_id=provider_id)
        return
    write_ledger(
        TransactionKind.SURPLUS,
        surplus_entries(payment.total_pence),
        at=at,
        payment=payment,
        provider_id=provider_id,
    )
    # Not approved by itself: two people stand behind every refund, a surplus too.
    Refund.objects.create(
        force=payment.force,
        payment=payment,
        amount_pence=payment.total_pence,
        is_surplus=True,
        reason="Paid by card though nothing was due any more.",
        state=RefundState.REQUESTED,
        requested_at=at,
        requested_by_name="payments",
        attempt_provider_id=provider_id,
    )
    list_difference(
        "surplus",
        at=at,
        force=payment.force,
        provider_id=provider_id,
        payment=payment,
        our_pence=0,
        their_pence=payment.total_pence,
    )
