"""Helpers for the desk's forms: the offence picker, permissions and error messages."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.records.reference import lookups as reference

T = TypeVar("T")
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


def require_permission(actor: Actor, permission: str) -> None:
    """Raise NotPermitted unless the actor may do what a form is for.

    The command checks again; this spares people a form that they could not send.
    """
    if not actor.may(permission):
        raise NotPermitted(f"{actor.name} may not {permission}")


def read_field(
    errors: dict[str, str], field: str, parse: Callable[..., T | None], *args: Any, **kwargs: Any
) -> T | None:
    """Return what `parse` makes of a field, or None with its message in `errors`.

    Args:
        errors: Gets the message where `parse` raises Refused.
        field: The field's name, which is the message's key and is handed to `parse`.
        parse: A function of `bluelamp.web.parsing`.
        *args: Its further arguments.
        **kwargs: Its further arguments.
    """
    try:
        return parse(*args, field=field, **kwargs)
    except Refused as refused:
        errors[field] = refused.message
        return None


def rename_errors(errors: Mapping[str, str], **fields: str) -> dict[str, str]:
    """Return a command's errors under the names that the form's fields have."""
    return {fields.get(field, field): message for field, message in errors.items()}


def parse_uuid(text: str) -> UUID | None:
    """Return a UUID, or None where the text is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None
