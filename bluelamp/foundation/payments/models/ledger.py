"""The ledger: double entry in whole pence. Rows are only ever added.

Triggers refuse every change, and a deferred constraint refuses to commit a transaction whose
entries are fewer than two or do not add up to 0 (migration 0002).
"""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.foundation.payments.models.payments import RETENTION, Payment
from bluelamp.foundation.payments.models.refunds import Refund
from bluelamp.foundation.payments.rules import Account, TransactionKind


class LedgerTransaction(Record):
    """Something that moved money, or what we owe."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention=RETENTION, export=True, counted_from="at"
    )

    force = models.CharField(max_length=4)
    at = models.DateTimeField()
    kind = models.CharField(max_length=15, choices=TransactionKind.choices())
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="ledger_transactions"
    )
    refund = models.ForeignKey(
        Refund, on_delete=models.PROTECT, null=True, related_name="ledger_transactions"
    )
    provider_id = models.CharField(
        max_length=64, null=True, help_text="Of the card payment that took the money."
    )
    written_at = models.DateTimeField(
        null=True, editable=False, help_text="By the database's clock; a trigger sets it."
    )

    class Meta:
        indexes = [models.Index(fields=["force", "at"], name="ledger_by_time")]
        constraints = [
            # These make "taken twice" impossible, whoever writes.
            models.UniqueConstraint(
                fields=["payment"], condition=models.Q(kind="paid"), name="ledger_paid_once"
            ),
            models.UniqueConstraint(
                fields=["provider_id"],
                condition=models.Q(kind__in=["paid", "surplus"]),
                name="ledger_card_payment_once",
            ),
            models.UniqueConstraint(
                fields=["refund", "kind"],
                condition=models.Q(refund__isnull=False),
                # Approved once and paid out once, whatever runs twice.
                name="ledger_refund_step_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.payment_id}"


class LedgerEntry(Record):
    """One side of a transaction: a debit above 0, a credit below 0."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention=RETENTION, export=True)

    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="entries"
    )
    account = models.CharField(max_length=15, choices=Account.choices())
    amount_pence = models.IntegerField()
    fee_code = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account"], name="ledger_by_account")]
        constraints = [
            models.CheckConstraint(
                name="ledger_entry_is_not_zero", condition=~models.Q(amount_pence=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_pence}"
