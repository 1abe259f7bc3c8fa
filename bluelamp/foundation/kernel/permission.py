"""What a permission is. Each domain declares its own in its `permissions.py`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """A right to do one kind of thing, asked for by commands and lookups.

    Attributes:
        name: What code asks for, as in `crime.record`.
        description: What somebody who holds it may do, in plain words: "record a crime".
        is_public: Whether members of the public hold it, who have no account and no role.
    """

    name: str
    description: str
    is_public: bool = False
