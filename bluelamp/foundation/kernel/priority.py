"""Giving way: work that nobody waits for must not slow down what somebody does."""

import os
import time
from pathlib import Path

_LOOK_AGAIN = 0.02
_is_giving_way = False


def give_way() -> None:
    """Let every other process go first, from now on.

    Linux weighs a session as a whole before it looks at niceness within it (sched_autogroup), so
    the session is made nice too. The caller must have a session of its own. Where there is no such
    grouping, the niceness alone holds.
    """
    global _is_giving_way
    _is_giving_way = True
    os.nice(19 - os.nice(0))
    try:
        Path("/proc/self/autogroup").write_text("19", encoding="ascii")
    except OSError:
        return


def wait_while_busy(*, most: float = 0.25) -> None:
    """Wait, `most` seconds at most, while twice as much would run as there are processors, before a
    piece of work.

    Only in a process that gives way. Niceness does not reach the database's processes, which do
    half of a job's work at everybody's weight. Where the system does not say how much there is to
    run, nothing waits.
    """
    until = time.monotonic() + most if _is_giving_way else 0.0
    while time.monotonic() < until and _waiting_to_run() >= 2 * (os.cpu_count() or 1):
        time.sleep(_LOOK_AGAIN)


def _waiting_to_run() -> int:
    """How many other threads of this machine run or would run now (proc(5), the fourth field of
    /proc/loadavg).
    """
    try:
        return (
            int(Path("/proc/loadavg").read_text(encoding="ascii").split()[3].partition("/")[0]) - 1
        )
    except (OSError, ValueError, IndexError):
        return 0
