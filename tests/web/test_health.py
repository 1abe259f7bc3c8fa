"""What a load balancer and a monitor are told."""

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "queue": True, "store": True, "worker": False}


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
