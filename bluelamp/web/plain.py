"""Times, money, distances and sizes as people say them. Pure; used as template filters."""

from datetime import UTC, date, datetime, time

from bluelamp.foundation.kernel.clock import LONDON

METRES_IN_A_MILE = 1609.344
METRES_IN_A_YARD = 0.9144


def as_london(moment: datetime) -> datetime:
    """The same instant on a London clock. A naive time is taken as UTC, as it is stored."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(LONDON)


def clock_time(moment: datetime | time) -> str:
    """«4:15pm», «9am», «midnight», «midday» (GOV.UK style guide, Times). A time of day is London's
    already.
    """
    local = moment if isinstance(moment, time) else as_london(moment)
    if (local.hour, local.minute) == (0, 0):
        return "midnight"
    if (local.hour, local.minute) == (12, 0):
        return "midday"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def when(moment: datetime | None, *, today: date) -> str:
    """«Tuesday 3 March, 4:15pm»; with the year when it is not this year's. Nothing for no time."""
    if moment is None:
        return ""
    local = as_london(moment)
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%A} {local.day} {local:%B}{year}, {clock_time(local)}"


def day(value: date | None) -> str:
    """«3 March 2026», on a London calendar when given an instant. Nothing for no date."""
    if value is None:
        return ""
    on = as_london(value).date() if isinstance(value, datetime) else value
    return f"{on.day} {on:%B} {on.year}"


def money(pence: int | None) -> str:
    """«£79.50», «£1,200» from whole pence. Nothing for no amount."""
    if pence is None:
        return ""
    sign, amount = ("−" if pence < 0 else ""), abs(pence)
    return f"{sign}£{amount // 100:,}" + (f".{amount % 100:02d}" if amount % 100 else "")


def miles(metres: float | None) -> str:
    """«250 yards» under a quarter of a mile, then «0.4 miles», «12 miles». Nothing for no
    distance.
    """
    if metres is None:
        return ""
    distance = metres / METRES_IN_A_MILE
    if distance < 0.25:
        yards = round(metres / METRES_IN_A_YARD, -1)
        return f"{yards:.0f} yards"
    said = f"{distance:.1f}".removesuffix(".0") if distance < 10 else f"{distance:,.0f}"
    return f"{said} mile{'' if said == '1' else 's'}"


def size(count: int | None) -> str:
    """«2.1 MB» from a number of bytes, in thousands as phones and shops count. Nothing for none."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    amount = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.5 or unit == "TB":
            break
    figure = f"{amount:.1f}".removesuffix(".0") if amount < 10 else f"{amount:.0f}"
    return f"{figure} {unit}"


def number(value: float | None) -> str:
    """«1,234» or «1,234.5». Nothing for no figure."""
    if value is None:
        return ""
    return f"{value:,}"
