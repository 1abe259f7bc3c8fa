"""URLs of the desk's payments. A payment's reference begins with PAY, so no word here is one."""

from django.urls import path

from bluelamp.web.desk.payments import differences, fees, lists, payment, refunds

urlpatterns = [
    path("", lists.payments, name="desk-payments"),
    path("exports/", lists.exports, name="desk-payment-exports"),
    path("exports/ledger.csv", lists.ledger_csv, name="desk-ledger-csv"),
    path("exports/payments.csv", lists.payments_csv, name="desk-payments-csv"),
    path("refunds/", refunds.refunds, name="desk-refunds"),
    path("refunds/<uuid:refund_id>/", refunds.refund, name="desk-refund"),
    path("refunds/<uuid:refund_id>/approve", refunds.approve, name="desk-approve-refund"),
    path("refunds/<uuid:refund_id>/decline", refunds.decline, name="desk-decline-refund"),
    path("refunds/<uuid:refund_id>/repay", refunds.repay, name="desk-repay-refund"),
    path("differences/", differences.differences, name="desk-differences"),
    path("differences/compare", differences.compare, name="desk-compare-payments"),
    path("differences/<uuid:difference_id>/clear", differences.clear, name="desk-clear-difference"),
    path("fees/", fees.fees, name="desk-fees"),
    path("fees/<str:code>/", fees.fee, name="desk-fee"),
    path("<str:reference>/", payment.payment, name="desk-payment"),
    path("<str:reference>/receipt", payment.receipt, name="desk-payment-receipt"),
    path("<str:reference>/take", payment.take, name="desk-take-payment"),
    path("<str:reference>/cancel", payment.cancel, name="desk-cancel-payment"),
    path("<str:reference>/waive", payment.waive, name="desk-waive-payment"),
    path("<str:reference>/refund", payment.refund, name="desk-request-refund"),
]
