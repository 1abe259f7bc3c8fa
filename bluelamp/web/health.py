"""Alive, usable, and figures for Prometheus. Nothing here is about a person."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from bluelamp.foundation.kernel.passing import find_room

_WORKERS = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
)


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Usable: the database answers, the store's folder can be written and has room, the queue can
    be read.

    `worker` says whether anybody works the queue. Without one nothing is lost and reports still
    come in, so a node is not taken out of service for it: the answer says so, and
    `bluelamp_workers` is there to be watched.
    """
    parts = {"database": False, "queue": False, "store": False}
    workers = 0
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            parts["database"] = True
            cursor.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
            parts["queue"] = True
            cursor.execute(_WORKERS)
            workers = cursor.fetchone()[0]
    except DatabaseError:
        pass
    try:
        probe = settings.BLUELAMP_VAR / "incoming" / ".ready"
        probe.write_bytes(b"")
        find_room(probe)
        parts["store"] = True
    except OSError:
        pass
    return JsonResponse(
        {**parts, "worker": workers > 0}, status=200 if all(parts.values()) else 503
    )


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, to callers on this machine only."""
    if (
        request.META.get("REMOTE_ADDR") not in {"127.0.0.1", "::1"}
        or "HTTP_X_FORWARDED_FOR" in request.META
    ):
        return HttpResponse(status=404)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
            jobs = dict(cursor.fetchall())
            cursor.execute(_WORKERS)
            workers = cursor.fetchone()[0]
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE relname = 'audit_auditentry'"
            )
            entries = max(0, cursor.fetchone()[0])
    except DatabaseError:
        return HttpResponse(
            "The database does not answer.\n", status=503, content_type="text/plain"
        )
    lines = ["# TYPE bluelamp_jobs gauge"]
    lines += [
        f'bluelamp_jobs{{status="{status}"}} {count}' for status, count in sorted(jobs.items())
    ]
    lines += ["# TYPE bluelamp_workers gauge", f"bluelamp_workers {workers}"]
    lines += ["# TYPE bluelamp_audit_entries gauge", f"bluelamp_audit_entries {entries}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
