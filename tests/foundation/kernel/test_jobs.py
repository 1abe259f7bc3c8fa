"""Jobs wait in named queues, and are requeued when their worker is killed."""

from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import TaskNotFound

from bluelamp.foundation.kernel.jobs.queues import (
    Queue,
    enqueue,
    job,
    periodic,
    requeue_stalled_jobs,
)

pytestmark = pytest.mark.django_db
done: list[str] = []


@job(name="tests.boil", queue=Queue.PREVIEWS, attempts=3, priority=-2)
def boil(*, kettle: str) -> None:
    done.append(kettle)


@job(name="tests.boil_once", queue=Queue.BULK, attempts=1)
def boil_once() -> None:
    raise RuntimeError("dry")


@periodic(cron="5 4 * * *", name="tests.descale", queue=Queue.BULK)
def descale() -> None:
    done.append("descaled")


def start_waiting_jobs(*, heartbeat_seconds_ago: int) -> None:
    """Mark the waiting jobs as started by a worker with an old heartbeat."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [heartbeat_seconds_ago],
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE status = 'todo'",
            cursor.fetchone(),
        )


def states() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return [state for (state,) in cursor.fetchall()]


def test_it_works(run_jobs: Callable[[], int]) -> None:
    done.clear()
    enqueue("tests.boil", kettle="red")
    start_waiting_jobs(heartbeat_seconds_ago=60)
    assert run_jobs() == 0
    assert async_to_sync(requeue_stalled_jobs)(app) == 1
    assert run_jobs() == 1
    assert done == ["red"]


def test_a_job_waits_in_its_queue_with_its_priority() -> None:
    enqueue("tests.boil", kettle="red")
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name, priority FROM procrastinate_jobs")
        assert cursor.fetchall() == [("previews", Queue.PREVIEWS.priority - 2)]


def test_queues_are_in_order_of_urgency() -> None:
    priorities = [queue.priority for queue in Queue]
    assert priorities == sorted(priorities, reverse=True)
    assert next(iter(Queue)) == Queue.SEALS


@pytest.mark.parametrize(("name", "attempts"), [("tests.boil", 3), ("tests.boil_once", 1)])
def test_a_job_is_tried_as_often_as_it_says(name: str, attempts: int) -> None:
    task = app.tasks[name]
    runs = 1
    job_row = app.configure_task(name).make_new_job().evolve(attempts=0)
    while task.get_retry_exception(exception=RuntimeError(), job=job_row):
        runs += 1
        job_row = job_row.evolve(attempts=job_row.attempts + 1)
    assert runs == attempts


def test_an_unknown_job_is_refused() -> None:
    with pytest.raises(TaskNotFound):
        enqueue("tests.no_such_job")


def test_a_periodic_job_takes_no_arguments_and_waits_once() -> None:
    task = app.tasks["tests.descale"]
    assert (task.queue, task.queueing_lock) == ("bulk", "tests.descale")
    crons = {entry.task.name: entry.cron for entry in app.periodic_registry.periodic_tasks.values()}
    assert crons["tests.descale"] == "5 4 * * *"
    done.clear()
    task.func(timestamp=0)
    assert done == ["descaled"]


def test_a_job_whose_worker_was_forgotten() -> None:
    enqueue("tests.boil", kettle="red")
    start_waiting_jobs(heartbeat_seconds_ago=60)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert async_to_sync(requeue_stalled_jobs)(app) == 1


def test_a_job_that_is_running_is_left_alone() -> None:
    enqueue("tests.boil", kettle="red")
    start_waiting_jobs(heartbeat_seconds_ago=2)
    assert async_to_sync(requeue_stalled_jobs)(app) == 0
    assert states() == ["doing"]


def test_one_that_waits_already_is_not_queued_twice() -> None:
    enqueue("tests.boil", once="the red kettle", kettle="red")
    start_waiting_jobs(heartbeat_seconds_ago=60)
    enqueue("tests.boil", once="the red kettle", kettle="red")
    enqueue("tests.boil", once="the red kettle", kettle="red")
    assert async_to_sync(requeue_stalled_jobs)(app) == 1
    assert states() == ["failed", "todo"]
