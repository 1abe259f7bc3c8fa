"""A low-priority process waits before each piece of work while the machine is overloaded, and never
for long.
"""

from collections.abc import Iterator

import pytest

from bluelamp.foundation.kernel.jobs import priority


class FakeMachine:
    """A machine with given numbers of runnable threads, and a clock that only sleeping moves on."""

    def __init__(self, runnable: Iterator[int]) -> None:
        self.runnable = runnable
        self.time = 100.0
        self.reads = 0

    def runnable_threads(self) -> int:
        self.reads += 1
        return next(self.runnable)

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def fake_machine(
    monkeypatch: pytest.MonkeyPatch, *runnable: int, is_low_priority: bool = True
) -> FakeMachine:
    machine = FakeMachine(iter(runnable))
    monkeypatch.setattr(priority, "_is_low_priority", is_low_priority)
    monkeypatch.setattr(priority, "_runnable_threads", machine.runnable_threads)
    monkeypatch.setattr(priority.time, "monotonic", lambda: machine.time)
    monkeypatch.setattr(priority.time, "sleep", machine.sleep)
    monkeypatch.setattr(priority.os, "cpu_count", lambda: 2)
    return machine


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = fake_machine(monkeypatch, 9, 4, 3)
    priority.throttle_under_load()
    assert machine.reads == 3


def test_it_never_waits_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = fake_machine(monkeypatch, *[9] * 1000)
    priority.throttle_under_load(most=0.25)
    assert 100.25 <= machine.time < 100.3


def test_a_process_of_normal_priority_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = fake_machine(monkeypatch, 9, is_low_priority=False)
    priority.throttle_under_load()
    assert (machine.reads, machine.time) == (0, 100.0)


def test_the_threads_of_this_machine_are_counted() -> None:
    assert priority._runnable_threads() >= 0
