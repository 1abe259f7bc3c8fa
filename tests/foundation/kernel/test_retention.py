"""Every table names a retention policy, and every policy that deletes is executed."""

from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.core.checks.registry import registry
from django.db import connection, models
from django.test.utils import isolate_apps

from bluelamp.foundation.kernel import retention
from bluelamp.foundation.kernel.checks import check_handling, check_model
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.kernel.models import EventDelivery, OutboxEvent, Receipt, RetentionCount
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.foundation.kernel.retention import POLICIES, RetentionPolicy, apply_policies

pytestmark = pytest.mark.django_db
PERIOD = POLICIES["90-days"].period or timedelta()


@job(name="tests.retained", queue=Queue.BULK)
def do_nothing() -> None: ...


def store_event(at: datetime) -> OutboxEvent:
    event = OutboxEvent.objects.create(name="tests.published.v1", payload={})
    EventDelivery.objects.create(event=event, subscriber="tests.somebody")
    OutboxEvent.objects.filter(id=event.id).update(at=at)
    return event


def test_it_works(at: datetime) -> None:
    store_event(at - PERIOD - timedelta(seconds=1))
    young = store_event(at - PERIOD)
    counts = {count.table: count for count in apply_policies(at)}
    assert list(OutboxEvent.objects.all()) == [young]
    assert EventDelivery.objects.get().event_id == young.id
    assert counts["kernel_outboxevent"].deleted == 1


def test_it_deletes_in_batches(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_BATCH", 2)
    for _ in range(5):
        store_event(at - 2 * PERIOD)
    assert retention.delete_expired_rows(OutboxEvent, at) == 5
    assert not OutboxEvent.objects.exists()


def test_rows_to_be_reviewed_are_counted_and_kept(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    handling = Handling("OFFICIAL", "mopi-group-3", export=True, counted_from="received_at")
    monkeypatch.setattr(Receipt, "handling", handling)
    for years in (5, 7, 8):
        receipt = Receipt.objects.create(sha256="a" * 64, kind="crime")
        Receipt.objects.filter(id=receipt.id).update(received_at=at - timedelta(days=366 * years))
    for _ in range(2):
        apply_policies(at)
    assert retention.count_rows_due_for_review()["kernel_receipt"] == 2
    assert Receipt.objects.count() == 3
    assert RetentionCount.objects.filter(table="kernel_receipt").count() == 1


def test_old_jobs_that_failed_are_deleted(at: datetime) -> None:
    for _ in range(3):
        enqueue("tests.retained")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs ORDER BY id")
        old, recent, waiting = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = ANY(%s)", [[old, recent]]
        )
        cursor.execute(
            "UPDATE procrastinate_events SET at = %s WHERE job_id = ANY(%s)",
            [at - timedelta(days=100), [old, waiting]],
        )
        cursor.execute("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", [at, recent])
        assert retention.delete_old_jobs(at) == 1
        cursor.execute("SELECT id FROM procrastinate_jobs ORDER BY id")
        assert [row[0] for row in cursor.fetchall()] == [recent, waiting]


def test_every_model_passes_the_system_check() -> None:
    assert check_handling() == []
    assert check_handling in registry.get_checks()


@pytest.mark.parametrize(
    ("handling", "code"),
    [
        (None, "kernel.E001"),
        (Handling("OFFICIAL", "for-ever", export=True), "kernel.E002"),
        (Handling("OFFICIAL", "90-days", export=True), "kernel.E005"),
        (Handling("OFFICIAL", "90-days", export=True, counted_from="title"), "kernel.E003"),
        (Handling("OFFICIAL", "90-days", export=True, counted_from="made"), "kernel.E003"),
        (Handling("OFFICIAL", "tests-unswept", export=True), "kernel.E004"),
    ],
)
def test_a_model_that_nothing_would_clear_fails_the_check(
    handling: Handling | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unswept = RetentionPolicy(
        action="delete", period=PERIOD, authority="", executed_by="tests.no_such_job"
    )
    monkeypatch.setitem(POLICIES, "tests-unswept", unswept)
    with isolate_apps("bluelamp.foundation.kernel"):

        class Kettle(models.Model):
            title = models.CharField(max_length=5)

            class Meta:
                app_label = "kernel"

    Kettle.handling = handling  # type: ignore[attr-defined]
    assert [error.id for error in check_model(Kettle)] == [code]


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_states_its_authority(name: str) -> None:
    assert len(POLICIES[name].authority) > 20


def test_a_date_counts_from_its_day_in_london(at: datetime) -> None:
    with isolate_apps("bluelamp.foundation.kernel"):

        class Dated(Record):
            handling: ClassVar = Handling("OFFICIAL", "7-days", export=False, counted_from="on")
            on = models.DateField()

            class Meta:
                app_label = "kernel"

    where = str(retention.expired_rows(Dated, at).query)
    assert "2026-02-24" in where
