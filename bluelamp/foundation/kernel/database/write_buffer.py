"""Collects what a transaction writes at its end: new rows in one round trip, jobs in another."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import models
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from bluelamp.foundation.kernel.database.fast_sql import bulk_insert


@dataclass(slots=True)
class _Pending:
    """What one `buffered_writes` block has collected."""

    rows: list[models.Model] = field(default_factory=list)
    ignore_existing: list[models.Model] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)


_pending: ContextVar[_Pending | None] = ContextVar("pending", default=None)


@contextmanager
def buffered_writes() -> Iterator[None]:
    """Hold back rows and jobs until the end of the block, inside a transaction.

    An exception that leaves the block drops them. A rolled-back savepoint inside the block does
    not: code that rolls back to one and goes on must not have queued anything in it.
    """
    pending = _Pending()
    token = _pending.set(pending)
    try:
        yield
    finally:
        _pending.reset(token)
    if pending.rows or pending.ignore_existing:
        bulk_insert(*pending.rows, ignore_existing=pending.ignore_existing)
    if pending.jobs:
        app.job_manager.batch_defer_jobs(jobs=pending.jobs)


def insert_at_commit(*rows: models.Model, ignore_existing: Iterable[models.Model] = ()) -> None:
    """Insert rows that nothing reads before the transaction ends.

    They are written at the end of the surrounding `buffered_writes` block, or at once without one.

    Args:
        rows: Rows that must not exist yet.
        ignore_existing: Rows that may exist already.
    """
    pending = _pending.get()
    if pending is None:
        bulk_insert(*rows, ignore_existing=ignore_existing)
    else:
        pending.rows += rows
        pending.ignore_existing += ignore_existing


def defer_at_commit(job: Job) -> None:
    """Queue a job at the end of the surrounding `buffered_writes` block, or at once without one."""
    pending = _pending.get()
    if pending is None:
        app.job_manager.batch_defer_jobs(jobs=[job])
    else:
        pending.jobs.append(job)
