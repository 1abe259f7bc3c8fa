"""Dates and times as the forms print them, in London time. Pure."""

from __future__ import annotations

from datetime import date, datetime

from bluelamp.foundation.kernel.clock import LONDON


def long_date(value: date | datetime | None) -> str:
    """Return `Tuesday 3 March 2026`, or an empty string for None."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local:%A} {short_date(local)}"


def short_date(value: date | datetime | None) -> str:
    """Return `3 March 2026`, or an empty string for None."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}"


def clock_time(value: datetime) -> str:
    """Return `4:15pm`. The minutes are always printed, as on a police form."""
    local = value.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def date_and_time(value: datetime | None) -> str:
    """Return `Tuesday 3 March 2026, 4:15pm`, or an empty string for None."""
    return f"{long_date(value)}, {clock_time(value)}" if value is not None else ""


def yes_or_no(value: bool | None) -> str:
    """Return `Yes`, `No`, or `Not asked` for None."""
    return "Not asked" if value is None else ("Yes" if value else "No")
