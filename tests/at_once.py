"""The same moment for many, each in a thread and a database connection of its own. Needs the
`committed` fixture.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Each = TypeVar("Each")
Done = TypeVar("Done")


def at_once(act: Callable[[Each], Done], several: Iterable[Each]) -> list[Done]:
    """Do an act with each at once; returns what they returned, in order. Raises the first fault,
    once all ended.
    """
    given = list(several)
    start = Barrier(len(given))

    def alone(each: Each) -> Done:
        try:
            start.wait(60)
            return act(each)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(given)) as threads:
        waiting = [threads.submit(alone, each) for each in given]
    return [each.result() for each in waiting]
