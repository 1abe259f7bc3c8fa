"""How our programs use a terminal: plain sentences for wrong input, and progress of long work."""

import argparse
import re
import sys
import threading
import time
from types import TracebackType
from typing import NoReturn, Self, TextIO

WRONG_INPUT = 2
_BAR_WIDTH = 30
_LINE_INTERVAL = 3.0  # seconds, where each report is a new line
_BAR_INTERVAL = 0.1  # seconds, where a bar is redrawn in place
_TICK_INTERVAL = 0.5  # seconds

# argparse's messages, as patterns, and ours
_FRIENDLY_MESSAGES = (
    (r"the following arguments are required: (.*)", r"\1 is missing"),
    (
        r"argument (.+?): invalid choice: (.+?) \(choose from (.*)\)",
        r"\1 cannot be \2, only one of \3",
    ),
    (r"argument (.+?): invalid int value: (.*)", r"\1 must be a whole number, not \2"),
    (r"argument (.+?): expected one argument", r"\1 needs a value"),
    (r"argument (.+?): (.*)", r"\1: \2"),
    (r"unrecognized arguments: (.*)", r"\1 is not known here"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that says in one sentence what is wrong and where.

    It writes to standard error and ends the program with status 2.
    """

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        for pattern, friendly in _FRIENDLY_MESSAGES:
            if match := re.fullmatch(pattern, message, re.DOTALL):
                message = match.expand(friendly)
                break
        self.exit(
            WRONG_INPUT,
            f"{escape_for_terminal(f'{self.prog}: {message}')}; {self.prog} --help says more.\n",
        )


def escape_for_terminal(text: str) -> str:
    """Return text with control characters and undecodable bytes escaped.

    Text that somebody else wrote must not steer the terminal.
    """
    # A file name from a package could otherwise send commands to the terminal.
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


class Progress:
    """Shows how far long work is, on standard error; nothing where the work is quick.

    On a terminal it is a bar that is redrawn in place, elsewhere a line every few seconds.

    Args:
        label: What is being done.
        total: How much there is to do, in the units of `step`; 0 where unknown.
        stream: Where to write; standard error by default.
        ticks: Show it also while nothing calls `step`, with the seconds that have passed.
    """

    def __init__(
        self,
        label: str,
        *,
        total: int = 0,
        stream: TextIO | None = None,
        ticks: bool = False,
    ) -> None:
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._ticks = ticks
        self._is_drawn = False
        # The ticks come from a thread of their own.
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.begin(label, total=total)

    def begin(self, label: str, *, total: int = 0) -> None:
        """Begin another piece of work, which is counted from 0."""
        self.label = label
        self.total = total
        self._done = 0
        self._began_at = time.monotonic()
        # The time before the first step belongs to other work, unless somebody waits for it.
        self._reported_at: float | None = self._began_at if self._ticks else None

    def step(self, amount: int = 1) -> None:
        """Report that this much more is done."""
        self._done += amount
        self._report_if_due()

    def _report_if_due(self) -> None:
        with self._lock:
            at = time.monotonic()
            if self._reported_at is None:
                self._reported_at = at
            if at - self._reported_at < (_BAR_INTERVAL if self._is_terminal else _LINE_INTERVAL):
                return
            self._reported_at = at
            if self._is_terminal:
                self._is_drawn = True
                # Back to the start, and clear what is left of a longer line.
                self._stream.write(f"\r{self._line()}\x1b[K")
            else:
                self._stream.write(f"… {self._line()}\n")
            self._stream.flush()

    def clear(self) -> None:
        """Remove the bar, so that a line can be written in its place."""
        with self._lock:
            if self._is_drawn:
                self._is_drawn = False
                self._stream.write("\r\x1b[K")
                self._stream.flush()

    def _line(self) -> str:
        if not self.total:
            seconds = f"{time.monotonic() - self._began_at:.0f} seconds"
            return f"{self.label}: {f'{self._done:,}' if self._done else seconds}"
        part = min(1.0, self._done / self.total)
        bar = ""
        if self._is_terminal:
            bar = f"[{'█' * round(part * _BAR_WIDTH):·<{_BAR_WIDTH}}] "
        return f"{bar}{self.label}: {part:.0%}"

    def _tick(self) -> None:
        while not self._stopped.wait(_TICK_INTERVAL):
            self._report_if_due()

    def __enter__(self) -> Self:
        if self._ticks:
            threading.Thread(target=self._tick, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self.clear()
