"""The processes of one `bluelamp run`: started in order, kept up, stopped in the reverse order."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_A_WHILE = 600.0
_LONGEST_PAUSE = 60.0


def pause_after(falls: int) -> float:
    """Return how many seconds to wait before something is started again that fell so often in the
    last ten minutes.

    None at first, then twice as long each time, a minute at most: what ails it (a full disk) may
    pass.
    """
    return 0.0 if falls <= 1 else min(_LONGEST_PAUSE, 2.0 ** min(falls - 2, 10))


@dataclass
class _Member:
    start: Callable[[], object]
    is_up: Callable[[], bool]
    falls: list[float] = field(default_factory=list)
    again_at: float | None = None


class Household:
    """What belongs together. One that keeps falling never takes the others with it, and is never
    given up.
    """

    def __init__(self) -> None:
        self.is_stopping = False
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._members: dict[str, _Member] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start a process that is killed with this one, however this one ends, and keep it up."""

        def begin() -> None:
            self._processes[name] = subprocess.Popen(command, preexec_fn=_die_with_parent)

        begin()
        self.keep_up(name, start=begin, is_up=lambda: self._processes[name].poll() is None)

    def keep_up(self, name: str, *, start: Callable[[], object], is_up: Callable[[], bool]) -> None:
        """Keep something up that runs already and is nobody's child. `start` may raise OSError or
        RuntimeError.
        """
        self._members[name] = _Member(start, is_up)

    def watch(self) -> None:
        """Wait until told to stop, and start again what falls over."""
        while not self.is_stopping:
            time.sleep(0.5)
            for name, member in self._members.items():
                if not self.is_stopping and not member.is_up():
                    self._raise_up(name, member)

    def _raise_up(self, name: str, member: _Member) -> None:
        moment = time.monotonic()
        if member.again_at is None:
            member.falls = [fall for fall in member.falls if fall > moment - _A_WHILE] + [moment]
            pause = pause_after(len(member.falls))
            member.again_at = moment + pause
            when = f"in {pause:.0f} seconds" if pause else "now"
            print(f"The {name} stopped; it is started again {when}.", file=sys.stderr)
        if moment >= member.again_at:
            member.again_at = None
            try:
                member.start()
            except (OSError, RuntimeError) as fault:
                print(f"The {name} does not start: {fault}", file=sys.stderr)

    def stop(self) -> None:
        """End the processes, the last started first: politely, then after ten seconds not."""
        self.is_stopping = True
        for process in reversed(self._processes.values()):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
