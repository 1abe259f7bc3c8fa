"""Priority: background work must not slow down what a person is doing."""

import os
from pathlib import Path


def lower_priority() -> None:
    """Let every other process on the machine go before this one, from now on.

    The caller must have a session of its own (`os.setsid`). Linux weighs sessions against each
    other before it looks at niceness within one (sched_autogroup, sched(7)), so niceness alone
    would hardly matter: the session is made nice too. Without such grouping, niceness suffices.
    """
    os.nice(19 - os.nice(0))
    lower_session_priority(os.getpid())


def lower_session_priority(process_id: int) -> None:
    """Let every other session on the machine go before the one that a process has started.

    For a process that was started with a session of its own: it would run at everybody's weight
    until it has loaded enough to lower its priority itself, and loading is half of a small job.
    """
    try:
        Path(f"/proc/{process_id}/autogroup").write_text("19", encoding="ascii")
    except OSError:
        return
