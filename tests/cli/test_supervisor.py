"""A process that crashes is restarted, less and less often, and stops nothing else."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bluelamp.cli.supervisor import Supervisor, restart_delay

CRASHES = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(1)"
RUNS = "import sys, time; open(sys.argv[1], 'a').write('x'); time.sleep(60)"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.stop()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Return whether a condition became true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_it_works(supervisor: Supervisor, tmp_path: Path) -> None:
    crashes, runs = tmp_path / "crashes", tmp_path / "runs"
    supervisor.start("worker", [sys.executable, "-c", CRASHES, str(crashes)])
    supervisor.start("web", [sys.executable, "-c", RUNS, str(runs)])
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    assert wait_until(lambda: crashes.exists() and len(crashes.read_text()) >= 3)
    assert thread.is_alive()
    assert runs.read_text() == "x"
    supervisor.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_one_that_does_not_start_is_tried_again(
    supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    attempts: list[int] = []

    def start() -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise OSError("No space left on device")

    supervisor.supervise("database", start=start, is_up=lambda: len(attempts) >= 3)
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    assert wait_until(lambda: len(attempts) == 3)
    supervisor.stop()
    thread.join(10)
    err = capsys.readouterr().err
    assert err.count("The database does not start: No space left on device") == 2


@pytest.mark.parametrize(
    ("crashes", "seconds"), [(1, 0), (2, 1), (3, 2), (4, 4), (8, 60), (9, 60), (10_000, 60)]
)
def test_the_delay_grows_to_a_minute(crashes: int, seconds: float) -> None:
    assert restart_delay(crashes) == seconds
