"""A job that its worker did not live to finish is done all the same."""

from collections.abc import Callable

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app

from bluelamp.foundation.kernel.jobs import enqueue, job, pick_up

pytestmark = pytest.mark.django_db
done: list[str] = []


@job(name="tests.boil")
def boil(*, kettle: str) -> None:
    done.append(kettle)


def taken_up(*, seconds_ago: int) -> None:
    """Have the waiting jobs taken up by a worker that was last heard of so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [seconds_ago],
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
    taken_up(seconds_ago=60)
    assert run_jobs() == 0
    assert async_to_sync(pick_up)(app) == 1
    assert run_jobs() == 1
    assert done == ["red"]


def test_a_job_whose_worker_was_forgotten(run_jobs: Callable[[], int]) -> None:
    enqueue("tests.boil", kettle="red")
    taken_up(seconds_ago=60)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert async_to_sync(pick_up)(app) == 1


def test_a_job_in_hand_is_left_alone() -> None:
    enqueue("tests.boil", kettle="red")
    taken_up(seconds_ago=2)
    assert async_to_sync(pick_up)(app) == 0
    assert states() == ["doing"]


def test_one_that_waits_already_is_not_put_there_twice() -> None:
    enqueue("tests.boil", once="the red kettle", kettle="red")
    taken_up(seconds_ago=60)
    enqueue("tests.boil", once="the red kettle", kettle="red")
    assert async_to_sync(pick_up)(app) == 1
    assert states() == ["failed", "todo"]
