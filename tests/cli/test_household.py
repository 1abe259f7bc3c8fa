"""What falls over is started again, less and less often, and takes nothing else with it."""

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bluelamp.cli.household import Household, pause_after

FALLS = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(1)"
STAYS = "import sys, time; open(sys.argv[1], 'a').write('x'); time.sleep(60)"


@pytest.fixture
def household() -> Iterator[Household]:
    made = Household()
    yield made
    made.stop()


def _soon(is_so: object, seconds: float = 20) -> bool:
    assert callable(is_so)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def test_it_works(household: Household, tmp_path: Path) -> None:
    falls, stays = tmp_path / "falls", tmp_path / "stays"
    household.start("worker", [sys.executable, "-c", FALLS, str(falls)])
    household.start("web", [sys.executable, "-c", STAYS, str(stays)])
    watching = threading.Thread(target=household.watch)
    watching.start()
    assert _soon(lambda: falls.exists() and len(falls.read_text()) >= 3)
    assert watching.is_alive()
    assert stays.read_text() == "x"
    household.stop()
    watching.join(10)
    assert not watching.is_alive()


def test_what_does_not_start_is_tried_again(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    tries: list[int] = []

    def start() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("No space left on device")

    household.keep_up("database", start=start, is_up=lambda: len(tries) >= 3)
    watching = threading.Thread(target=household.watch)
    watching.start()
    assert _soon(lambda: len(tries) == 3)
    household.stop()
    watching.join(10)
    said = capsys.readouterr().err
    assert said.count("The database does not start: No space left on device") == 2


@pytest.mark.parametrize(
    ("falls", "seconds"), [(1, 0), (2, 1), (3, 2), (4, 4), (8, 60), (9, 60), (10_000, 60)]
)
def test_the_pause_grows_to_a_minute(falls: int, seconds: float) -> None:
    assert pause_after(falls) == seconds
