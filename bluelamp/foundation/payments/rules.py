"""Decisions about payments: what a fee comes to, which states there are, what moves in the ledger.

Pure: no database, no clock. Amounts are whole pence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bluelamp.foundation.kernel.references import decode_number, encode_number, join_reference

MAX_TOTAL_PENCE = 10_000_000
"""The most that GOV.UK Pay takes in one payment: its OpenAPI, `CreateCardPaymentRequest.amount`."""
MAX_QUANTITY = 999


class _Choice(StrEnum):
    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return the values as a Django field takes them."""
        return [(member.value, member.value.replace("_", " ")) for member in cls]


class PaymentState(_Choice):
    """How far a payment is. A try that failed leaves it due."""

    DUE = "due"
    PAID = "paid"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"
    NOT_DUE = "not_due"  # the fees come to nothing


SETTLED = frozenset({PaymentState.PAID, PaymentState.WAIVED, PaymentState.NOT_DUE})
"""The states in which a service may go on."""


class Method(_Choice):
    """How the money came."""

    ONLINE = "online"
    CASH = "cash"
    CHEQUE = "cheque"
    PHONE = "phone"


OFFLINE_METHODS = (Method.CASH, Method.CHEQUE, Method.PHONE)


class AttemptState(_Choice):
    """How far a try on GOV.UK Pay is: its own statuses, and two of ours.

    `opening`: we are asking GOV.UK Pay, or never heard its answer. `lost`: it never had it.
    """

    OPENING = "opening"
    CREATED = "created"
    STARTED = "started"
    SUBMITTED = "submitted"
    CAPTURABLE = "capturable"
    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ERROR = "error"
    LOST = "lost"


FINISHED = frozenset(
    {
        AttemptState.SUCCESS,
        AttemptState.FAILED,
        AttemptState.CANCELLED,
        AttemptState.ERROR,
        AttemptState.LOST,
    }
)


class RefundState(_Choice):
    """How far a refund is. `failed`: the card cannot be refunded; staff pay it back otherwise."""

    REQUESTED = "requested"
    DECLINED = "declined"
    APPROVED = "approved"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class Account(_Choice):
    """The accounts of the ledger."""

    CARD_CLEARING = "card_clearing"  # with GOV.UK Pay, on its way to the bank
    CASH = "cash"
    CHEQUE = "cheque"
    PHONE_CARDS = "phone_cards"
    BANK = "bank"  # what finance pays back by cheque or transfer
    INCOME = "income"
    VAT = "vat"
    OWED_TO_PAYERS = "owed_to_payers"


class TransactionKind(_Choice):
    """What happened to the money."""

    PAID = "paid"
    SURPLUS = "surplus"  # paid, though nothing was due any more
    REFUND_APPROVED = "refund_approved"
    REFUNDED = "refunded"


ACCOUNT_OF_METHOD = {
    Method.ONLINE: Account.CARD_CLEARING,
    Method.CASH: Account.CASH,
    Method.CHEQUE: Account.CHEQUE,
    Method.PHONE: Account.PHONE_CARDS,
}

