"""Supervises the processes of one `bluelamp run`: starts, restarts and stops them."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_CRASH_WINDOW = 600.0  # seconds: older crashes are forgotten
_LONGEST_DELAY = 60.0  # seconds
_STOP_TIMEOUT = 10.0  # seconds


def restart_delay(crashes: int) -> float:
    """Return how many seconds to wait before a restart, by the crashes in the last ten minutes.

    None after the first, then twice as long each time up to a minute: the cause (a full disk) may
    pass by itself.

    >>> [restart_delay(crashes) for crashes in (1, 2, 3, 4, 100)]
    [0.0, 1.0, 2.0, 4.0, 60.0]
    """
    # the exponent is capped, or a float would overflow after a thousand crashes
    return 0.0 if crashes <= 1 else min(_LONGEST_DELAY, 2.0 ** min(crashes - 2, 10))


@dataclass
class _Member:
    """Something supervised: how to start it, and how to tell that it runs."""

    start: Callable[[], object]
    is_up: Callable[[], bool]
    crashes: list[float] = field(default_factory=list)
    restart_at: float | None = None


class Supervisor:
    """Keeps several processes running. One that keeps crashing is tried for ever, and never stops
    the others.
    """

    def __init__(self) -> None:
        self.is_stopping = False
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._members: dict[str, _Member] = {}

    def start(self, name: str, command: list[str]) -> None:
        """Start a process and supervise it. It ends when this process does, however that ends."""

        def start_process() -> None:
            self._processes[name] = subprocess.Popen(command, preexec_fn=_end_with_parent_process)

        start_process()
        self.supervise(name, start=start_process, is_up=lambda: self.is_running(name))

    def supervise(
        self, name: str, *, start: Callable[[], object], is_up: Callable[[], bool]
    ) -> None:
        """Supervise something that runs already and is not a child process.

        Args:
            name: What it is called in messages.
            start: Starts it again; may raise OSError or RuntimeError.
            is_up: Says whether it runs.
        """
        self._members[name] = _Member(start, is_up)

    def is_running(self, name: str) -> bool:
        """Say whether a process that was started under this name runs now."""
        return self._processes[name].poll() is None

    def watch(self) -> None:
        """Restart what crashes, until `is_stopping` is set."""
        while not self.is_stopping:
            time.sleep(0.5)
            for name, member in self._members.items():
                if not self.is_stopping and not member.is_up():
                    self._restart(name, member)

    def _restart(self, name: str, member: _Member) -> None:
        """Restart a member once its delay is over. Called again and again while it is down."""
        now = time.monotonic()
        if member.restart_at is None:
            recent = [crash for crash in member.crashes if crash > now - _CRASH_WINDOW]
            member.crashes = [*recent, now]
            delay = restart_delay(len(member.crashes))
            member.restart_at = now + delay
            when = f"in {delay:.0f} seconds" if delay else "now"
            print(f"The {name} stopped. Restarting it {when}.", file=sys.stderr)
        if now >= member.restart_at:
            member.restart_at = None
            try:
                member.start()
            # Tried again later: the web server may well serve without this member.
            except (OSError, RuntimeError) as fault:
                print(f"The {name} does not start: {fault}", file=sys.stderr)

    def stop(self) -> None:
        """Stop every process, the last started first. One that takes too long is killed."""
        self.is_stopping = True
        # The last first: the web server and the workers may need the stand-ins until they end.
        for process in reversed(self._processes.values()):
            process.terminate()
            try:
                process.wait(_STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _end_with_parent_process() -> None:
    """Ask Linux to end this process when its parent ends, even if that is killed."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
