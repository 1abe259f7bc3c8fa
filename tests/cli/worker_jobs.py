"""Jobs for the tests of the worker processes, which register them by importing this module."""

import time
from pathlib import Path

from django.db import transaction

from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job


@job(name="tests.busy", queue=Queue.BULK)
def keep_busy(*, seconds: float) -> None:
    """Use a processor."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@job(name="tests.slow_build", queue=Queue.WAITED_FOR)
def build_slowly(*, seconds: float) -> None:
    """Fill a place in the lane of what people wait for."""
    time.sleep(seconds)


@job(name="tests.send_code", queue=Queue.MESSAGES)
def send_code(*, path: str) -> None:
    """Leave a file as proof that the job ran."""
    Path(path).touch()


@job(name="tests.queue_and_fail", queue=Queue.MESSAGES, attempts=1)
def queue_and_fail(*, path: str, marker: str) -> None:
    """Queue a job in a transaction that is rolled back."""
    with transaction.atomic():
        enqueue("tests.send_code", path=path)
        # long enough for another thread of the worker to take a job that was visible
        time.sleep(0.5)
        transaction.set_rollback(True)
    Path(marker).touch()
