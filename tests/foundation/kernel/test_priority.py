"""A worker waits before a piece of work while the processors are taken, and never for long."""

from collections.abc import Iterator

import pytest

from bluelamp.foundation.kernel.jobs import throttling


class FakeUse(throttling.ProcessorUse):
    """Processors that are as busy as the test says, one share for each look."""

    def __init__(self, shares: Iterator[float]) -> None:
        self.shares = shares
        self.looks = 0

    @property
    def share(self) -> float:  # type: ignore[override]
        self.looks += 1
        return next(self.shares)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the sleeps so far. The clock goes on only while something sleeps."""
    sleeps: list[float] = []
    monkeypatch.setattr(throttling.time, "monotonic", lambda: 100.0 + sum(sleeps))
    monkeypatch.setattr(throttling.time, "sleep", sleeps.append)
    return sleeps


def test_it_works(monkeypatch: pytest.MonkeyPatch, waited: list[float]) -> None:
    use = FakeUse(iter([0.9, 0.5, 0.4]))
    monkeypatch.setattr(throttling, "_use", use)
    throttling.throttle_under_load(most=1)
    assert (use.looks, len(waited)) == (3, 2)


def test_it_never_waits_for_long(monkeypatch: pytest.MonkeyPatch, waited: list[float]) -> None:
    monkeypatch.setattr(throttling, "_use", FakeUse(iter([1.0] * 1000)))
    throttling.throttle_under_load(most=0.25)
    assert 0.25 <= sum(waited) < 0.3


def test_a_process_that_answers_requests_does_not_wait(
    monkeypatch: pytest.MonkeyPatch, waited: list[float]
) -> None:
    monkeypatch.setattr(throttling, "_use", None)
    throttling.throttle_under_load(most=1)
    assert waited == []


def test_only_work_at_normal_priority_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    # user, nice, system, idle, iowait, irq, softirq
    lines = iter(["cpu 0 0 0 0 0 0 0", "cpu 10 500 5 85 0 0 0", "cpu 10 500 5 85 0 0 0"])
    monkeypatch.setattr(throttling.Path, "read_text", lambda *_a, **_k: next(lines) + "\ncpu0 1")
    use = throttling.ProcessorUse()
    use.sample()
    assert use.share == 15 / 600
    use.sample()
    assert use.share == 15 / 600, "no tick has passed"


def test_the_processors_of_this_machine_are_read() -> None:
    busy, total = throttling._processor_ticks()
    assert 0 < busy < total


def test_a_system_that_does_not_say_is_never_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(throttling.Path, "read_text", fail)
    use = throttling.ProcessorUse()
    use.sample()
    assert use.share == 0
