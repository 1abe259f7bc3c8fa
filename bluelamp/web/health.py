"""Whether this node is alive and usable, and figures for Prometheus. Nothing here is about a
person.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from hmac import compare_digest

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

from bluelamp.environment import is_loopback_origin
from bluelamp.foundation.kernel.client_address import is_this_machine
from bluelamp.foundation.kernel.health import measure_backlog
from bluelamp.foundation.kernel.retention import count_rows_due_for_review
from bluelamp.foundation.kernel.transient import require_free_space

PATHS = ("/healthz", "/readyz", "/metrics")
# What proxies add to a request that they pass on.
_FORWARDING_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


class Probes:
    """Middleware that answers probes before anything looks at the host name.

    A load balancer or the start-up probe asks an address and names no host of ours. Every other
    page stays closed to unknown hosts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path not in PATHS or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        view = resolve(request.path).func
        response: HttpResponseBase = view(request)
        return response


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


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
        # Written and not only looked at: a disk may be mounted read-only after a fault.
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
    """Return figures in Prometheus' text format, to this machine or for the token; else 404."""
    if not (_has_metrics_token(request) or _is_from_this_machine(request)):
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
            "The database does not answer.\n", status=503, content_type="text/plain; charset=utf-8"
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
    return HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def _has_metrics_token(request: HttpRequest) -> bool:
    """Say whether the request carries the token that the operator set for Prometheus."""
    token = settings.BLUELAMP_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    # Without a token set, nobody gets in: an empty one must not match an empty header.
    return bool(token) and compare_digest(
        given.encode("utf-8", "replace"), f"Bearer {token}".encode()
    )


def _is_from_this_machine(request: HttpRequest) -> bool:
    """Say whether a program of this machine asks, and no proxy passes the request on for others."""
    if any(name in request.META for name in _FORWARDING_HEADERS):
        return False
    # A proxy that adds no such header passes on the name that the client asked for, as a rule.
    host = str(request.META.get("HTTP_HOST", "127.0.0.1"))
    address = str(request.META.get("REMOTE_ADDR", ""))
    return bool(address) and is_this_machine(address) and is_loopback_origin(f"http://{host}")


def _gauge(name: str, value: int | Mapping[str, int], *, label: str = "") -> list[str]:
    """Return a gauge's lines: one value, or one for each value of a label."""
    head = f"# TYPE {name} gauge"
    if isinstance(value, int):
        return [head, f"{name} {value}"]
    return [head, *(f'{name}{{{label}="{key}"}} {value[key]}' for key in sorted(value))]
