"""Reads dates and times as people write them in the fields of `components/fields.html.jinja`."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from bluelamp.foundation.kernel.errors import Refused

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?\s*([ap])?\.?m?\.?", re.ASCII)


def read_date(values: Mapping[str, Any], *, field: str, about: str = "the date") -> date | None:
    """The date typed in `<field>_day`, `_month`, `_year`; None when all three are empty.

    Refused beside `field` when a part is missing or there is no such day. A month may be a name.
    """
    parts = {
        part: str(values.get(f"{field}_{part}") or "").strip() for part in ("day", "month", "year")
    }
    if not any(parts.values()):
        return None
    if missing := [part for part, typed in parts.items() if not typed]:
        raise Refused(f"Add the {' and the '.join(missing)} to {about}.", field=field)
    month = parts["month"].lower()[:3]
    try:
        number = MONTHS.index(month) + 1 if month in MONTHS else int(parts["month"])
        year = int(parts["year"])
        return date(2000 + year if year < 100 else year, number, int(parts["day"]))
    except (ValueError, OverflowError):
        raise Refused(
            f"There is no such day. Check {about}, for example 27 3 2026.", field=field
        ) from None


def read_time(typed: str, *, field: str) -> time | None:
    """«2:30pm», «14:30», «2.30 pm», «1430», «9am», «midday», «midnight»; None when empty; or
    Refused.
    """
    text = typed.strip().lower()
    if not text:
        return None
    if text in {"midnight", "midday", "noon"}:
        return time(0 if text == "midnight" else 12)
    match = TIME.fullmatch(text)
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
            half = None
        if not half and hour < 24 and minute < 60:
            return time(hour, minute)
    raise Refused("Write the time like 2:30pm or 14:30.", field=field)
