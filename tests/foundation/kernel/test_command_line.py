import io
import time

import pytest

from bluelamp.foundation.kernel.terminal import command_line
from bluelamp.foundation.kernel.terminal.command_line import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock whose one element is the time."""
    moment = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    return moment


def test_quick_work_prints_nothing(clock: list[float]) -> None:
    stream = io.StringIO()
    with Progress("hashing", total=2, stream=stream) as progress:
        progress.step()
        progress.step()
    assert stream.getvalue() == ""


def test_a_line_every_few_seconds(clock: list[float]) -> None:
    stream = io.StringIO()
    with Progress("hashing", total=100, stream=stream) as progress:
        for second in range(10):
            clock[0] = float(second)
            progress.step(10)
    assert stream.getvalue().splitlines() == ["… hashing: 40%", "… hashing: 70%", "… hashing: 100%"]


def test_a_bar_on_a_terminal_that_is_cleared(clock: list[float]) -> None:
    stream = Terminal()
    with Progress("hashing", total=4, stream=stream) as progress:
        progress.step()
        clock[0] = 1.0
        progress.step()
    bar = "█" * (command_line._BAR_WIDTH // 2) + "·" * (command_line._BAR_WIDTH // 2)
    assert stream.getvalue() == f"\r[{bar}] hashing: 50%\x1b[K\r\x1b[K"


def test_an_unknown_total(clock: list[float]) -> None:
    stream = io.StringIO()
    with Progress("reading", stream=stream) as progress:
        progress.step(1_000)
        clock[0] = 9.0
        progress.step(234)
    assert stream.getvalue() == "… reading: 1,234\n"


def test_time_before_the_first_step_does_not_count(clock: list[float]) -> None:
    stream = io.StringIO()
    with Progress("writing", total=2, stream=stream) as progress:
        clock[0] = 60.0
        progress.step()
        progress.step()
    assert stream.getvalue() == ""
