"""What becomes of the answers of an application: whose they are, and who may read them."""

from collections.abc import Mapping
from typing import Any

from bluelamp.foundation.forms.rules import Fact
from bluelamp.records.people.rules import PersonInput, with_facts
from bluelamp.services.firearms.rules.applications import ApplicationKind

MEDICAL, MONITORING = "medical", "monitoring"
QUESTION_SETS: Mapping[str, str] = {
    ApplicationKind.GRANT: "form-201",
    ApplicationKind.RENEWAL: "form-201",
    ApplicationKind.VARIATION: "form-201v",
    ApplicationKind.REPLACEMENT: "firearms-replacement",
    ApplicationKind.DEALER: "form-116",
    ApplicationKind.VISITOR_PERMIT: "visitor-permit",
    ApplicationKind.EXPLOSIVES: "explosives-certificate",
}
"""The questions of each kind of application."""


def read_kind(kind: str, values: Mapping[str, Any]) -> str:
    """Return what an application is for: a renewal only where each certificate is renewed."""
    # One that is new among them makes the whole a grant: it has to be checked like one.
    wanted = {values.get("app_firearm"), values.get("app_shotgun")} - {None}
    if kind in {ApplicationKind.GRANT, ApplicationKind.RENEWAL} and wanted:
        return ApplicationKind.RENEWAL if wanted == {"renewal"} else ApplicationKind.GRANT
    return kind


def read_certificates(values: Mapping[str, Any]) -> str:
    """Return which certificates are applied for: firearm, shotgun, both, or ""."""
    certificates = values.get("certificates") or []
    return "both" if len(certificates) > 1 else "".join(certificates)


def read_applicant(facts: list[Fact]) -> PersonInput:
    """Return who applies, with where they live now: the first of their addresses."""
    person = PersonInput()
    for fact in facts:
        if fact.thing == "applicant":
            person = with_facts(person, fact.fields)
    homes = [fact for fact in facts if fact.thing == "home"]
    # Whoever left has the day they left among the facts of the place.
    current = next((home for home in homes if not home.fields.get("lived_to")), None)
    return with_facts(person, _address_of(current)) if current else person


def read_referees(facts: list[Fact]) -> list[PersonInput]:
    """Return the referees in their order."""
    referees = []
    for fact in facts:
        if fact.thing == "referee":
            address = fact.fields.get("address")
            home = address if isinstance(address, Mapping) else {}
            referees.append(with_facts(PersonInput(), {**fact.fields, **_only_address(home)}))
    return referees


def _address_of(fact: Fact) -> dict[str, Any]:
    return _only_address(fact.fields)


def _only_address(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: fields[name] for name in ("address", "postcode") if isinstance(fields.get(name), str)
    }
