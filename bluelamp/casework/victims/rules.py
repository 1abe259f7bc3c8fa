"""What a victim is told, when, and in which words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bluelamp.records.reference.rules import add_working_days

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
CODES_AN_HOUR = 5
CODES_A_DAY = 15  # who only knows a reference must not be able to trouble its owner all day
TRACKING_LASTS = timedelta(hours=2)

# Victims' Code for England and Wales (November 2020), Right 2 with the National Crime Recording Standard: within 24
# hours of the report; Right 4: referral to support within 2 working days of it; Right 6: news of an arrest, an
# interview, a release or a charge within 5 working days, 1 for those with enhanced rights.
RECORD_WITHIN = timedelta(hours=24)
REFER_WITHIN_WORKING_DAYS = 2
NEWS_WITHIN_WORKING_DAYS = 5
NEWS_WITHIN_WORKING_DAYS_ENHANCED = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, as told to the person who reported it."""

    at: datetime
    title: str
    text: str = ""


def record_by(received_at: datetime) -> datetime:
    """Return when the person must know whether a crime is recorded (NCRS: 24 hours)."""
    return received_at + RECORD_WITHIN


def support_by(received_on: date) -> date:
    """Return the day by which support is offered (Victims' Code, Right 4)."""
    return add_working_days(received_on, REFER_WITHIN_WORKING_DAYS)


def news_by(happened_on: date, *, is_enhanced: bool = False) -> date:
    """Return the day by which a victim hears of a step in the investigation (Victims' Code, Right 6)."""
    days = NEWS_WITHIN_WORKING_DAYS_ENHANCED if is_enhanced else NEWS_WITHIN_WORKING_DAYS
    return add_working_days(happened_on, days)


def mask(address: str) -> str:
    """Return enough of an e-mail address or a phone number to recognise it by: es…@example.com, …123."""
    if "@" in address:
        name, _, domain = address.partition("@")
        return f"{name[:2]}…@{domain}"
    return f"…{address[-3:]}" if address else ""
