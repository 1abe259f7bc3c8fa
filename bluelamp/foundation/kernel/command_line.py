"""How every program of the house speaks on a terminal: one plain sentence for wrong input, and how
far long work is.
"""

import argparse
import re
import sys
import time
from types import TracebackType
from typing import NoReturn, Self, TextIO

WRONG_INPUT = 2
_BAR = 30
_EVERY = 3.0
_REDRAW = 0.1
_PLAIN = (
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
    """Says what is wrong in one sentence that names the place, on stderr, and ends the program with
    status 2.
    """

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        for pattern, plain in _PLAIN:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                message = found.expand(plain)
                break
        self.exit(
            WRONG_INPUT, f"{printable(f'{self.prog}: {message}')}; {self.prog} --help says more.\n"
        )


def printable(text: str) -> str:
    """Show control characters and undecodable bytes as escapes: what was typed must not steer a
    terminal.
    """
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


class Progress:
    """How far long work is, on stderr: a bar on a terminal, else a line every few seconds; nothing
    if it is quick.

    Args:
        label: what is being done.
        total: how much there is to do, in the units of `step`; 0 where nobody knows.
    """

    def __init__(self, label: str, *, total: int = 0, stream: TextIO | None = None) -> None:
        self.label = label
        self.total = total
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._done = 0
        self._said_at: float | None = None
        self._is_drawn = False

    def step(self, amount: int = 1) -> None:
        """Say that so much more is done."""
        self._done += amount
        at = time.monotonic()
        if self._said_at is None:
            self._said_at = at  # what went before the first step is not this work
        if at - self._said_at < (_REDRAW if self._is_terminal else _EVERY):
            return
        self._said_at = at
        if self._is_terminal:
            self._is_drawn = True
            self._stream.write(f"\r{self._line()}\x1b[K")
        else:
            self._stream.write(f"… {self._line()}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the bar away, so that a line can be written in its place."""
        if self._is_drawn:
            self._is_drawn = False
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _line(self) -> str:
        if not self.total:
            return f"{self.label}: {self._done:,}"
        part = min(1.0, self._done / self.total)
        bar = f"[{'█' * round(part * _BAR):·<{_BAR}}] " if self._is_terminal else ""
        return f"{bar}{self.label}: {part:.0%}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()
