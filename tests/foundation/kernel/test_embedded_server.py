"""The embedded PostgreSQL stops with its last living user, and opens no folder to others."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bluelamp.foundation.kernel.database import postgres
from bluelamp.foundation.kernel.database.folder_access import allow_traversal

ROOT = Path(__file__).resolve().parents[3]
# A shell's background jobs, as some run the tests, ignore the signal of Ctrl+C.
_USE = """
import signal, sys, time
from pathlib import Path
from bluelamp.foundation.kernel.database import postgres
signal.signal(signal.SIGINT, signal.default_int_handler)
postgres.start(Path(sys.argv[1]))
print("joined", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the database's own, inside one that is its owner's alone."""
    parent = Path(tempfile.mkdtemp(prefix="bluelamp-test-"))
    yield parent / "postgres"
    if postgres.is_up(parent / "postgres"):
        pid = (parent / "postgres" / "postmaster.pid").read_text().split()[0]
        os.kill(int(pid), signal.SIGQUIT)
        time.sleep(1)
    shutil.rmtree(parent, ignore_errors=True)


def use(folder: Path, seconds: float) -> subprocess.Popen[str]:
    """Start a program that uses the database of a folder for so long."""
    program = subprocess.Popen(
        [sys.executable, "-c", _USE, str(folder), str(seconds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        umask=0o077,
    )
    assert program.stdout
    with program.stdout:
        assert program.stdout.readline() == "joined\n"
    return program


def test_it_works(folder: Path) -> None:
    killed = use(folder, 600)
    killed.kill()
    killed.wait()
    assert postgres.is_up(folder)
    other = use(folder, 600)
    last = use(folder, 0)
    assert last.wait(60) == 0
    assert postgres.is_up(folder), "somebody still uses it"
    other.send_signal(signal.SIGINT)
    other.wait(60)
    assert not postgres.is_up(folder)


def test_nobody_else_can_read_the_folder(folder: Path) -> None:
    use(folder, 0).wait(60)
    for path in (folder.parent, *folder.parent.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path == folder.parent and os.geteuid() == 0:
            # the database's own user passes through, in root's group
            assert (mode, path.stat().st_gid) == (0o710, os.getegid())
        else:
            assert not mode & 0o077, f"{mode:o} {path}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away")
def test_passage_is_no_right_to_read(tmp_path: Path) -> None:
    user = pwd.getpwnam("nobody")
    modes = {"private": (0o700, 0o710), "shared": (0o750, 0o751), "open": (0o755, 0o755)}
    path = tmp_path
    for name, (before, _) in modes.items():
        path = path / name
        path.mkdir()
        path.chmod(before)
    allow_traversal(path / "data", user_id=user.pw_uid, group_id=user.pw_gid)
    path = tmp_path
    for name, (_, after) in modes.items():
        path = path / name
        assert stat.S_IMODE(path.stat().st_mode) == after, name
