"""The clock. Only front ends and jobs read it; everything else is given the time as `at`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


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
