"""Which checks an application needs, and whether they let somebody recommend a decision.

Authority: statutory guidance under section 55A of the Firearms Act 1968 (5 August 2025), and for
firearms and shotgun certificates the Firearms Rules 1998 as amended by SI 2025/914.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CheckKind(StrEnum):
    """A check of an applicant. All of an application's checks run side by side."""

    IDENTITY = "identity"
    MEDICAL = "medical"
    REFEREES = "referees"
    POLICE_DATABASES = "police-databases"
    LOCAL_RECORD = "local-record"
    SOCIAL_MEDIA = "social-media"
    HOUSEHOLD = "household"
    DOMESTIC_ABUSE = "domestic-abuse"
    ABROAD = "abroad"
    LAND = "land"
    CLUB = "club"
    VISIT = "visit"
    MARKER = "marker"


class CheckResult(StrEnum):
    """What a check came to. A concern never decides anything: people weigh it."""

    SATISFACTORY = "satisfactory"
    CONCERN = "concern"
    NOT_NEEDED = "not-needed"


OPEN = "open"
"""The state of a check that has no result yet."""

# The guidance asks for these of every applicant for a firearm or shotgun certificate: convictions
# and intelligence, medical information, two referees, social media, the partner and household,
# domestic abuse, a visit. The doctor's marker is what tells us of later illness.
_CERTIFICATE = (
    CheckKind.IDENTITY,
    CheckKind.MEDICAL,
    CheckKind.REFEREES,
    CheckKind.POLICE_DATABASES,
    CheckKind.LOCAL_RECORD,
    CheckKind.SOCIAL_MEDIA,
    CheckKind.HOUSEHOLD,
    CheckKind.DOMESTIC_ABUSE,
    CheckKind.VISIT,
    CheckKind.MARKER,
)
_BY_KIND: Mapping[str, tuple[CheckKind, ...]] = {
    "grant": _CERTIFICATE,
    "renewal": _CERTIFICATE,
    # Form 201V takes no referees and no photo: what is checked again is the record and the use.
    "variation": (CheckKind.POLICE_DATABASES, CheckKind.LOCAL_RECORD, CheckKind.DOMESTIC_ABUSE),
    "replacement": (CheckKind.IDENTITY, CheckKind.LOCAL_RECORD),
    # Firearms Act 1968 s.33; Form 116 takes a medical declaration and no referees.
    "dealer": (
        CheckKind.IDENTITY,
        CheckKind.MEDICAL,
        CheckKind.POLICE_DATABASES,
        CheckKind.LOCAL_RECORD,
        CheckKind.SOCIAL_MEDIA,
        CheckKind.DOMESTIC_ABUSE,
        CheckKind.VISIT,
    ),
    # Firearms (Amendment) Act 1988 s.17: the visitor's home licence or letter of good character.
    "visitor-permit": (
        CheckKind.IDENTITY,
        CheckKind.POLICE_DATABASES,
        CheckKind.LOCAL_RECORD,
        CheckKind.ABROAD,
    ),
    # Explosives Regulations 2014: convictions and health as on the firearms form.
    "explosives": (
        CheckKind.IDENTITY,
        CheckKind.MEDICAL,
        CheckKind.POLICE_DATABASES,
        CheckKind.LOCAL_RECORD,
        CheckKind.VISIT,
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckFacts:
    """What the answers of an application say that decides which checks it needs.

    `kind` is the application's: grant, renewal, variation and so on.
    """

    kind: str
    has_lived_abroad: bool = False
    has_land: bool = False
    has_club: bool = False


def list_required_checks(facts: CheckFacts) -> tuple[CheckKind, ...]:
    """Return the checks that an application needs, in the order in which they are shown.

    >>> list_required_checks(CheckFacts(kind="replacement"))
    (<CheckKind.IDENTITY: 'identity'>, <CheckKind.LOCAL_RECORD: 'local-record'>)
    """
    required = set(_BY_KIND[facts.kind])
    # More than six months abroad is checked in that country (guidance 2025).
    if facts.has_lived_abroad:
        required.add(CheckKind.ABROAD)
    # Good reason: permission and suitability of the land, full membership of the club.
    if facts.has_land:
        required.add(CheckKind.LAND)
    if facts.has_club:
        required.add(CheckKind.CLUB)
    return tuple(kind for kind in CheckKind if kind in required)


def list_open_checks(states: Mapping[str, str]) -> tuple[str, ...]:
    """Return the checks without a result; a recommendation waits for them.

    Args:
        states: The state of each check by its kind.
    """
    return tuple(kind for kind, state in states.items() if state == OPEN)


def list_concerns(states: Mapping[str, str]) -> tuple[str, ...]:
    """Return the checks that raised a concern."""
    return tuple(kind for kind, state in states.items() if state == CheckResult.CONCERN)
