"""Rows and jobs that are held back are written at the end of their transaction, or not at all."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bluelamp.foundation.kernel.database.write_buffer import buffered_writes, insert_at_commit
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.kernel.models import Receipt

pytestmark = pytest.mark.django_db


@job(name="tests.buffered", queue=Queue.BULK)
def do_nothing(*, number: int) -> None: ...


def receipt() -> Receipt:
    return Receipt(sha256="a" * 64, kind="crime")


def waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tests.buffered'")
        count: int = cursor.fetchone()[0]
    return count


def test_it_works() -> None:
    with transaction.atomic(), buffered_writes():
        insert_at_commit(receipt())
        enqueue("tests.buffered", number=1)
        assert not Receipt.objects.exists()
        assert not waiting_jobs()
    assert Receipt.objects.exists()
    assert waiting_jobs() == 1


def test_any_number_of_rows_and_jobs_take_two_round_trips() -> None:
    with CaptureQueriesContext(connection) as queries, buffered_writes():
        for number in range(5):
            insert_at_commit(receipt())
            enqueue("tests.buffered", number=number)
    assert len(queries) == 2
    assert (Receipt.objects.count(), waiting_jobs()) == (5, 5)


def write_and_fail() -> None:
    with transaction.atomic(), buffered_writes():
        insert_at_commit(receipt())
        enqueue("tests.buffered", number=1)
        raise ZeroDivisionError


def test_a_transaction_that_fails_writes_neither() -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert not Receipt.objects.exists()
    assert not waiting_jobs()


def test_an_inner_block_that_fails_does_not_drop_what_the_outer_one_wrote() -> None:
    with transaction.atomic(), buffered_writes():
        insert_at_commit(receipt())
        with pytest.raises(ZeroDivisionError):
            write_and_fail()
        insert_at_commit(receipt())
    assert Receipt.objects.count() == 2
    assert not waiting_jobs()


def test_without_a_block_it_is_written_at_once() -> None:
    insert_at_commit(receipt())
    assert Receipt.objects.exists()
