"""The clock. Only front ends and jobs read it; everything else is given the time as `at`."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# Phones' clocks are often a little fast, which must not refuse what happened just now.
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far another clock may be ahead of ours before we say so, or refuse what it calls the past."""


def now() -> datetime:
    """Return the current instant, timezone-aware, in UTC."""
    return datetime.now(UTC)


def london_now() -> datetime:
    """Return the current instant as clocks in London show it."""
    return now().astimezone(LONDON)


def london_date(at: datetime) -> date:
    """Return the calendar day in London at an instant.

    The UTC date is yesterday's for the first hour of each summer day, so `at.date()` is wrong for
    anything that a person reads or that the law counts in days.

    >>> london_date(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    datetime.date(2026, 7, 2)
    """
    return at.astimezone(LONDON).date()


def is_in_future(moment: datetime, *, at: datetime) -> bool:
    """Say whether a moment that somebody's clock gave has not come yet, by our clock.

    Args:
        moment: A date and time from a form, an API or a device.
        at: The present instant, by our clock.
    """
    return moment > at + CLOCK_TOLERANCE
