"""Work done later: a job is written in the transaction that asks for it, so neither is there
without the other.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from procrastinate import App, JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from bluelamp.foundation.kernel.priority import wait_while_busy
from bluelamp.foundation.kernel.together import defer_soon

F = TypeVar("F", bound=Callable[..., Any])


def job(*, name: str, attempts: int = 8, urgency: int = 0) -> Callable[[F], F]:
    """Declare a function as a job. It is tried again after 2, 4, 8 … seconds, `attempts` times in
    all. Of those waiting, the most urgent is done first: people wait for a message, nobody for a
    small picture.

    A job may run twice (a worker can die after the work and before the tick): write it so that this
    is harmless.
    """

    def declare(function: F) -> F:
        @functools.wraps(function)
        def do(**arguments: Any) -> None:
            wait_while_busy()
            function(**arguments)

        retry = RetryStrategy(max_attempts=attempts, exponential_wait=2)
        app.task(name=name, priority=urgency, retry=retry)(do)
        return function

    return declare


def enqueue(name: str, *, once: str = "", **arguments: Any) -> None:
    """Ask for a job, in the present transaction. With `once`, no second one waits under the same
    name.

    Arguments must be plain JSON: ids as text.
    """
    if once:
        from django.db import transaction

        try:
            with transaction.atomic():
                app.configure_task(name, queueing_lock=once, allow_unknown=True).defer(**arguments)
        except AlreadyEnqueued:
            pass
        return
    defer_soon(app.configure_task(name, allow_unknown=True).make_new_job(**arguments))


@app.periodic(cron="* * * * *")
@app.task(name="kernel.pick_up", queueing_lock="kernel.pick_up", pass_context=True)
async def pick_up_every_minute(context: JobContext, timestamp: int) -> None:
    """Have done what a worker that was killed left half done."""
    await pick_up(context.app)


async def pick_up(worker: App) -> int:
    """Put the jobs of workers that are no more back in the queue; return how many there were.

    One that waits there already under its name is not put there twice.
    """
    left = list(await worker.job_manager.get_stalled_jobs())
    for each in left:
        lock = each.queueing_lock
        if lock and list(
            await worker.job_manager.list_jobs_async(queueing_lock=lock, status="todo")
        ):
            await worker.job_manager.finish_job(each, status=Status.FAILED, delete_job=False)
        else:
            await worker.job_manager.retry_job(each)
    return len(left)
