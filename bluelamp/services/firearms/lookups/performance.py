"""Public figures: how long applications take, straight from the dates that nobody can change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.expiry import CertificateState

# An application counts in the year in which it was decided. Months and days are London's.
_SQL = """
WITH applications AS (
    SELECT kind, certificates,
        received_at AT TIME ZONE 'Europe/London' AS received_at,
        decided_at AT TIME ZONE 'Europe/London' AS decided_at,
        stage
    FROM firearms_application WHERE force = %(force)s
)
SELECT kind, certificates,
    count(*) FILTER (WHERE decided_at IS NOT NULL),
    count(*) FILTER (WHERE decided_at <= received_at + interval '4 months'),
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM decided_at - received_at) / 86400)
        FILTER (WHERE decided_at IS NOT NULL),
    count(*) FILTER (WHERE decided_at IS NULL),
    count(*) FILTER (
        WHERE decided_at IS NULL AND received_at + interval '4 months' < %(on)s::date)
FROM applications
WHERE stage <> 'withdrawn'
    AND (decided_at IS NULL OR decided_at >= %(on)s::date - interval '1 year')
    AND received_at < %(on)s::date + 1
GROUP BY kind, certificates ORDER BY kind, certificates
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class PerformanceRow:
    """How applications of one kind fare. `median_days` is None where none was decided.

    Attributes:
        decided: How many were decided in the last 12 months.
        in_time: How many of those within four months of when we received them.
        waiting: How many are open now.
        overdue: How many of those we received more than four months ago.
    """

    kind: str
    certificates: str
    decided: int
    in_time: int
    median_days: int | None
    waiting: int
    overdue: int

    @property
    def share_percent(self) -> int | None:
        """Return the share decided within four months, rounded down: 99.9% is not 100%."""
        return self.in_time * 100 // self.decided if self.decided else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Performance:
    """The figures on a day, of the 12 months before it."""

    rows: Sequence[PerformanceRow]
    in_force: int
    extended: int
    permits: int


def get_performance(*, actor: Actor, on: date) -> Performance:
    """Return the public figures of the force. Counts alone: nobody's personal data."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"force": actor.force, "on": on})
        rows = cursor.fetchall()
    certificates = Certificate.objects.filter(force=actor.force, state=CertificateState.IN_FORCE)
    current = certificates.filter(expires_on__gte=on)
    return Performance(
        rows=tuple(_to_row(row) for row in rows),
        in_force=current.exclude(kind="visitor-permit").count(),
        # Past their day and in force while we decide (Firearms Act 1968 s.28B).
        extended=certificates.filter(expires_on__lt=on, extended_until__gte=on).count(),
        permits=current.filter(kind="visitor-permit").count(),
    )


def _to_row(row: tuple[str, str, int, int, float | None, int, int]) -> PerformanceRow:
    kind, certificates, decided, in_time, median, waiting, overdue = row
    return PerformanceRow(
        kind=kind,
        certificates=certificates,
        decided=decided,
        in_time=in_time,
        median_days=None if median is None else round(median),
        waiting=waiting,
        overdue=overdue,
    )
