"""Account for every crime number: used, leased, or void with a reason."""

from dataclasses import dataclass

from django.db.models import Count, Q

from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.casework.crimes.rules import NUMBER_SERIES, NumberState
from bluelamp.foundation.kernel.series_gaps import find_gaps


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberAccount:
    """What became of every number that left a series.

    `missing` are the serials without a row, as (first, last) runs; `unexpected` those with a row
    that the series never gave out. `used_without_crime` counts the numbers that are marked as used
    and belong to no crime.
    """

    force: str
    year: int
    issued: int
    used: int
    leased: int
    void: int
    missing: tuple[tuple[int, int], ...]
    unexpected: tuple[int, ...]
    used_without_crime: int

    @property
    def is_complete(self) -> bool:
        """Say whether every number is used by a crime, leased, or void, and no other exists."""
        return not (self.missing or self.unexpected or self.used_without_crime)


def account_for_numbers(*, force: str, year: int) -> NumberAccount:
    """Return what became of the numbers of a force's year (four digits).

    It is no act on the audit record, because it says nothing about anybody.
    """
    numbers = CrimeNumber.objects.filter(force=force, year=year)
    gaps = find_gaps(
        kind=NUMBER_SERIES,
        force=force,
        year=year,
        used=numbers.order_by("serial").values_list("serial", flat=True),
    )
    counts = numbers.aggregate(
        used=Count("id", filter=Q(state=NumberState.USED)),
        leased=Count("id", filter=Q(state=NumberState.LEASED)),
        void=Count("id", filter=Q(state=NumberState.VOID)),
        used_without_crime=Count("id", filter=Q(state=NumberState.USED, crime=None)),
    )
    return NumberAccount(
        force=force,
        year=year,
        issued=gaps.given,
        missing=gaps.missing,
        unexpected=gaps.unexpected,
        **counts,
    )
