"""Python's garbage collector, paused while a process makes what stays for its whole life."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def pause_collector() -> Iterator[None]:
    """Have no garbage collected meanwhile.

    While a hundred thousand objects are made, the collector looks through all of them again and
    again, finds nothing, and takes half of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
