"""Parse the dates, times and ids of a form; `components/fields.html.jinja` names its fields."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bluelamp.foundation.kernel.datetime_input import (
    DATE_PARTS,
    parse_clock_time,
    parse_date_parts,
)
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.services.firearms.rules.applications import normalise_number

MAX_NUMBER_LENGTH = 40


def parse_date_field(
    values: Mapping[str, Any], *, field: str, label: str | None = None
) -> date | None:
    """Return the date in `<field>_day`, `<field>_month` and `<field>_year`; None if all are empty.

    Args:
        values: The form.
        field: The name of the date, which an error belongs to.
        label: What the date is called at the start of an error message.

    Raises:
        Refused: A part is missing, or there is no such date.
    """
    label = label or _("Date")
    parts = {part: str(values.get(f"{field}_{part}") or "").strip() for part in DATE_PARTS}
    if not any(parts.values()):
        return None
    part_names = {"day": _("day"), "month": _("month"), "year": _("year")}
    missing = [part_names[part] for part in DATE_PARTS if not parts[part]]
    # The design system has a message for each case; people correct a named part faster.
    if len(missing) == 1:
        message = _("%(label)s must include a %(part)s")
        raise Refused(message % {"label": label, "part": missing[0]}, field=field)
    if missing:
        message = _("%(label)s must include a %(first)s and %(second)s")
        params = {"label": label, "first": missing[0], "second": missing[1]}
        raise Refused(message % params, field=field)
    parsed = parse_date_parts(**parts)
    if parsed is None:
        raise Refused(_("%(label)s must be a real date") % {"label": label}, field=field)
    return parsed


def parse_time_field(text: str, *, field: str) -> time | None:
    """Return the time of day that was typed, or None if nothing was.

    Raises:
        Refused: It is not a time.
    """
    if not text.strip():
        return None
    parsed = parse_clock_time(text)
    if parsed is None:
        raise Refused(_("Enter a time, like 2:30pm or 14:30"), field=field)
    return parsed


def parse_number_field(text: str) -> str:
    """Return the number of a certificate as it is stored, however it was typed or pasted.

    Anything can be typed: what is longer than any number is cut, and then names nothing.
    """
    return normalise_number(text)[:MAX_NUMBER_LENGTH]


def parse_uuid(text: str) -> UUID | None:
    """Return a UUID, or None where the text is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None
