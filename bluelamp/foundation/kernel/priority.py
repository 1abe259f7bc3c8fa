"""Giving way: work that nobody waits for must not slow down what somebody does."""

import os
from pathlib import Path


def give_way() -> None:
    """Let every other process go first, from now on.

    Linux weighs a session as a whole before it looks at niceness within it (sched_autogroup), so the session is made
    nice too. The caller must have a session of its own. Where there is no such grouping, the niceness alone holds.
    """
    os.nice(19 - os.nice(0))
    try:
        Path("/proc/self/autogroup").write_text("19", encoding="ascii")
    except OSError:
        return
