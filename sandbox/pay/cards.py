"""The mock cards of GOV.UK Pay's documentation, "Testing GOV.UK Pay"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardResult:
    """What becomes of a payment with a card: a status, and the code where it failed."""

    status: str
    code: str = ""
    message: str = ""


ACCEPTED = CardResult("submitted")
_DECLINED = CardResult("failed", "P0010", "Payment method rejected")
_ERROR = CardResult("error", "P0050", "Payment provider returned an error")

RESULTS = {
    "4444333322221111": ACCEPTED,
    "4242424242424242": ACCEPTED,
    "4000058260000005": ACCEPTED,
    "5555555555554444": ACCEPTED,
    "4000000000000002": _DECLINED,
    "4000000000000069": _DECLINED,  # the card has expired
    "4000000000000127": _DECLINED,  # the security code is wrong
    "4000000000000119": _ERROR,
}


def find_result(number: str) -> CardResult | None:
    """Return what becomes of a payment with this card number; None for no mock card."""
    return RESULTS.get("".join(filter(str.isdigit, number)))


def card_brand(number: str) -> str:
    """Return the brand that a card number begins with."""
    return "Mastercard" if number.startswith("5") else "Visa"