EXEMPTIONS: tuple[str, ...] = (
    "club_responsible_officer",  # Firearms (Amendment) Act 1988, s.15: see EXEMPT_CLUB
    "special_certificate",  # Firearms Act 1968, s.32(2) and (3): see EXEMPT_SPECIAL
    "bereaved_family",
    "criminal_injuries_claim",
    "fault_of_ours",
    "court_direction",  # the order of the court that allowed an appeal says so
    "other",
)
"""On what ground somebody need not pay. The sentences are in messages.py."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee to be paid, so many times."""

    fee_code: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """What `choose_fee` needs of a fee's row; the newest recorded come last."""

    force: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """What one line of a payment comes to."""

    fee_code: str
    net_pence: int
    vat_pence: int

    @property
    def gross_pence(self) -> int:
        """Return what the payer pays for the line."""
        return self.net_pence + self.vat_pence


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a ledger transaction: a debit above 0, a credit below 0."""

    account: Account
    amount_pence: int
    fee_code: str = ""


def compute_vat(net_pence: int, percent: int) -> int:
    """Return the VAT on an amount, to the nearest penny, halves up.

    VAT Notice 700, section 17.5: tax on a line may be rounded to the nearest 1p.

    >>> compute_vat(17330, 20), compute_vat(1, 20), compute_vat(3, 20), compute_vat(250, 5)
    (3466, 0, 1, 13)
    """
    # In whole pence throughout: a float cannot hold a tenth of a pound.
    return (net_pence * percent + 50) // 100


def choose_fee(rows: Sequence[FeeFacts], *, on: date) -> int | None:
    """Return which of a code's rows counts on a day, by its index; None if none does.

    A force's own row goes before one that came with the program, then the one recorded last: staff
    who set a fee must not be overruled by an upgrade.
    """
    chosen: int | None = None
    for index, row in enumerate(rows):
        has_begun = row.valid_from is None or row.valid_from <= on
        has_ended = row.valid_until is not None and row.valid_until < on
        if not has_begun or has_ended:
            continue
        # A force's own row goes before one for every force; of two alike, the later recorded.
        if chosen is None or bool(row.force) >= bool(rows[chosen].force):
            chosen = index
    return chosen


def paid_entries(lines: Iterable[LineAmounts], method: Method) -> list[Entry]:
    """Return the entries for money that was taken for these lines."""
    entries = []
    total = 0
    for line in lines:
        total += line.gross_pence
        entries.append(Entry(Account.INCOME, -line.net_pence, line.fee_code))
        entries.append(Entry(Account.VAT, -line.vat_pence, line.fee_code))
    return _without_zeros([Entry(ACCOUNT_OF_METHOD[method], total), *entries])


def surplus_entries(amount_pence: int) -> list[Entry]:
    """Return the entries for money that was taken by card though nothing was due."""
    return [
        Entry(Account.CARD_CLEARING, amount_pence),
        Entry(Account.OWED_TO_PAYERS, -amount_pence),
    ]


def refund_approved_entries(
    lines: Iterable[LineAmounts], *, refunded_before_pence: int, amount_pence: int
) -> list[Entry]:
    """Return the entries for a refund that was approved: income and VAT become a debt to the payer.

    The lines are given back in their order. Each carries its share of VAT, and the shares of
    several part refunds add up to the whole VAT of the line.
    """
    start, end = refunded_before_pence, refunded_before_pence + amount_pence
    entries = []
    passed = 0
    for line in lines:
        # The refund is laid over the lines in order, after what was given back before.
        low = min(max(start - passed, 0), line.gross_pence)
        high = min(max(end - passed, 0), line.gross_pence)
        passed += line.gross_pence
        if high == low:
            continue
        vat = _vat_share(line, high) - _vat_share(line, low)
        entries.append(Entry(Account.INCOME, high - low - vat, line.fee_code))
        entries.append(Entry(Account.VAT, vat, line.fee_code))
    return _without_zeros([*entries, Entry(Account.OWED_TO_PAYERS, -amount_pence)])


def refunded_entries(amount_pence: int, *, source: Account) -> list[Entry]:
    """Return the entries for a refund that has reached the payer, and from which account."""
    return [Entry(Account.OWED_TO_PAYERS, amount_pence), Entry(source, -amount_pence)]


def _vat_share(line: LineAmounts, refunded_pence: int) -> int:
    """Return how much VAT is in the first so many pence of a line."""
    return line.vat_pence * refunded_pence // line.gross_pence if line.gross_pence else 0


def _without_zeros(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.amount_pence]


REFERENCE_PREFIX = "PAY"
REFERENCE_SYMBOLS = 9
"""Without the check symbol: 45 bits, written as two groups of five."""


def format_reference(digits: str) -> str:
    """Return a payment's reference from its ten symbols.

    >>> format_reference("7K2M9QXA4B")
    'PAY-7K2M9-QXA4B'
    """
    return f"{REFERENCE_PREFIX}-{digits[:5]}-{digits[5:]}"


def parse_payment_reference(text: str) -> str:
    """Return a payment's reference as we write it, "" where the text is none.

    >>> parse_payment_reference("pay 7k2m9 qxa4b")
    ''
    >>> parse_payment_reference("pay\u201300000\u20140001l")
    'PAY-00000-00011'
    """
    symbols = join_reference(text, "")
    digits = symbols.removeprefix(REFERENCE_PREFIX)
    # Equal means that the prefix is missing.
    if digits == symbols or (number := decode_number(digits, symbols=REFERENCE_SYMBOLS)) is None:
        return ""
    return format_reference(encode_number(number, symbols=REFERENCE_SYMBOLS) or "")
