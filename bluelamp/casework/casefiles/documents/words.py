"""Days and times as a form says them, in London time."""

from __future__ import annotations

from datetime import date, datetime

from bluelamp.foundation.kernel.clock import LONDON


def day(value: date | datetime | None) -> str:
    """`Tuesday 3 March 2026`, in London; empty for None."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local:%A} {local.day} {local:%B %Y}"


def short_day(value: date | datetime | None) -> str:
    """`3 March 2026`, in London; empty for None."""
    if value is None:
        return ""
    local = value.astimezone(LONDON) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}"


def clock(value: datetime) -> str:
    """`4:15pm`, in London."""
    local = value.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def when(value: datetime | None) -> str:
    """`Tuesday 3 March 2026, 4:15pm`, in London; empty for None."""
    return f"{day(value)}, {clock(value)}" if value is not None else ""


def yes_or_no(value: bool | None) -> str:
    """`Yes`, `No`, or `Not asked`."""
    return "Not asked" if value is None else ("Yes" if value else "No")
