"""What people and services look up about payments."""

from bluelamp.foundation.payments.lookups.details import (
    PaymentDetail,
    PaymentLineDetail,
    RefundDetail,
    line_amounts,
    to_payment_detail,
    to_refund_detail,
)
from bluelamp.foundation.payments.lookups.fees import (
    FeeDetail,
    get_fee_history,
    get_fees,
    list_fees,
)
from bluelamp.foundation.payments.lookups.lists import (
    LedgerRow,
    PaymentFilter,
    PaymentPage,
    PaymentRow,
    RefundPage,
    export_ledger,
    export_payments,
    get_refund,
    list_payments,
    list_refunds,
)
from bluelamp.foundation.payments.lookups.payments import (
    StaffPaymentDetail,
    get_payment,
    get_payment_by_token,
    get_payment_of_event,
    get_receipt,
    is_settled,
    payments_for,
)
from bluelamp.foundation.payments.lookups.reconciliation import (
    DifferencePage,
    DifferenceRow,
    ReconciliationRow,
    list_differences,
)

__all__ = [
    "DifferencePage",
    "DifferenceRow",
    "FeeDetail",
    "LedgerRow",
    "PaymentDetail",
    "PaymentFilter",
    "PaymentLineDetail",
    "PaymentPage",
    "PaymentRow",
    "ReconciliationRow",
    "RefundDetail",
    "RefundPage",
    "StaffPaymentDetail",
    "export_ledger",
    "export_payments",
    "get_fee_history",
    "get_fees",
    "get_payment",
    "get_payment_by_token",
    "get_payment_of_event",
    "get_receipt",
    "get_refund",
    "is_settled",
    "line_amounts",
    "list_differences",
    "list_fees",
    "list_payments",
    "list_refunds",
    "payments_for",
    "to_payment_detail",
    "to_refund_detail",
]
