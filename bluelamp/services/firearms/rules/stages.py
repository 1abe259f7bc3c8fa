"""The stages of an application: one place, for the public page and for the queue of the desk."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """Where an application stands."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    CHECKS = "checks"
    RECOMMENDED = "recommended"
    GRANTED = "granted"
    REFUSED = "refused"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


OPEN_STAGES = (
    Stage.RECEIVED,
    Stage.INCOMPLETE,
    Stage.COMPLETE,
    Stage.CHECKS,
    Stage.RECOMMENDED,
    Stage.GRANTED,
)
"""Stages in which somebody has something to do."""

_NEXT: Mapping[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.INCOMPLETE, Stage.COMPLETE, Stage.WITHDRAWN}),
    Stage.INCOMPLETE: frozenset({Stage.COMPLETE, Stage.WITHDRAWN}),
    Stage.COMPLETE: frozenset({Stage.CHECKS, Stage.WITHDRAWN}),
    Stage.CHECKS: frozenset({Stage.RECOMMENDED, Stage.WITHDRAWN}),
    # Back to the checks: whoever decides may want to know more.
    Stage.RECOMMENDED: frozenset({Stage.CHECKS, Stage.GRANTED, Stage.REFUSED, Stage.WITHDRAWN}),
    Stage.GRANTED: frozenset({Stage.ISSUED}),
    # An appeal that is allowed.
    Stage.REFUSED: frozenset({Stage.GRANTED}),
    Stage.ISSUED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
_DATE_OF: Mapping[Stage, str] = {
    Stage.RECEIVED: "received_at",
    Stage.COMPLETE: "complete_at",
    Stage.GRANTED: "decided_at",
    Stage.REFUSED: "decided_at",
    Stage.ISSUED: "issued_at",
}


def can_follow(stage: str, following: str) -> bool:
    """Say whether an application may go from one stage to another.

    >>> can_follow("received", "complete"), can_follow("checks", "issued")
    (True, False)
    """
    # An unknown stage raises here: a silent no would hide a wrong word in our own code.
    return Stage(following) in _NEXT[Stage(stage)]


def date_field_of(stage: str) -> str:
    """Return the field in which the first time in a stage is kept for good, or ""."""
    return _DATE_OF.get(Stage(stage), "")


def age_in_days(received_at: datetime, *, at: datetime) -> int:
    """Return for how many whole days an application has been with us."""
    return (at - received_at).days
