"""Working days, as the Victims' Code counts them.

*Code of Practice for Victims of Crime in England and Wales* (2020), "About this Code": a working
day is any day but Saturday, Sunday, and a bank holiday in England and Wales.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England and Wales in a year, with substitute and one-off days."""
    # Wales has the same bank holidays, so one subdivision is enough.
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Return whether a day is neither at a weekend nor a bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """Return the date some working days after `start`, which itself is not counted.

    With 0 days this is `start`, or the next working day if `start` is not one.

    Raises:
        ValueError: `days` is below 0.
    """
    if days < 0:
        raise ValueError("Working days are counted forwards only.")
    day = start
    # Not a sum of weeks: bank holidays move from year to year, and the Code counts a handful of
    # days.
    while days or not is_working_day(day):
        day += timedelta(days=1)
        if is_working_day(day):
            days = max(days - 1, 0)
    return day
