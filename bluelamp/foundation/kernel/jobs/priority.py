"""Yielding: background work must not slow down what a person is doing."""

import os
import time
from pathlib import Path

_POLL_SECONDS = 0.02
_is_low_priority = False


def lower_priority() -> None:
    """Let every other process on the machine go before this one, from now on.

    The caller must have a session of its own (`os.setsid`). Linux weighs sessions against each
    other before it looks at niceness within one (sched_autogroup, sched(7)), so niceness alone
    would hardly matter: the session is made nice too. Without such grouping, niceness suffices.
    """
    global _is_low_priority
    _is_low_priority = True
    os.nice(19 - os.nice(0))
    try:
        Path("/proc/self/autogroup").write_text("19", encoding="ascii")
    except OSError:
        return


def throttle_under_load(*, most: float = 0.25) -> None:
    """Wait before a piece of work, `most` seconds at most, while the machine is overloaded.

    Overloaded means that twice as many threads want to run as there are processors. Only a process
    that called `lower_priority` waits. Its niceness does not reach the database's processes, which
    do half of a job's work with everybody's weight, so it also has to start less work. Where the
    system does not say how many threads want to run, nothing waits.
    """
    until = time.monotonic() + most if _is_low_priority else 0.0
    while time.monotonic() < until and _runnable_threads() >= 2 * (os.cpu_count() or 1):
        time.sleep(_POLL_SECONDS)


def _runnable_threads() -> int:
    """Return how many other threads run or want to run; 0 where the system does not say."""
    try:
        # proc(5): the fourth field is running/all, and counts this thread
        field = Path("/proc/loadavg").read_text(encoding="ascii").split()[3]
        return int(field.partition("/")[0]) - 1
    except (OSError, ValueError, IndexError):
        return 0
