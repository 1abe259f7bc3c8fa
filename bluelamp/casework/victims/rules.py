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
CODES_KEPT = timedelta(days=7)

# Victims' Code for England and Wales (November 2020), Right 4: referral to support within 2 working
# days of the report; Right 6: news of an arrest, an interview, a release or a charge within 5
# working days.
REFER_WITHIN_WORKING_DAYS = 2
NEWS_WITHIN_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, as told to the person who reported it."""

    at: datetime
    title: str
    text: str = ""


def support_by(received_on: date) -> date:
    """Return the day by which support is offered (Victims' Code, Right 4)."""
    return add_working_days(received_on, REFER_WITHIN_WORKING_DAYS)
