"""Which information people can ask for, how far a request is, and until when we answer it. Pure."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bluelamp.foundation.kernel.text import plain_characters
from bluelamp.records.evidence.rules import Subject
from bluelamp.records.reference.rules import is_working_day

PAYABLE_KIND = "requests.request"
CODE_PURPOSE = "requests.request"
LINK_DURATION = timedelta(days=30)
"""How long a link delivers a file. Then the person asks us for another one."""
# Of each file: a person may have a phone, a computer, a solicitor and a download that broke off.
MAX_DOWNLOADS = 5
MAX_FILE_BYTES = 2 * 1000**3
# As people type it, without the dashes and spaces that they may leave out.
_REFERENCE = re.compile(r"RQ(\d\d)(\d{6})")


class RequestState(StrEnum):
    """How far a request is."""

    AWAITING_QUOTE = "awaiting-quote"
    QUOTED = "quoted"
    AWAITING_PAYMENT = "awaiting-payment"
    OPEN = "open"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


UNPAID = frozenset(
    {RequestState.AWAITING_QUOTE, RequestState.QUOTED, RequestState.AWAITING_PAYMENT}
)
"""Nobody works on these: their price is not said, not accepted or not paid."""
QUOTABLE = frozenset({RequestState.AWAITING_QUOTE, RequestState.QUOTED, RequestState.OPEN})
"""One that is paid too: it can turn out to have more pages than its fee covers."""
REFUSABLE = UNPAID | {RequestState.OPEN}


class Clock(StrEnum):
    """How long we have to answer."""

    NONE = ""
    # UK GDPR art. 12(3); Data Protection Act 2018 s.45(3) and s.54 for law enforcement.
    ONE_MONTH = "one-month"
    # The Domestic Violence Disclosure Scheme's statutory guidance (Domestic Abuse Act 2021 s.77).
    DAYS_28 = "28-days"
    # Freedom of Information Act 2000 s.10(1).
    WORKING_DAYS_20 = "20-working-days"


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """One kind of information that people can ask for, as it stands on a day.

    Attributes:
        who: Who may ask for it.
        needed: What they need to ask.
        fee_code: What it costs, as a code of payments; "" where it is free.
        question_set: The questions that are asked.
        is_soft: Somebody who is afraid may ask. We send no messages, and the pages have a quick way
            out.
        is_quoted: How much there is to charge is known only when somebody has looked: staff say the
            price, and the person accepts it before they pay.
        added_fee_codes: What staff can add to its fee in a quote, such as further pages.
        is_confirmed: Somebody checked the text against its source.
        is_offered: People can ask for it online.
    """

    code: str
    category: str
    title: str
    who: str
    needed: str
    fee_code: str
    question_set: str
    clock: str
    is_soft: bool
    is_quoted: bool
    added_fee_codes: tuple[str, ...]
    is_offered: bool
    is_confirmed: bool
    source: str

    @property
    def quoted_fee_codes(self) -> tuple[str, ...]:
        """Return the fees that a quote can be made of.

        What was paid before is not asked for again: where only more is added, its own fee is none.
        """
        own = (self.fee_code,) if self.is_quoted and self.fee_code else ()
        return own + self.added_fee_codes


def quote_occasion(number: int) -> str:
    """Return what payments call the price of a request's quote, the first of which is 1.

    >>> quote_occasion(1)
    'quote 1'
    """
    return f"quote {number}"


def format_reference(year: int, serial: int) -> str:
    """Return a request's reference.

    >>> format_reference(2026, 42)
    'RQ-26-000042'
    """
    return f"RQ-{year % 100:02d}-{serial:06d}"


def parse_reference(text: str) -> str | None:
    """Return a reference as it is written, or None where a text is none.

    >>> parse_reference(" rq 26/000042"), parse_reference("BL-7K2-M9Q-XA4")
    ('RQ-26-000042', None)
    """
    symbols = re.sub(r"[\s/-]", "", plain_characters(text).upper())
    match = _REFERENCE.fullmatch(symbols)
    return f"RQ-{match[1]}-{match[2]}" if match else None


def answer_due_on(clock: str, *, received_on: date) -> date | None:
    """Return the last day on which we answer, None where nothing says how long we have.

    A month ends on the day of the same number, or the last of a shorter month. Where that is no
    working day, it ends on the next one (Information Commissioner's Office, "How long do we have to
    comply?").

    >>> answer_due_on("one-month", received_on=date(2026, 1, 31))
    datetime.date(2026, 3, 2)
    >>> answer_due_on("28-days", received_on=date(2026, 3, 3))
    datetime.date(2026, 3, 31)
    """
    if clock == Clock.ONE_MONTH:
        return _next_working_day(_one_month_after(received_on))
    if clock == Clock.DAYS_28:
        return received_on + timedelta(days=28)
    if clock == Clock.WORKING_DAYS_20:
        day = received_on
        for _number in range(20):
            day = _next_working_day(day + timedelta(days=1))
        return day
    return None


def request_subject(request_id: object) -> Subject:
    """Return what an item of evidence of a request belongs to."""
    return Subject.parse(f"request:{request_id}")


def is_link_open(
    *, expires_on: date, downloads: int, max_downloads: int, is_withdrawn: bool, on: date
) -> bool:
    """Say whether a link still delivers its files."""
    return not is_withdrawn and on <= expires_on and downloads < max_downloads


def hash_secret(secret: str) -> str:
    """Return what is stored of a link's secret."""
    # No salt and no slow hash: the secret is 256 random bits, which nobody guesses.
    return hashlib.sha256(secret.encode()).hexdigest()


def max_downloads(files: int) -> int:
    """Return how many downloads a link to so many files allows in all.

    >>> max_downloads(1), max_downloads(3)
    (5, 15)
    """
    return MAX_DOWNLOADS * max(files, 1)


def _one_month_after(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    last = following - timedelta(days=1)
    return date(year, month, min(day.day, last.day))


def _next_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
