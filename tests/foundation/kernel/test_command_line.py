import io
import time

import pytest

from bluelamp.foundation.kernel import command_line
from bluelamp.foundation.kernel.command_line import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock whose one element is the time."""
    moment = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    return moment


def test_quick_work_says_nothing(clock: list[float]) -> None:
    said = io.StringIO()
    with Progress("hashing", total=2, stream=said) as progress:
        progress.step()
        progress.step()
    assert said.getvalue() == ""


def test_a_line_every_few_seconds(clock: list[float]) -> None:
    said = io.StringIO()
    with Progress("hashing", total=100, stream=said) as progress:
        for second in range(10):
            clock[0] = float(second)
            progress.step(10)
    assert said.getvalue().splitlines() == ["… hashing: 40%", "… hashing: 70%", "… hashing: 100%"]


def test_a_bar_on_a_terminal_that_is_taken_away(clock: list[float]) -> None:
    said = Terminal()
    with Progress("hashing", total=4, stream=said) as progress:
        progress.step()
        clock[0] = 1.0
        progress.step()
    bar = "█" * (command_line._BAR // 2) + "·" * (command_line._BAR // 2)
    assert said.getvalue() == f"\r[{bar}] hashing: 50%\x1b[K\r\x1b[K"


def test_nobody_knows_how_much(clock: list[float]) -> None:
    said = io.StringIO()
    with Progress("reading", stream=said) as progress:
        progress.step(1_000)
        clock[0] = 9.0
        progress.step(234)
    assert said.getvalue() == "… reading: 1,234\n"


def test_what_went_before_the_first_step_does_not_count(clock: list[float]) -> None:
    said = io.StringIO()
    with Progress("writing", total=2, stream=said) as progress:
        clock[0] = 60.0
        progress.step()
        progress.step()
    assert said.getvalue() == ""
