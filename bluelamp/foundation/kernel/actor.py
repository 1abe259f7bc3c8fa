"""Actors: a person, the public, or a named part of the system. Every act has one."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal
from uuid import UUID


class OrganisationKind(StrEnum):
    """What kind of organisation somebody acts for. It decides which front end they may use."""

    POLICE = "police"
    PROSECUTOR = "prosecutor"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which force, with which permissions, from where and for what reason.

    Attributes:
        organisation: The code of an organisation on record, or "public" or "system".
        force: The PNC force code, like "01"; "" for somebody of no force.
        address: The network address.
        reason: The justification that section 62 of the Data Protection Act 2018 asks of a
            consultation or a disclosure.
    """

    kind: Literal["person", "public", "system"]
    id: UUID | None
    name: str
    force: str
    permissions: frozenset[str]
    organisation: str = ""
    organisation_kind: OrganisationKind = OrganisationKind.POLICE
    collar: str = ""
    rank: str = ""
    unit: str = ""
    address: str = ""
    reason: str = ""

    @classmethod
    def system(
        cls, name: str, *, force: str = "01", permissions: frozenset[str] | set[str]
    ) -> "Actor":
        """Return a named system actor: work without a person still has a name on the record."""
        return cls(
            kind="system",
            id=None,
            name=name,
            force=force,
            permissions=frozenset(permissions),
            organisation="system",
            organisation_kind=OrganisationKind.SYSTEM,
        )

    @property
    def history_name(self) -> str:
        """Return who did something, for the histories that staff read.

        Which part of the program it was is in the audit record.
        """
        return "Bluelamp, automatically" if self.kind == "system" else self.name[:200]

    def is_from(self, kind: OrganisationKind) -> bool:
        """Say whether the actor's organisation is of a kind: the only way to ask."""
        return self.organisation_kind == kind

    def may(self, permission: str) -> bool:
        """Say whether the actor holds a permission."""
        return permission in self.permissions

    def with_reason(self, reason: str) -> "Actor":
        """Return the same actor with a justification."""
        return replace(self, reason=reason)

    def with_permissions(self, permissions: frozenset[str]) -> "Actor":
        """Return the same actor, who may do these things as well."""
        return replace(self, permissions=self.permissions | permissions)
