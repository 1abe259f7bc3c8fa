"""Somebody who reports again, while they follow an earlier case: what we know about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

REPORTER_THINGS = ("reporter", "home")
"""What the report's questions call the person reporting and where they live."""

CORRECTABLE_FACTS = frozenset(
    {
        "given_name", "family_name", "business_name", "born_on", "phone", "email",
        "preferred_contact", "language", "address", "postcode",
    }
)  # fmt: skip
"""What of a report can correct a record. Whether it is safe to contact somebody is no correction:
each report has its own answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownReporter:
    """What we may fill in of a report for somebody who has proved which case is theirs.

    Attributes:
        person_id: Their record.
        reference: Their case.
        facts: What their record says, by the names of `PersonDetail.facts`.
    """

    person_id: UUID
    reference: str
    facts: Mapping[str, Any]


def choose_facts_to_show(facts: Mapping[str, str], *, is_safe: bool | None) -> dict[str, str]:
    """Return what a report may show of somebody's record to whoever has their case open.

    Never where they live: somebody who makes them tell the passphrase must not find it here. Where
    it is not safe to contact them, nothing but their name and that it is not safe.
    """
    shown = {"given_name", "family_name", "business_name", "language"}
    if is_safe:
        shown |= {"email", "phone", "preferred_contact"}
    chosen = {name: text for name, text in facts.items() if name in shown}
    return chosen if is_safe is not False else chosen | {"is_safe_to_contact": "no"}
