"""What is done with payments: ask, pay, take, cancel, refund, compare, and set fees."""

from bluelamp.foundation.payments.commands.differences import clear_difference
from bluelamp.foundation.payments.commands.fees import NewFee, are_fees_loaded, load_fees, set_fee
from bluelamp.foundation.payments.commands.following import follow_open_payments
from bluelamp.foundation.payments.commands.offline import record_offline_payment
from bluelamp.foundation.payments.commands.paying import (
    NextStep,
    cancel_payment,
    refresh_payment,
    start_payment,
)
from bluelamp.foundation.payments.commands.reconciling import (
    reconcile_day,
    request_reconciliation,
)
from bluelamp.foundation.payments.commands.refunds import (
    Requester,
    approve_refund,
    decline_refund,
    record_repayment,
    request_all_refunds,
    request_refund,
)
from bluelamp.foundation.payments.commands.requesting import (
    price_charges,
    request_payment,
    set_payment_language,
    waive_payment,
    withdraw_payment,
)
from bluelamp.foundation.payments.commands.sending_refunds import follow_refund, send_refund
from bluelamp.foundation.payments.commands.webhooks import process_webhook, receive_webhook

__all__ = [
    "NewFee",
    "NextStep",
    "Requester",
    "approve_refund",
    "are_fees_loaded",
    "cancel_payment",
    "clear_difference",
    "decline_refund",
    "follow_open_payments",
    "follow_refund",
    "load_fees",
    "price_charges",
    "process_webhook",
    "receive_webhook",
    "reconcile_day",
    "record_offline_payment",
    "record_repayment",
    "refresh_payment",
    "request_all_refunds",
    "request_payment",
    "request_reconciliation",
    "request_refund",
    "send_refund",
    "set_fee",
    "set_payment_language",
    "start_payment",
    "waive_payment",
    "withdraw_payment",
]
