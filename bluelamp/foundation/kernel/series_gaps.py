"""Gaps in a number series: what it gave out, compared with what is on record."""

from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.foundation.kernel.series import Series


@dataclass(frozen=True, slots=True)
class GapReport:
    """What a series gave out, compared with what is on record.

    Attributes:
        given: How many serials the series gave out: 1 up to this number.
        missing: The serials given out that are not on record, as (first, last) runs.
        unexpected: The serials on record that the series never gave out.
    """

    given: int
    missing: tuple[tuple[int, int], ...]
    unexpected: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        """Say whether every serial is accounted for."""
        return not self.missing and not self.unexpected


def find_gaps(
    *, kind: str, force: str, year: int, unit: str = "", used: Iterable[int]
) -> GapReport:
    """Compare a series with the serials on record.

    Args:
        kind: What is numbered.
        force: The force whose series it is.
        year: The year it counts in, with four digits.
        unit: The unit within the force.
        used: Every serial accounted for, used or void: a list, or a queryset of serials.
    """
    row = Series.objects.filter(kind=kind, force=force, unit=unit, year=year).first()
    end = row.next_serial if row else 1
    missing: list[tuple[int, int]] = []
    unexpected: list[int] = []
    expected = 1
    for serial in sorted(set(used)):
        # Not counted on from: it would hide a gap below it.
        if not 1 <= serial < end:
            unexpected.append(serial)
            continue
        if serial > expected:
            missing.append((expected, serial - 1))
        expected = serial + 1
    if expected < end:
        missing.append((expected, end - 1))
    return GapReport(given=end - 1, missing=tuple(missing), unexpected=tuple(unexpected))
