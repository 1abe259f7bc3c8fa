"""Gap-free number series: crime numbers, URNs, ASNs, certificates and the like.

A serial is taken in the transaction that uses it. If that is rolled back, so is the taking, and the
next transaction gets the same serial: none is ever lost. The price is that two transactions that
take from one series wait for each other, so take a serial late in a transaction.
"""

from typing import ClassVar

from django.db import connection, models

from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.kernel.record import Handling, Record


class Series(Record):
    """One series and the next serial that nobody has. A trigger refuses to set it back."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    kind = models.CharField(max_length=20)
    force = models.CharField(max_length=4)
    unit = models.CharField(max_length=8, default="", blank=True)
    year = models.PositiveSmallIntegerField()
    next_serial = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "force", "unit", "year"], name="series_once_each"
            )
        ]


def take_serial(*, kind: str, force: str, year: int, unit: str = "", last: int = 0) -> int:
    """Take the next serial of a series, which starts at 1. See `take_block`."""
    return take_block(kind=kind, force=force, year=year, unit=unit, last=last, count=1)[0]


def take_block(
    *, kind: str, force: str, year: int, count: int, unit: str = "", last: int = 0
) -> range:
    """Take the next `count` serials of a series, inside the caller's transaction.

    Args:
        kind: What is numbered, like "crime".
        force: The force whose series it is.
        year: The year it counts in, with four digits; each year starts at 1.
        count: How many serials to take.
        unit: The unit within the force, where each has its own series.
        last: The highest serial there can be, 0 for no limit.

    Raises:
        RuntimeError: There is no transaction, so a failure afterwards would leave a gap.
        Conflict: The series has too few serials left.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a serial must be taken in the transaction that uses it")
    if count < 1:
        raise ValueError("take at least one serial")
    fresh = Series(kind=kind, force=force, unit=unit, year=year, next_serial=1 + count)
    with connection.cursor() as cursor:
        # one statement: it creates the series or locks its row until the transaction ends
        cursor.execute(
            "INSERT INTO kernel_series (id, kind, force, unit, year, next_serial)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (kind, force, unit, year)"
            " DO UPDATE SET next_serial = kernel_series.next_serial + %s RETURNING next_serial",
            [fresh.id, kind, force, unit, year, fresh.next_serial, count],
        )
        end: int = cursor.fetchone()[0]
    if last and end - 1 > last:
        raise Conflict("All numbers of this series have been used.")
    return range(end - count, end)
