"""The offence picker of the desk's forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bluelamp.foundation.kernel.clock import london_date
from bluelamp.records.reference import lookups as reference

Choices = list[tuple[str, str]]
"""Pairs of a value and its text, as the field macros take them."""
MAX_CHOICES = 8
NO_OFFENCE_MATCHES = "No offences match. Try different words"


def offence_choices(query: str, *, at: datetime, limit: int = MAX_CHOICES) -> Choices:
    """Return the offences that match what somebody entered, the likeliest first."""
    # A NUL cannot be looked up in the database.
    offences = reference.find_offences(query.replace("\x00", " "), on=london_date(at), limit=limit)
    return [
        (offence.code, f"{offence.label} ({offence.ho_class or offence.cjs_code})")
        for offence in offences
    ]


def resolve_offence(posted: Mapping[str, Any], *, at: datetime) -> tuple[str, Choices]:
    """Return the offence code that a picker was sent with, or the offences to choose from.

    A chosen code comes first. Text without a code gives choices, even if one of our suggestions is
    selected as well: what somebody entered last must not be ignored. Without text, the selected
    suggestion counts.

    Args:
        posted: The form, with `offence_code`, `offence_code_text`, and perhaps `suggested` and
            `find`.
        at: The present instant, which decides which offences are in force.

    Returns:
        A code and no choices, or "" and the choices (which may be none).
    """
    query = str(posted.get("offence_code_text") or "")
    code = str(posted.get("offence_code") or "") or (
        "" if query.strip() else str(posted.get("suggested") or "")
    )
    # Without JavaScript the "Find offence" button sends the form with `find`.
    is_searching = posted.get("find") == "offence_code"
    if (code and not is_searching) or not query.strip():
        return code, []
    return "", offence_choices(query, at=at)


def offence_for_picker(code: str, hocr_class: str, *, at: datetime) -> tuple[str, str]:
    """Return the picker's value and text for a crime's offence, or two empty strings."""
    on = london_date(at)
    # One law can stand under several counting-rules classes: the pair says which was meant.
    offences = reference.list_offence_classes(
        f"{code}/{hocr_class}", on=on
    ) or reference.list_offence_classes(code, on=on)
    return (offences[0].code, offences[0].label) if offences else ("", "")
