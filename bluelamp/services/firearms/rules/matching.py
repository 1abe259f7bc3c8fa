"""How a new record can name the holder of a certificate, and what staff decide about it. Pure.

A match only raises a task for a person to look at: nothing here ends or changes a certificate.
Home Office, Guide on Firearms Licensing Law, and the statutory guidance for chief officers ask for
the continuous assessment of holders.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class RecordKind(StrEnum):
    """What kind of record names somebody."""

    CRIME = "crime"
    REPORT = "report"
    ENCOUNTER = "encounter"


class MatchReason(StrEnum):
    """How a record names a holder."""

    PERSON = "person"  # the very record of the holder
    SAME_DETAILS = "same-details"  # another record with the same name and date of birth
    HOUSEHOLD = "household"  # somebody who lives at the holder's address
    ADDRESS = "address"  # it happened at the holder's address
    SIMILAR_NAME = "similar-name"  # the same date of birth, and part of the name alike
    SAME_NAME = "same-name"  # the same name, and a date of birth is missing
    SAME_EMAIL = "same-email"
    SAME_PHONE = "same-phone"


NEAR = frozenset(
    {
        MatchReason.SIMILAR_NAME,
        MatchReason.SAME_NAME,
        MatchReason.SAME_EMAIL,
        MatchReason.SAME_PHONE,
    }
)
"""Reasons that may mean somebody else."""


class VettingDecisionKind(StrEnum):
    """What staff decide about a match. Each is a decision of a person, with a reason."""

    NOT_THE_HOLDER = "not-the-holder"
    NO_CONCERN = "no-concern"
    WATCH = "watch"
    REVIEW = "review"  # whether the holder may keep the certificate


@dataclass(frozen=True, slots=True)
class VettingRecord:
    """A record that may name holders: its kind, its id and its reference."""

    kind: str
    id: UUID
    reference: str


def is_near(reasons: Iterable[str]) -> bool:
    """Say whether a match may be somebody else: no reason of it is certain.

    >>> is_near(["same-name"]), is_near(["same-name", "address"])
    (True, False)
    """
    return all(reason in NEAR for reason in reasons)
