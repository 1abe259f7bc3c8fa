"""Who may see which payments, refunds and differences: those of their own force.

The public reach a payment by its link (`links.py`), which the lookup that takes it checks.
"""

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.foundation.payments.models import (
    LedgerTransaction,
    Payment,
    Reconciliation,
    ReconciliationDifference,
    Refund,
)


class PaymentPolicy(Policy[Payment]):
    """Payments are for the force that they are paid to."""

    model = Payment
    not_found = "There is no such payment."


class RefundPolicy(Policy[Refund]):
    """Refunds are for the force that gives the money back."""

    model = Refund
    not_found = "There is no such refund."


class LedgerPolicy(Policy[LedgerTransaction]):
    """The ledger is for the force whose money it is."""

    model = LedgerTransaction
    only_grows = True


class ReconciliationPolicy(Policy[Reconciliation]):
    """Comparisons are for the force that ran them."""

    model = Reconciliation


class DifferencePolicy(Policy[ReconciliationDifference]):
    """Differences are for the force that found them."""

    model = ReconciliationDifference
    not_found = "There is no such difference."


payment_policy = PaymentPolicy()
refund_policy = RefundPolicy()
ledger_policy = LedgerPolicy()
reconciliation_policy = ReconciliationPolicy()
difference_policy = DifferencePolicy()
