"""Every number accounted for: used, leased, or void with a reason."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q

from bluelamp.casework.crimes.models import CrimeNumber, NumberSeries


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What became of every number that left a series. `missing`: serials with no row (a hundred at
    most).
    """

    force: str
    year: int
    issued: int
    used: int
    leased: int
    void: int
    missing: tuple[int, ...]
    used_without_crime: int

    @property
    def is_whole(self) -> bool:
        """Say whether every number is used by a crime, leased, or void, and none else exists."""
        counted = self.used + self.leased + self.void
        return not self.missing and not self.used_without_crime and counted == self.issued


def numbers_account(*, force: str, year: int) -> Account:
    """Return the account of a force's year (four digits). It discloses nobody's data, so it is no
    act.
    """
    series = NumberSeries.objects.filter(force=force, year=year).first()
    issued = series.next_serial - 1 if series else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s FROM generate_series(1, %s) AS s WHERE NOT EXISTS (SELECT 1 FROM crimes_crimenumber n"
            " WHERE n.force = %s AND n.year = %s AND n.serial = s) ORDER BY s LIMIT 100",
            [issued, force, year],
        )
        missing = tuple(row[0] for row in cursor.fetchall())
    counts = CrimeNumber.objects.filter(force=force, year=year).aggregate(
        used=Count("id", filter=Q(state="used")),
        leased=Count("id", filter=Q(state="leased")),
        void=Count("id", filter=Q(state="void")),
        used_without_crime=Count("id", filter=Q(state="used", crime=None)),
    )
    return Account(force=force, year=year, issued=issued, missing=missing, **counts)
