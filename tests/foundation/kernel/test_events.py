"""Events are stored with the change they are about, and delivered to each subscriber on its own."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.events import outbox
from bluelamp.foundation.kernel.events.deliveries import failed_deliveries, retry_delivery
from bluelamp.foundation.kernel.events.event import Event, event_classes
from bluelamp.foundation.kernel.events.models import EventDelivery, OutboxEvent
from bluelamp.foundation.kernel.events.outbox import publish, subscribe, subscribers
from bluelamp.foundation.kernel.jobs.queues import Queue

pytestmark = pytest.mark.django_db
KETTLE = UUID(int=7)


class KettleBoiled(Event):
    """An event of these tests only."""

    name: ClassVar = "tests.kettle_boiled.v1"
    kettle_id: UUID
    owner_id: UUID | None = None
    at: datetime = datetime(2026, 3, 3, tzinfo=UTC)
    descaled_on: date | None = None
    is_full: bool = False


received: list[KettleBoiled] = []
broken: list[str] = []


@subscribe(KettleBoiled, name="tests.pour", queue=Queue.MESSAGES)
def pour(event: KettleBoiled) -> None:
    received.append(event)


@subscribe(KettleBoiled, name="tests.tell_esi", queue=Queue.BULK, attempts=2)
def tell_esi(event: KettleBoiled) -> None:
    if broken:
        raise RuntimeError("Esi Okafor is out")
    received.append(event)


@pytest.fixture(autouse=True)
def _forget() -> None:
    received.clear()
    broken.clear()


def waiting_jobs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, queue_name FROM procrastinate_jobs ORDER BY id")
        return list(cursor.fetchall())


def deliver(subscriber: str) -> None:
    """Run one subscriber's delivery of the only event, as its job does."""
    chosen = next(s for s in subscribers() if s.name == subscriber)
    delivery = EventDelivery.objects.get(subscriber=subscriber)
    outbox._deliver(chosen, delivery.id)


def test_it_works(run_jobs: Callable[[], int]) -> None:
    event = KettleBoiled(kettle_id=KETTLE, owner_id=uuid4(), descaled_on=date(2026, 3, 1))
    publish(event)
    assert waiting_jobs() == [
        ("events.deliver:tests.pour", "messages"),
        ("events.deliver:tests.tell_esi", "bulk"),
    ]
    assert run_jobs() == 2
    assert received == [event, event]
    assert set(EventDelivery.objects.values_list("state", "attempts")) == {("delivered", 1)}


@pytest.mark.parametrize("owner", [None, uuid4()])
def test_an_optional_field_comes_back_as_what_it_was(
    owner: UUID | None, run_jobs: Callable[[], int]
) -> None:
    publish(KettleBoiled(kettle_id=KETTLE, owner_id=owner))
    run_jobs()
    assert [event.owner_id for event in received] == [owner, owner]
    assert type(received[0].at) is datetime


def test_an_event_stored_before_a_field_was_added_is_restored_with_its_default() -> None:
    publish(KettleBoiled(kettle_id=KETTLE))
    OutboxEvent.objects.update(payload={"kettle_id": str(KETTLE)})
    deliver("tests.pour")
    assert received == [KettleBoiled(kettle_id=KETTLE)]


def test_a_field_that_this_version_does_not_know_is_ignored() -> None:
    publish(KettleBoiled(kettle_id=KETTLE))
    OutboxEvent.objects.update(payload={"kettle_id": str(KETTLE), "whistles": True})
    deliver("tests.pour")
    assert received == [KettleBoiled(kettle_id=KETTLE)]


def test_one_that_fails_neither_stops_nor_repeats_the_others(run_jobs: Callable[[], int]) -> None:
    broken.append("yes")
    publish(KettleBoiled(kettle_id=KETTLE))
    with pytest.raises(RuntimeError):
        run_jobs()
    assert len(received) == 1
    assert dict(EventDelivery.objects.values_list("subscriber", "state")) == {
        "tests.pour": "delivered",
        "tests.tell_esi": "waiting",
    }
    deliver("tests.pour")
    assert len(received) == 1, "a delivery that was made is not made again"


def test_after_the_last_attempt_it_is_listed_and_can_be_retried(
    run_jobs: Callable[[], int],
) -> None:
    broken.append("yes")
    publish(KettleBoiled(kettle_id=KETTLE))
    assert failed_deliveries() == []
    for attempt in (1, 2):
        with pytest.raises(RuntimeError):
            deliver("tests.tell_esi")
        assert EventDelivery.objects.get(subscriber="tests.tell_esi").attempts == attempt
    (failed,) = failed_deliveries()
    assert (failed.event, failed.subscriber) == ("tests.kettle_boiled.v1", "tests.tell_esi")
    assert (failed.attempts, failed.last_error.split(" at ")[0]) == (2, "RuntimeError")
    assert "Esi" not in failed.last_error, "a fault's message may name somebody"
    broken.clear()
    retry_delivery(failed.id)
    with connection.cursor() as cursor:  # only the retry's job is to run
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id < (SELECT max(id) FROM procrastinate_jobs)"
        )
    assert run_jobs() == 1
    assert len(received) == 1
    assert failed_deliveries() == []


def test_what_has_not_failed_cannot_be_retried() -> None:
    publish(KettleBoiled(kettle_id=KETTLE))
    with pytest.raises(Conflict):
        retry_delivery(EventDelivery.objects.get(subscriber="tests.pour").id)
    with pytest.raises(NotFound):
        retry_delivery(uuid4())


def test_a_delivery_whose_subscriber_is_no_more_says_so() -> None:
    publish(KettleBoiled(kettle_id=KETTLE))
    row = EventDelivery.objects.first()
    EventDelivery.objects.update(state="failed")
    assert row is not None
    EventDelivery.objects.filter(id=row.id).update(subscriber="tests.gone")
    with pytest.raises(Conflict, match=r"tests\.gone"):
        retry_delivery(row.id)


def test_a_transaction_that_fails_publishes_nothing() -> None:
    with transaction.atomic():
        publish(KettleBoiled(kettle_id=KETTLE))
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()
    assert waiting_jobs() == []


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_is_refused(committed: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        publish(KettleBoiled(kettle_id=KETTLE))


def test_publishing_takes_one_round_trip_for_rows_and_one_for_each_job() -> None:
    with CaptureQueriesContext(connection) as queries:
        publish(KettleBoiled(kettle_id=KETTLE))
    assert len(queries) <= 3


@pytest.mark.parametrize("name", ["", "boiled", "tests.boiled", "Tests.boiled.v1", "tests.b.v0"])
def test_a_name_without_domain_and_version_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=r"must be like"):
        type("Unnamed", (Event,), {"name": name, "__annotations__": {"name": ClassVar[str]}})


def test_a_name_is_one_event_s() -> None:
    with pytest.raises(TypeError, match="KettleBoiled"):

        class Other(Event):
            name: ClassVar = "tests.kettle_boiled.v1"

    assert event_classes()["tests.kettle_boiled.v1"] is KettleBoiled


def test_a_subscriber_s_name_is_its_own() -> None:
    with pytest.raises(ValueError, match=r"tests\.pour"):
        subscribe(KettleBoiled, name="tests.pour", queue=Queue.BULK)(received.append)


def test_every_event_has_a_subscriber() -> None:
    unheard = {name for name, event in event_classes().items() if not subscribers(event)}
    assert unheard == set()
