"""What an application still waits for before it is complete."""

from dataclasses import dataclass
from enum import StrEnum

from bluelamp.services.firearms.rules.applications import ApplicationKind

REFEREES_NEEDED = 2
"""For a firearm and, since 5 August 2025, for a shotgun certificate (S.I. 2025/914, r.5(3)(a))."""


class Missing(StrEnum):
    """Something without which an application is not complete."""

    FEE = "fee"
    REFEREES = "referees"
    MEDICAL_REPORT = "medical-report"
    PHOTO = "photo"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationFacts:
    """What decides whether an application is complete."""

    kind: str
    is_fee_settled: bool
    referees_replied: int
    has_medical_report: bool
    has_photo: bool


def list_missing(facts: ApplicationFacts) -> tuple[Missing, ...]:
    """Return what an application waits for, in the order in which the applicant sees it."""
    # A variation, a replacement and a permit need no referees, doctor or photo (Form 201V).
    is_certificate = facts.kind in {ApplicationKind.GRANT, ApplicationKind.RENEWAL}
    waits_for = {
        Missing.FEE: not facts.is_fee_settled,
        Missing.REFEREES: is_certificate and facts.referees_replied < REFEREES_NEEDED,
        Missing.MEDICAL_REPORT: is_certificate and not facts.has_medical_report,
        Missing.PHOTO: is_certificate and not facts.has_photo,
    }
    return tuple(missing for missing, is_missing in waits_for.items() if is_missing)
