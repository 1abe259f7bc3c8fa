"""The embedded database is no child process, and is restarted all the same."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bluelamp.cli.supervisor import Supervisor
from bluelamp.foundation.kernel.database import postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the database's own, which its user may enter."""
    parent = Path(tempfile.mkdtemp(prefix="bluelamp-test-"))
    yield parent / "postgres"
    shutil.rmtree(parent, ignore_errors=True)


def test_it_works(folder: Path) -> None:
    assert not postgres.is_up(folder)
    postgres.start(folder)
    first = _pid(folder)
    supervisor = Supervisor()
    supervisor.supervise(
        "database", start=partial(postgres.start, folder), is_up=partial(postgres.is_up, folder)
    )
    watching = threading.Thread(target=supervisor.watch)
    watching.start()
    try:
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while (not postgres.is_up(folder) or _pid(folder) == first) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert postgres.is_up(folder)
        assert _pid(folder) != first
    finally:
        supervisor.is_stopping = True
        watching.join()
        if postgres.is_up(folder):
            os.kill(_pid(folder), signal.SIGQUIT)


def _pid(folder: Path) -> int:
    try:
        return int((folder / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError):
        return 0
