"""What the licensing team makes of a notice, and whether both sides of a transfer told us.

Firearms (Amendment) Act 1997 s.33: each side of a transfer tells its own force within 7 days. So a
notice of one side alone is a question to the other, once the other's days are over.
"""

from datetime import date, timedelta
from enum import StrEnum

from bluelamp.services.firearms.rules.notices import OF_A_HELD_GUN, TRANSFERS, NoticeKind, OtherKind

# Two notices of one gun further apart than this are about two transfers of it.
MOST_DAYS_BETWEEN_SIDES = 31


class NoticeOutcome(StrEnum):
    """What the team did about a notice."""

    REGISTER = "register"
    """The gun's row was changed as the holder told us."""
    FOLLOW_UP = "follow-up"
    """Somebody visits the holder, or looks at whether they may keep their certificate."""
    NOTED = "noted"
    """Nothing is to be changed."""


class OtherSide(StrEnum):
    """Whether the other side of a transfer told us too."""

    MATCHED = "matched"
    WAITING = "waiting"
    UNMATCHED = "unmatched"
    NOT_EXPECTED = "not-expected"


def list_outcomes(kind: str, *, has_gun: bool = True) -> tuple[NoticeOutcome, ...]:
    """Return what can be done about a notice of this kind.

    Args:
        kind: The notice's.
        has_gun: Whether it is about a gun that stands on a certificate of ours, or can stand on
            one. A gun of a dealer's own register does not.

    >>> [outcome.value for outcome in list_outcomes("health")]
    ['follow-up', 'noted']
    """
    # Only these are about a gun that stands, or is to stand, on a certificate.
    changes_register = has_gun and (kind in OF_A_HELD_GUN or kind == NoticeKind.ACQUIRED)
    return tuple(outcome for outcome in NoticeOutcome if outcome != "register" or changes_register)


def standing_of_other_side(
    *, kind: str, other_kind: str, due_on: date | None, is_matched: bool, today: date
) -> OtherSide:
    """Say whether the other side told us, is still in time, or has let its days pass.

    >>> standing_of_other_side(kind="passed-on", other_kind="dealer", due_on=date(2026, 3, 9),
    ...                        is_matched=False, today=date(2026, 3, 10)).value
    'unmatched'
    """
    # Somebody who needs no certificate, such as a buyer abroad, has no force to tell.
    if kind not in TRANSFERS or other_kind == OtherKind.OTHER:
        return OtherSide.NOT_EXPECTED
    if is_matched:
        return OtherSide.MATCHED
    return OtherSide.UNMATCHED if due_on and today > due_on else OtherSide.WAITING


def opposite_kind(kind: str) -> NoticeKind:
    """Return the kind of the notice that the other side of a transfer gives."""
    return NoticeKind.ACQUIRED if kind == NoticeKind.PASSED_ON else NoticeKind.PASSED_ON


def days_of_other_side(happened_on: date) -> tuple[date, date]:
    """Return the first and the last day that the other side may have written for a transfer."""
    span = timedelta(days=MOST_DAYS_BETWEEN_SIDES)
    return happened_on - span, happened_on + span
