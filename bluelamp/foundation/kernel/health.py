"""Figures that show whether this instance keeps up. None of them is about a person."""

from dataclasses import dataclass

from django.db import connection

from bluelamp.foundation.kernel.jobs.queues import Queue

_SEAL_AGES = """
SELECT DISTINCT ON (log) log, extract(epoch FROM now() - at) FROM log_checkpoint
ORDER BY log, size DESC
"""
# a job that waits for its next attempt does not wait for a worker
_QUEUE_AGES = """
SELECT queue_name, extract(epoch FROM now() - min(coalesce(scheduled_at, event.at)))
FROM procrastinate_jobs AS job
LEFT JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name
"""
_FAILED_DELIVERIES = "SELECT count(*) FROM kernel_eventdelivery WHERE state = 'failed'"
_LIVE_WORKERS = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is still to be done, and for how long it has been.

    Attributes:
        workers: How many job workers were alive in the last minute; there is one for each queue.
        last_seal_seconds: For each log, how long ago its newest checkpoint was signed. A log to
            which nothing is added is not signed again.
        oldest_job_seconds: For each queue, how long its oldest job has been ready and waiting; 0
            where none is.
        failed_deliveries: How many deliveries of events wait for a member of staff.
    """

    workers: int
    last_seal_seconds: dict[str, int]
    oldest_job_seconds: dict[str, int]
    failed_deliveries: int


def measure_backlog() -> Backlog:
    """Return the figures as they are now. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE_WORKERS)
        workers = cursor.fetchone()[0]
        cursor.execute(_SEAL_AGES)
        seals = {log: max(0, int(seconds)) for log, seconds in cursor.fetchall()}
        cursor.execute(_QUEUE_AGES)
        waiting = {queue: max(0, int(seconds)) for queue, seconds in cursor.fetchall()}
        cursor.execute(_FAILED_DELIVERIES)
        failed = cursor.fetchone()[0]
    return Backlog(
        workers=workers,
        last_seal_seconds=seals,
        oldest_job_seconds={queue.value: 0 for queue in Queue} | waiting,
        failed_deliveries=failed,
    )
