"""The permissions that payments define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("payment.request", "ask for a payment", is_public=True),
    Permission("payment.pay", "pay what one has the link to", is_public=True),
    Permission("payment.process", "record what GOV.UK Pay says of payments and refunds"),
    Permission("payment.view", "see payments, refunds and the ledger"),
    Permission("payment.take", "take cash, cheques and cards over the phone, and cancel payments"),
    Permission("payment.waive", "record that somebody need not pay"),
    Permission("payment.reconcile", "compare payments with GOV.UK Pay's, and clear differences"),
    Permission("payment.export", "download payments and the ledger for finance"),
    Permission("refund.request", "ask for a refund"),
    Permission("refund.approve", "approve a refund that somebody else asked for"),
    Permission("fees.edit", "set fees and charges"),
)
