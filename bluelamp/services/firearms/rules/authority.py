"""Who may decide what, to which limit: the chief officer's written delegation.

Authority: statutory guidance 3.47 and APP on firearms licensing: the chief constable names who
holds delegated authority, with written limits. A decision is never made by whoever recommended it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Risk(StrEnum):
    """How risky an application is, as its enquiry officer graded it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


# As declared: the lowest first.
_ORDER = tuple(Risk)


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """One line of the authority table.

    `certificate_kind` is "" for any. `max_risk` is the highest risk that they may decide. Both
    `valid_from` and `valid_until` are included; None has no end.
    """

    id: UUID
    user_id: UUID
    decision: str
    certificate_kind: str
    max_risk: str
    valid_from: date
    valid_until: date | None


def find_authority(
    authorities: Iterable[Authority],
    *,
    user_id: UUID | None,
    decision: str,
    certificate_kind: str,
    risk: str,
    on: date,
) -> Authority | None:
    """Return the line under which somebody may make a decision, or None if there is none."""
    for authority in authorities:
        if (
            authority.user_id == user_id
            and authority.decision == decision
            and authority.certificate_kind in ("", certificate_kind)
            and is_within_limit(risk, max_risk=authority.max_risk)
            and authority.valid_from <= on
            and (authority.valid_until is None or on <= authority.valid_until)
        ):
            return authority
    return None


def is_within_limit(risk: str, *, max_risk: str) -> bool:
    """Say whether a risk is within a limit. What nobody has graded counts as the highest.

    >>> is_within_limit("medium", max_risk="low"), is_within_limit("", max_risk="high")
    (False, True)
    """
    # Nobody may decide by leaving the risk open.
    graded = Risk(risk) if risk in _ORDER else Risk.HIGH
    return _ORDER.index(graded) <= _ORDER.index(Risk(max_risk))
