"""Calls one function from many threads at the same moment. Needs the `committed` fixture."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import TypeVar

from django.db import connection

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def run_concurrently(
    function: Callable[[Argument], Result], arguments: Iterable[Argument]
) -> list[Result]:
    """Call `function` once per argument, all at the same moment, and return the results in order.

    Each call has its own thread and its own database connection.

    Raises:
        Exception: the first call's exception, after every call has ended.
    """
    values = list(arguments)
    start = Barrier(len(values))

    def call(value: Argument) -> Result:
        try:
            start.wait(60)
            return function(value)
        finally:
            # a thread's connection is its own: left open, it would keep the test database in use
            connection.close()

    with ThreadPoolExecutor(len(values)) as threads:
        # each thread gets a copy of this context: a test that may write tables may do so there too
        futures = [threads.submit(copy_context().run, call, value) for value in values]
    return [future.result() for future in futures]
