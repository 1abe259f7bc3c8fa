"""Times, money, distances and sizes as people say them; also the filters of our templates.

The style is that of the GOV.UK style guide, in the language that is active.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.utils.dateformat import format as format_with_django
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bluelamp.foundation.kernel.clock import LONDON

# Exactly, by the international agreement of 1959.
METRES_IN_A_MILE = 1609.344
METRES_IN_A_YARD = 0.9144


def to_london(moment: datetime) -> datetime:
    """Return the same instant on a London clock. A naive time counts as UTC, as it is stored."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(LONDON)


def format_clock_time(moment: datetime | time) -> str:
    """Return `4:15pm`, `9am`, `midnight` or `midday`. A `time` is on a London clock already."""
    local = moment if isinstance(moment, time) else to_london(moment)
    if (local.hour, local.minute) == (0, 0):
        return _("midnight")
    if (local.hour, local.minute) == (12, 0):
        return _("midday")
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def format_date_time(moment: datetime | None, *, today: date) -> str:
    """Return `Tuesday 3 March, 4:15pm`, with the year unless it is this year; "" for None."""
    if moment is None:
        return ""
    local = to_london(moment)
    pattern = "l j F" if local.year == today.year else "l j F Y"
    return f"{format_with_django(local, pattern)}, {format_clock_time(local)}"


def format_date(value: date | None) -> str:
    """Return `3 March 2026`; "" for None. An instant gives its date in London."""
    if value is None:
        return ""
    on = to_london(value).date() if isinstance(value, datetime) else value
    return format_with_django(on, "j F Y")


def format_duration(span: timedelta) -> str:
    """Return a length of time in its largest whole unit, at least a minute, whatever its sign.

    >>> format_duration(timedelta(minutes=12))
    '12 minutes'
    >>> format_duration(timedelta(hours=-2, minutes=-10))
    '2 hours'
    """
    minutes = max(1, int(abs(span).total_seconds() // 60))
    # Hours up to two days: "30 hours" says more about a 24-hour duty than "1 day".
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if minutes >= 60:
        hours = minutes // 60
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def format_money(pence: int | None) -> str:
    """Return `£79.50` or `£1,200` from whole pence; "" for None."""
    if pence is None:
        return ""
    # The sign apart, because // and % round a negative number the wrong way.
    sign, amount = ("−" if pence < 0 else ""), abs(pence)
    return f"{sign}£{amount // 100:,}" + (f".{amount % 100:02d}" if amount % 100 else "")


def format_distance(metres: float | None) -> str:
    """Return `250 yards` below a quarter of a mile, else `0.4 miles` or `12 miles`; "" for None."""
    if metres is None:
        return ""
    distance = metres / METRES_IN_A_MILE
    if distance < 0.25:
        yards = round(metres / METRES_IN_A_YARD, -1)
        return _("%(count)s yards") % {"count": f"{yards:.0f}"}
    figure = f"{distance:.1f}".removesuffix(".0") if distance < 10 else f"{distance:,.0f}"
    # Plural by what is written: 0.96 is rounded to "1 mile", 1.04 too.
    return ngettext("%(count)s mile", "%(count)s miles", 1 if figure == "1" else 2) % {
        "count": figure
    }


def format_size(count: int | None) -> str:
    """Return `2.1 MB` from a number of bytes; "" for None.

    In thousands, as phones and shops count, and not in 1,024s.
    """
    if count is None:
        return ""
    if count < 1000:
        return ngettext("%(count)s byte", "%(count)s bytes", count) % {"count": count}
    amount = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        # 999.6 would be rounded to "1000 kB"
        if amount < 999.5 or unit == "TB":
            break
    figure = f"{amount:.1f}".removesuffix(".0") if amount < 10 else f"{amount:.0f}"
    return f"{figure} {unit}"


def format_number(value: float | None) -> str:
    """Return `1,234` or `1,234.5`; "" for None."""
    return "" if value is None else f"{value:,}"
