"""Named job queues on PostgreSQL.

A job is written in the transaction that queues it, so that either both are stored or neither is.
Workers take jobs by queue (see `bluelamp.cli.worker`), so a slow job in one queue never delays a
job in another.
"""

import functools
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.db import transaction
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from bluelamp.foundation.kernel.database.write_buffer import defer_at_commit
from bluelamp.foundation.kernel.jobs.throttling import throttle_under_load

F = TypeVar("F", bound=Callable[..., Any])
P = TypeVar("P", bound=Callable[[], Any])


class Queue(StrEnum):
    """Where a job waits. The order is that of urgency, the most urgent first."""

    SEALS = "seals"
    """Sealing the audit and continuity logs: what is not sealed can be changed unseen."""
    CODES = "codes"
    """One-time codes: somebody sits in front of a page that asks for one."""
    MESSAGES = "messages"
    """Receipts, confirmations and news: people expect them within minutes."""
    WAITED_FOR = "waited_for"
    """Work that somebody watches on a page, such as building a case file."""
    CHECKS = "checks"
    """Checks of new records against old ones: wanted within the minute, but nobody watches."""
    PREVIEWS = "previews"
    """Small pictures of evidence: wanted soon, but nobody is held up without them."""
    BULK = "bulk"
    """Everything else: clearing up, imports, demonstration data."""

    @property
    def priority(self) -> int:
        """Return the job priority, which orders jobs where one worker serves several queues."""
        # Tens apart, so that a job's own priority orders it within its queue and not beyond.
        return 10 * (len(Queue) - list(Queue).index(self))

    @property
    def patience(self) -> float:
        """Return for how many seconds a job waits for the processors while they are taken."""
        return _PATIENCE.get(self, 0.0)


# Receipts may come a moment later, and so may checks: two at once still do 120 a minute while
# reports come without a pause. A preview costs ten times what its report does: it waits longer.
_PATIENCE = {Queue.MESSAGES: 0.5, Queue.CHECKS: 1.0, Queue.PREVIEWS: 2.0, Queue.BULK: 2.0}


def job(*, name: str, queue: Queue, attempts: int = 8, priority: int = 0) -> Callable[[F], F]:
    """Register a function as a job.

    A job may run twice, because a worker can die after the work and before it is marked as done:
    write it so that the second run does no harm.

    Args:
        name: Unique, dotted; stored with each waiting job, so renaming one loses what waits.
        queue: The queue that it waits in.
        attempts: How often it is tried in all, 2, 4, 8 … seconds apart.
        priority: Orders it within its queue: higher goes first, below 0 is less urgent than usual.
    """

    def register(function: F) -> F:
        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            throttle_under_load(most=queue.patience)
            function(**arguments)

        # procrastinate counts retries, not attempts, and reads 0 as "without end"
        retry = RetryStrategy(max_attempts=attempts - 1, exponential_wait=2)
        app.task(
            name=name,
            queue=queue.value,
            priority=queue.priority + priority,
            retry=retry if attempts > 1 else False,
        )(run)
        return function

    return register


def periodic(*, cron: str, name: str, queue: Queue) -> Callable[[P], P]:
    """Register a function without arguments to run on a schedule.

    At most one run waits at a time: a worker that was away does not make up for every missed run.
    A failed run is not retried; the next one does its work.

    Args:
        cron: When to run, as in crontab(5), in UTC.
        name: Unique, dotted.
        queue: The queue that each run waits in.
    """

    def register(function: P) -> P:
        # procrastinate passes the scheduled time, which no job of ours needs
        @functools.wraps(function)
        def run(timestamp: int) -> None:
            throttle_under_load(most=queue.patience)
            function()

        task = app.task(name=name, queue=queue.value, priority=queue.priority, queueing_lock=name)(
            run
        )
        app.periodic(cron=cron)(task)
        return function

    return register


def enqueue(name: str, *, once: str = "", **arguments: Any) -> None:
    """Queue a job in the current transaction.

    Args:
        name: The job's name.
        once: Where given, no second job is queued while one with this key waits.
        arguments: Passed to the job; plain JSON, so ids as text.

    Raises:
        procrastinate.exceptions.TaskNotFound: No job has this name.
    """
    if once:
        try:
            # the savepoint keeps the transaction usable after the unique index refused the job
            with transaction.atomic():
                app.configure_task(name, queueing_lock=once, allow_unknown=False).defer(**arguments)
        except AlreadyEnqueued:
            pass
        return
    defer_at_commit(app.configure_task(name, allow_unknown=False).make_new_job(**arguments))


async def requeue_stalled_jobs(worker: App) -> int:
    """Requeue the jobs of workers that were killed, and return how many there were.

    A job whose `once` key is taken by another waiting job is dropped: that one does its work.
    """
    jobs = list(await worker.job_manager.get_stalled_jobs())
    for stalled in jobs:
        key = stalled.queueing_lock
        if key and list(await worker.job_manager.list_jobs_async(queueing_lock=key, status="todo")):
            await worker.job_manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
        else:
            await worker.job_manager.retry_job(stalled)
    return len(jobs)


# Not through `periodic`: it needs the worker's own asynchronous connection. It runs in the seals
# lane because that one is never filled by long work.
@app.periodic(cron="* * * * *")
@app.task(
    name="kernel.requeue_stalled_jobs",
    queue=Queue.SEALS.value,
    priority=Queue.SEALS.priority,
    queueing_lock="kernel.requeue_stalled_jobs",
    pass_context=True,
)
async def _requeue_stalled_jobs_every_minute(context: Any, timestamp: int) -> None:
    await requeue_stalled_jobs(context.app)
