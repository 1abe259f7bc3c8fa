"""What a load balancer and a monitor are told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.foundation.kernel.models import EventDelivery, OutboxEvent, RetentionCount
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db


@job(name="tests.weighed", queue=Queue.PREVIEWS)
def do_nothing() -> None: ...


def test_it_works() -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": True,
        "queue": True,
        "store": True,
        "worker": False,
        "last_seal_seconds": {},
        "oldest_job_seconds": {queue.value: 0 for queue in Queue},
        "failed_deliveries": 0,
    }


def test_a_backlog_shows() -> None:
    log.sign_checkpoint(log="audit", at=now() - timedelta(seconds=90))
    enqueue("tests.weighed")
    enqueue("tests.weighed")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '50 seconds'")
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'"
            " WHERE id = (SELECT max(id) FROM procrastinate_jobs)"
        )
    with direct_writes():
        event = OutboxEvent.objects.create(name="tests.weighed.v1", payload={})
        EventDelivery.objects.create(event=event, subscriber="tests.nobody", state="failed")
        RetentionCount.objects.create(
            table="reports_report", policy="mopi-group-3", due_for_review=7, counted_at=now()
        )
    figures = Client().get("/readyz").json()
    assert 90 <= figures["last_seal_seconds"]["audit"] < 120
    assert 50 <= figures["oldest_job_seconds"]["previews"] < 80
    assert figures["failed_deliveries"] == 1
    metrics = Client().get("/metrics").content.decode()
    assert 'bluelamp_last_seal_seconds{log="audit"} 9' in metrics
    assert 'bluelamp_oldest_job_seconds{queue="previews"} 5' in metrics
    assert 'bluelamp_oldest_job_seconds{queue="seals"} 0' in metrics
    assert "\nbluelamp_failed_deliveries 1\n" in metrics
    assert 'bluelamp_rows_due_for_review{table="reports_report"} 7' in metrics


def test_a_worker_that_is_heard_of() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert Client().get("/readyz").json()["worker"] is True
    assert b"\nbluelamp_workers 1\n" in Client().get("/metrics").content
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'"
        )
    assert Client().get("/readyz").json()["worker"] is False
    assert b"\nbluelamp_workers 0\n" in Client().get("/metrics").content


def test_a_store_that_is_gone(settings: Settings) -> None:
    settings.BLUELAMP_VAR = settings.BLUELAMP_VAR / "gone"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["store"]) == (503, False)


def test_figures_are_not_public() -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.1").get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_a_probe_on_this_machine_names_no_host_of_ours(
    settings: Settings, path: str, host: str
) -> None:
    settings.ALLOWED_HOSTS = ["example.police.uk"]
    client = Client(headers={"Host": host})
    assert client.get(path).status_code == 200
    assert client.get("/").status_code == 400
    assert client.get(f"{path}/").status_code == 400
    assert client.post(path).status_code == 400


def test_a_load_balancer_asks_an_address(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["example.police.uk"]
    client = Client(headers={"Host": "192.0.2.10"}, REMOTE_ADDR="192.0.2.1")
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/metrics").status_code == 404
    assert client.get("/track/").status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Forwarded": "for=192.0.2.1"},
        {"X-Real-IP": "192.0.2.1"},
        {"Via": "1.1 proxy"},
        {"X-Forwarded-Host": "example.police.uk"},
        {"X-Forwarded-Proto": "https"},
        {"Host": "example.police.uk"},
        {"Host": "127.0.0.1.example.com"},
        {"Host": "["},
    ],
    ids=str,
)
def test_figures_do_not_go_through_a_proxy(settings: Settings, headers: dict[str, str]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert Client().get("/metrics", headers=headers).status_code == 404


def test_figures_go_anywhere_with_the_token(settings: Settings) -> None:
    settings.BLUELAMP_METRICS_TOKEN = "s3cret"
    there = Client(REMOTE_ADDR="192.0.2.1")
    assert there.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200
    for wrong in ("Bearer", "Bearer s3cre", "Basic s3cret", "s3cret", ""):
        assert there.get("/metrics", headers={"Authorization": wrong}).status_code == 404
    settings.BLUELAMP_METRICS_TOKEN = ""
    assert there.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
