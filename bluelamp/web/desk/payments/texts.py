"""How the desk words payments: states, accounts, amounts in and out."""

import re

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.payments.messages import DIFFERENCES, STAFF_CODES
from bluelamp.web.desk.contexts import Tag

STATES = {
    "due": Tag("To pay", "blue"),
    "paid": Tag("Paid", "green"),
    "waived": Tag("Does not have to pay", "grey"),
    "withdrawn": Tag("Withdrawn", "grey"),
    "not_due": Tag("Free", "grey"),
}
METHODS = {
    "online": "Card online",
    "cash": "Cash",
    "cheque": "Cheque",
    "phone": "Card by phone",
}
REFUND_STATES = {
    "requested": Tag("To decide", "yellow"),
    "declined": Tag("Declined", "grey"),
    "approved": Tag("Approved", "blue"),
    "sent": Tag("On its way", "blue"),
    "done": Tag("Refunded", "green"),
    "failed": Tag("Repay another way", "red"),
}
ATTEMPT_STATES = {
    "opening": "Waiting for GOV.UK Pay",
    "created": "Started",
    "started": "Card being entered",
    "submitted": "Being confirmed",
    "capturable": "Being confirmed",
    "success": "Paid",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "error": "Failed",
    "lost": "Never began",
}
ACCOUNTS = {
    "card_clearing": "Card payments (GOV.UK Pay)",
    "cash": "Cash",
    "cheque": "Cheques",
    "phone_cards": "Cards by phone",
    "bank": "Bank",
    "income": "Income",
    "vat": "VAT",
    "owed_to_payers": "Owed to payers",
}
TRANSACTIONS = {
    "paid": "Paid",
    "surplus": "Paid though nothing was due",
    "refund_approved": "Refund approved",
    "refunded": "Refunded",
}
SUCCESS_MESSAGES = {
    "taken": "Payment recorded",
    "cancelled": "Card payment cancelled",
    "waived": "Recorded that they do not have to pay",
    "requested": "Refund requested. Someone else must approve it.",
    "approved": "Refund approved",
    "declined": "Refund declined",
    "repaid": "Repayment recorded",
    "cleared": "Difference cleared",
    "compare": "We’re comparing that day. Load this page again in a minute.",
    "set": "Fee set",
}
# Commas between thousands or none: "1,50" is not one pound fifty.
_AMOUNT = re.compile(r"£?(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(\d{2}))?")


def format_pounds(pence: int | None) -> str:
    """Return an amount with its pence; "" for none. A minus sign stands before the pound sign."""
    if pence is None:
        return ""
    sign = "−" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def parse_pounds(text: str, *, field: str) -> int:
    """Return the pence of an amount as people write it.

    Raises:
        Refused: It is not an amount.

    >>> parse_pounds("£1,200", field="x"), parse_pounds("79.50", field="x")
    (120000, 7950)
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise Refused("Enter an amount, like 79.50", field=field)
    return int(match[1].replace(",", "")) * 100 + int(match[2] or 0)


def failure_text(code: str) -> str:
    """Return why a try failed, with GOV.UK Pay's code; "" where it did not."""
    # GOV.UK Pay may add codes: one that we do not know is shown as it is.
    return f"{STAFF_CODES[code]} ({code})" if code in STAFF_CODES else code


def difference_text(kind: str) -> str:
    """Return what a kind of difference is."""
    return str(DIFFERENCES.get(kind, kind))
