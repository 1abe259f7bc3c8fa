"""When a holder is reminded that a certificate ends. Pure; days are whole days in London."""

from datetime import date, timedelta

REMIND_WEEKS = (16, 12, 8)
"""How many weeks before its last day a holder hears of it. The last is the day by which a complete
renewal keeps the certificate in force while we decide (Firearms Act 1968 s.28B).
"""
FIRST_REMINDER = timedelta(weeks=max(REMIND_WEEKS))
_CATCH_UP = timedelta(days=7)


def reminder_weeks(expires_on: date, *, on: date) -> int | None:
    """Return which reminder is due on a day, as weeks before the end; None where none is.

    For a week after its day it still is, so that a few nights without the job lose none.

    >>> reminder_weeks(date(2026, 6, 23), on=date(2026, 3, 3)), reminder_weeks(
    ...     date(2026, 6, 23), on=date(2026, 3, 10)
    ... )
    (16, None)
    """
    for weeks in REMIND_WEEKS:
        first = expires_on - timedelta(weeks=weeks)
        if first <= on < first + _CATCH_UP:
            return weeks
    return None


def reminder_window(on: date) -> tuple[date, date]:
    """Return the first and the last day of certificates that a reminder can be due for."""
    return (
        on + timedelta(weeks=min(REMIND_WEEKS)) - _CATCH_UP,
        on + timedelta(weeks=max(REMIND_WEEKS)),
    )
