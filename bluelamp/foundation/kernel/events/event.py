"""The base class of events. It needs no database, so that a domain's `events.py` stays pure."""

import re
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

_NAME = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+\.v[1-9][0-9]*")
_classes: dict[str, "type[Event]"] = {}


class Event(BaseModel):
    """A fact that happened, for other domains to act on.

    Each subclass sets `name`, like "reports.submitted.v1". Stored events outlive the code that
    wrote them, so a field may be added only with a default, and a field may be removed; any other
    change is a new class with the next version. Events carry ids and references, not people's
    details: a subscriber looks those up under its own permissions.
    """

    # "ignore": an event that newer code stored with one field more can still be read after a
    # return to this version
    model_config = ConfigDict(frozen=True, extra="ignore")
    name: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Register the class under its name.

        Raises:
            TypeError: The name is missing, malformed or taken.
        """
        super().__pydantic_init_subclass__(**options)
        name = cls.__dict__.get("name", "")
        if not _NAME.fullmatch(name):
            raise TypeError(f"{cls.__qualname__}.name must be like reports.submitted.v1")
        other = _classes.setdefault(name, cls)
        if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"{name} is the name of {other.__module__}.{other.__qualname__}")
        _classes[name] = cls


def event_classes() -> dict[str, type[Event]]:
    """Return every event class by its name."""
    return dict(_classes)
