"""Dates and times as people type them and as JSON has them. Pure: the caller says what is wrong."""

import re
from datetime import UTC, date, datetime, time

MIN_YEAR, MAX_YEAR = 1800, 2199
DATE_PARTS = ("day", "month", "year")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_TIMES = {"midnight": time(0), "midday": time(12), "noon": time(12)}
# [0-9] and not \d, which takes digits of every script: int() reads them, people here mistype them.
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?:([ap])\.?m\.?|h)?")


def parse_date_parts(day: str, month: str, year: str) -> date | None:
    """Return the date of three fields, or None if there is no such date.

    The month may be a number or a name. A year of one or two digits is one of this century; a year
    of three digits is a slip of the finger.

    >>> parse_date_parts("27", "March", "26")
    datetime.date(2026, 3, 27)
    """
    day, month, year = day.strip(), month.strip().casefold(), year.strip()
    if month[:3] in _MONTHS:
        month = str(_MONTHS.index(month[:3]) + 1)
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in (day, month, year)):
        return None
    full_year = int(year) + (2000 if len(year) <= 2 else 0)
    if not MIN_YEAR <= full_year <= MAX_YEAR:
        return None
    try:
        return date(full_year, int(month), int(day))
    except ValueError:
        return None


def parse_clock_time(text: str) -> time | None:
    """Return a time of day as people write it, or None if it is not one.

    It takes `16:15`, `4.15 p.m.`, `4pm`, `1430`, `14h30`, `9`, `noon`, `midday` and `midnight`.

    >>> parse_clock_time("2.30 pm")
    datetime.time(14, 30)
    """
    text = "".join(text.split()).casefold()
    if text in _NAMED_TIMES:
        return _NAMED_TIMES[text]
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        # 12am is midnight and 12pm is midday.
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def parse_iso_date(text: object) -> date | None:
    """Return the day of `2026-03-02`, None of anything else."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None
    return day if day and MIN_YEAR <= day.year <= MAX_YEAR else None


def parse_instant(text: object) -> datetime | None:
    """Return the instant of an ISO 8601 text with a time zone, None of anything else."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        moment = moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and MIN_YEAR <= moment.year <= MAX_YEAR else None


def format_instant(moment: datetime) -> str:
    """Return an instant as ISO 8601 has it, in UTC: `2026-03-02T16:15:00Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
