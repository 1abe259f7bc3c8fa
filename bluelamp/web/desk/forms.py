"""What the desk's forms share: permissions, reading fields and error messages."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused

T = TypeVar("T")


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
