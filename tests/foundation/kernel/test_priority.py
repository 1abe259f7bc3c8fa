"""A process that gives way waits while too much would run before each piece of work, and never for
long.
"""

from collections.abc import Iterator

import pytest

from bluelamp.foundation.kernel import priority


class Machine:
    """A machine as `wait_while_busy` sees it: what runs there, and a clock that sleeping moves
    on.
    """

    def __init__(self, running: Iterator[int]) -> None:
        self.running = running
        self.time = 100.0
        self.looks = 0

    def waiting_to_run(self) -> int:
        self.looks += 1
        return next(self.running)

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def _machine(monkeypatch: pytest.MonkeyPatch, *running: int, is_giving_way: bool = True) -> Machine:
    made = Machine(iter(running))
    monkeypatch.setattr(priority, "_is_giving_way", is_giving_way)
    monkeypatch.setattr(priority, "_waiting_to_run", made.waiting_to_run)
    monkeypatch.setattr(priority.time, "monotonic", lambda: made.time)
    monkeypatch.setattr(priority.time, "sleep", made.sleep)
    monkeypatch.setattr(priority.os, "cpu_count", lambda: 2)
    return made


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _machine(monkeypatch, 9, 4, 3)
    priority.wait_while_busy()
    assert machine.looks == 3


def test_it_never_waits_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _machine(monkeypatch, *[9] * 1000)
    priority.wait_while_busy(most=0.25)
    assert 100.25 <= machine.time < 100.3


def test_a_process_that_people_wait_for_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = _machine(monkeypatch, 9, is_giving_way=False)
    priority.wait_while_busy()
    assert (machine.looks, machine.time) == (0, 100.0)


def test_what_runs_here_is_counted() -> None:
    assert priority._waiting_to_run() >= 0
