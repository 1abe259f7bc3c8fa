"""What is unusual among a holder's notices, for somebody to look at. It decides nothing.

The statutory guidance under section 55A of the Firearms Act 1968 asks forces to watch certificates
for their whole life. No text was found that names numbers, so these are ours, and published here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

PERIOD = timedelta(days=365)
"""What is counted: the notices of the last year, by the day on which something happened."""


class Pattern(StrEnum):
    """Something that is unusual for one holder in a year."""

    MANY_ACQUIRED = "many-acquired"
    QUICK_TURNOVER = "quick-turnover"
    REPEATED_LOSS = "repeated-loss"
    OFTEN_LATE = "often-late"


LEAST: Mapping[Pattern, int] = {
    Pattern.MANY_ACQUIRED: 6,
    Pattern.QUICK_TURNOVER: 3,
    Pattern.REPEATED_LOSS: 2,
    Pattern.OFTEN_LATE: 2,
}
"""From how many on each is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeCounts:
    """How many notices of a year a holder gave: guns got and passed on, losses, and late ones."""

    acquired: int
    passed_on: int
    lost: int
    late: int


def find_patterns(counts: NoticeCounts) -> dict[Pattern, int]:
    """Return each pattern that is there, with its number.

    >>> find_patterns(NoticeCounts(acquired=1, passed_on=0, lost=2, late=0))
    {<Pattern.REPEATED_LOSS: 'repeated-loss'>: 2}
    """
    numbers = {
        Pattern.MANY_ACQUIRED: counts.acquired,
        # As many as both came and went: guns that are held for others, or sold on.
        Pattern.QUICK_TURNOVER: min(counts.acquired, counts.passed_on),
        Pattern.REPEATED_LOSS: counts.lost,
        Pattern.OFTEN_LATE: counts.late,
    }
    return {pattern: number for pattern, number in numbers.items() if number >= LEAST[pattern]}
