"""What a transaction adds at its end: new rows in one round trip, and the jobs it asks for in
another.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import models
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from bluelamp.foundation.kernel.rows import insert


@dataclass(slots=True)
class _Waiting:
    rows: list[models.Model] = field(default_factory=list)
    shared: list[models.Model] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)


_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Hold back rows and jobs until the end of the block, inside a transaction; an exception
    forgets them.

    A savepoint inside the block does not: who rolls back to one and goes on must not have asked for
    a job in it.
    """
    waiting = _Waiting()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting.rows or waiting.shared:
        insert(*waiting.rows, shared=waiting.shared)
    if waiting.jobs:
        app.job_manager.batch_defer_jobs(jobs=waiting.jobs)


def insert_soon(*rows: models.Model, shared: Iterable[models.Model] = ()) -> None:
    """Insert rows that nobody reads before the transaction ends: at its end, where there is a
    `together`.

    Those in `shared` may be there already.
    """
    waiting = _waiting.get()
    if waiting is None:
        insert(*rows, shared=shared)
    else:
        waiting.rows += rows
        waiting.shared += shared


def defer_soon(job: Job) -> None:
    """Ask for a job: at the end of the transaction, where there is a `together`."""
    waiting = _waiting.get()
    if waiting is None:
        app.job_manager.batch_defer_jobs(jobs=[job])
    else:
        waiting.jobs.append(job)
