"""Yielding: background work must not slow down what a person is doing."""

import os
import threading
import time
from pathlib import Path

_POLL_SECONDS = 0.02
_SAMPLE_SECONDS = 0.2
# Above this share of all processors, a job takes time from what people wait for.
_BUSY_SHARE = 0.4


class ProcessorUse:
    """How busy the processors were a moment ago with work that nobody made nice."""

    def __init__(self) -> None:
        self.share = 0.0
        self._last = _processor_ticks()

    def sample(self) -> None:
        """Work out the share since the last call."""
        (busy, total), (last_busy, last_total) = _processor_ticks(), self._last
        if total > last_total:
            self.share = (busy - last_busy) / (total - last_total)
        self._last = busy, total


_use: ProcessorUse | None = None


def allow_throttling() -> None:
    """Let `throttle_under_load` wait in this process: it runs jobs, and answers no requests."""
    global _use
    _use = ProcessorUse()
    threading.Thread(target=_keep_sampling, args=(_use,), name="load", daemon=True).start()


def _keep_sampling(use: ProcessorUse) -> None:
    while True:
        time.sleep(_SAMPLE_SECONDS)
        use.sample()


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


def throttle_under_load(*, most: float) -> None:
    """Wait before a piece of work, `most` seconds at most, while other work takes the processors.

    Only a process that called `allow_throttling` waits. Niceness alone is not enough: it does not
    reach the database's processes, which do half of a job's work with everybody's weight, so a
    worker also has to start less work. Background work does not count, because it yields too. Where
    the system does not say how busy it is, nothing waits.
    """
    if _use is None:
        return
    until = time.monotonic() + most
    while _use.share > _BUSY_SHARE and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)


def _processor_ticks() -> tuple[int, int]:
    """Return the ticks of all processors that went to work at normal priority, and all ticks.

    (0, 0) where the system does not say.
    """
    try:
        # proc(5): cpu user nice system idle iowait irq softirq …
        line = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
        ticks = [int(field) for field in line.split()[1:8]]
    except (OSError, ValueError):
        return 0, 0
    user, _nice, system = ticks[:3]
    return user + system, sum(ticks)
