"""Whether this node is alive and usable, and figures for Prometheus. Nothing here is about a
person.
"""

from collections.abc import Mapping
from dataclasses import asdict

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from bluelamp.foundation.kernel.health import measure_backlog
from bluelamp.foundation.kernel.retention import count_rows_due_for_review
from bluelamp.foundation.kernel.transient import require_free_space


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether this node is usable: 200 or 503.

    It is where the database answers, the store's folder can be written and has room, and the queue
    can be read. The other figures change nothing about that: without a worker, say, nothing is
    lost and reports still come in, so the node is not taken out of service for it.
    """
    parts = {"database": False, "queue": False, "store": False}
    figures: dict[str, object] = {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            parts["database"] = True
        figures = asdict(measure_backlog())
        parts["queue"] = True
    except DatabaseError:
        pass
    try:
        probe = settings.BLUELAMP_VAR / "incoming" / ".ready"
        probe.write_bytes(b"")
        require_free_space(probe)
        parts["store"] = True
    except OSError:
        pass
    workers = figures.pop("workers", 0)
    return JsonResponse(
        {**parts, "worker": bool(workers), **figures}, status=200 if all(parts.values()) else 503
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """Return figures in Prometheus' text format, to callers on this machine only."""
    is_local = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"}
    # a proxy on this machine passes requests on from elsewhere
    if not is_local or "HTTP_X_FORWARDED_FOR" in request.META:
        return HttpResponse(status=404)
    try:
        backlog = measure_backlog()
        due = count_rows_due_for_review()
        with connection.cursor() as cursor:
            cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
            jobs = dict(cursor.fetchall())
            # the planner's estimate: counting millions of rows would take seconds
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE relname = 'audit_auditentry'"
            )
            entries = max(0, cursor.fetchone()[0])
    except DatabaseError:
        return HttpResponse(
            "The database does not answer.\n", status=503, content_type="text/plain"
        )
    lines = [
        *_gauge("bluelamp_jobs", jobs, label="status"),
        *_gauge("bluelamp_oldest_job_seconds", backlog.oldest_job_seconds, label="queue"),
        *_gauge("bluelamp_workers", backlog.workers),
        *_gauge("bluelamp_last_seal_seconds", backlog.last_seal_seconds, label="log"),
        *_gauge("bluelamp_failed_deliveries", backlog.failed_deliveries),
        *_gauge("bluelamp_rows_due_for_review", due, label="table"),
        *_gauge("bluelamp_audit_entries", entries),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _gauge(name: str, value: int | Mapping[str, int], *, label: str = "") -> list[str]:
    """Return a gauge's lines: one value, or one for each value of a label."""
    head = f"# TYPE {name} gauge"
    if isinstance(value, int):
        return [head, f"{name} {value}"]
    return [head, *(f'{name}{{{label}="{key}"}} {value[key]}' for key in sorted(value))]
