"""The tables of payments: fees, payments and refunds, the ledger, and the daily comparison."""

from bluelamp.foundation.payments.models.fees import Fee
from bluelamp.foundation.payments.models.ledger import LedgerEntry, LedgerTransaction
from bluelamp.foundation.payments.models.payments import (
    OfflinePayment,
    Payment,
    PaymentAttempt,
    PaymentLine,
)
from bluelamp.foundation.payments.models.reconciliation import (
    Reconciliation,
    ReconciliationDifference,
)
from bluelamp.foundation.payments.models.refunds import Refund
from bluelamp.foundation.payments.models.webhooks import WebhookMessage

__all__ = [
    "Fee",
    "LedgerEntry",
    "LedgerTransaction",
    "OfflinePayment",
    "Payment",
    "PaymentAttempt",
    "PaymentLine",
    "Reconciliation",
    "ReconciliationDifference",
    "Refund",
    "WebhookMessage",
]
