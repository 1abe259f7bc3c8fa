"""Whoever acts: a person, the public, or a named part of the system. There is no act without
one.
"""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

PUBLIC_MAY = frozenset({"report.submit", "upload.token", "evidence.take_in", "victim.track"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which force, with which permissions, from where and why.

    `force` is the PNC force code ("01"); `address` the network address; `why` the justification
    that section 62 of the Data Protection Act 2018 asks of a consultation or a disclosure.
    """

    kind: Literal["person", "public", "system"]
    id: UUID | None
    name: str
    force: str
    permissions: frozenset[str]
    organisation: Literal["police", "cps", "public", "system"] = "police"
    collar: str = ""
    rank: str = ""
    unit: str = ""
    address: str = ""
    why: str = ""

    @classmethod
    def public(cls, *, address: str = "", force: str = "01") -> "Actor":
        """Return the actor for somebody without an account."""
        return cls(
            "public", None, "Member of the public", force, PUBLIC_MAY, "public", address=address
        )

    @classmethod
    def system(
        cls, name: str, *, force: str = "01", permissions: frozenset[str] | set[str]
    ) -> "Actor":
        """Return a named system actor: work without a person still has a name on the record."""
        return cls("system", None, name, force, frozenset(permissions), "system")

    def may(self, permission: str) -> bool:
        """Say whether the actor holds a permission."""
        return permission in self.permissions

    def because(self, why: str) -> "Actor":
        """Return the same actor with a justification."""
        return replace(self, why=why)
