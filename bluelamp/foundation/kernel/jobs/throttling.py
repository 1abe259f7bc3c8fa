"""Throttling: a worker starts less work while people need the processors."""

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
