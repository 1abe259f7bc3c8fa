"""Public figures: how long applications take, straight from the dates that nobody can change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from bluelamp.foundation.kernel.actor import Actor

# An application counts in the year in which it was decided. Days are London's, and whole: whatever
# came in on 1 August is in time until the end of 1 December.
# The two halves are read from an index: together they would be a walk through 20 years of rows.
_APPLICATIONS = """
WITH applications AS (
    SELECT kind, certificates, received_at, decided_at FROM firearms_application
    WHERE force = %(force)s AND stage <> 'withdrawn'
        AND decided_at >= (%(on)s::date - interval '1 year') AT TIME ZONE 'Europe/London'
    UNION ALL
    SELECT kind, certificates, received_at, decided_at FROM firearms_application
    WHERE force = %(force)s AND stage <> 'withdrawn' AND decided_at IS NULL
), local AS (
    SELECT kind, certificates,
        received_at AT TIME ZONE 'Europe/London' AS received_at,
        decided_at AT TIME ZONE 'Europe/London' AS decided_at
    FROM applications
    WHERE received_at < (%(on)s::date + 1)::timestamp AT TIME ZONE 'Europe/London'
)
SELECT kind, certificates,
    count(*) FILTER (WHERE decided_at IS NOT NULL),
    count(*) FILTER (WHERE decided_at::date <= received_at::date + interval '4 months'),
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM decided_at - received_at) / 86400)
        FILTER (WHERE decided_at IS NOT NULL),
    count(*) FILTER (WHERE decided_at IS NULL),
    count(*) FILTER (
        WHERE decided_at IS NULL
            AND received_at::date + interval '4 months' < %(on)s::date)
FROM local GROUP BY kind, certificates ORDER BY kind, certificates
"""
_CERTIFICATES = """
SELECT count(*) FILTER (
        WHERE expires_on >= %(on)s AND kind NOT IN ('visitor-permit', 'temporary-permit')),
    count(*) FILTER (WHERE expires_on < %(on)s AND extended_until >= %(on)s),
    count(*) FILTER (WHERE expires_on >= %(on)s AND kind = 'visitor-permit'),
    count(*) FILTER (WHERE expires_on >= %(on)s AND kind = 'temporary-permit')
FROM firearms_certificate WHERE force = %(force)s AND state = 'in-force'
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
    """The figures on a day, of the 12 months before it.

    `permits` are those of visitors. `temporary_permits` are on issue under section 7 of the 1968
    Act, a figure that police forces are compared by.
    """

    rows: Sequence[PerformanceRow]
    in_force: int
    extended: int
    permits: int
    temporary_permits: int


def get_performance(*, actor: Actor, on: date) -> Performance:
    """Return the public figures of the force. Counts alone: nobody's personal data."""
    parameters: dict[str, Any] = {"force": actor.force, "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_APPLICATIONS, parameters)
        rows = cursor.fetchall()
        cursor.execute(_CERTIFICATES, parameters)
        in_force, extended, permits, temporary_permits = cursor.fetchone()
    return Performance(
        rows=tuple(_to_row(row) for row in rows),
        in_force=in_force,
        # Past their day and in force while we decide (Firearms Act 1968 s.28B).
        extended=extended,
        permits=permits,
        temporary_permits=temporary_permits,
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
