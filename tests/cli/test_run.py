"""What `bluelamp run` says when it cannot start: one plain sentence, and status 2."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(var: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Return the status and what was printed to standard error."""
    result = subprocess.run(
        [sys.executable, "-m", "bluelamp.cli", "run", *arguments],
        env={**os.environ, "BLUELAMP_VAR": str(var), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return result.returncode, result.stderr


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, err = run(tmp_path / "file" / "var")
    assert (status, err.count("\n")) == (2, 1)
    assert "set BLUELAMP_VAR to a folder that can" in err


@pytest.mark.parametrize("name", ["with space", "$(touch pwned)", "it's"])
def test_a_path_that_the_embedded_database_cannot_take(tmp_path: Path, name: str) -> None:
    status, err = run(tmp_path / name, DATABASE_URL="")
    assert (status, err.count("\n")) == (2, 1)
    assert "Set BLUELAMP_VAR to another folder" in err


@pytest.mark.parametrize("port", ["0", "65536", "http", ""])
def test_an_impossible_port(tmp_path: Path, port: str) -> None:
    status, err = run(tmp_path, "--port", port)
    assert status == 2
    assert "choose a number from 1 to 65535" in err
    assert "Traceback" not in err


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, err = run(tmp_path, "--port", str(taken.getsockname()[1]))
    assert (status, err.count("\n")) == (2, 1)
    assert "is in use" in err


def test_a_folder_in_use(tmp_path: Path) -> None:
    with (tmp_path / "run.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("http://127.0.0.1:8000\n")
        lock.flush()
        status, err = run(tmp_path)
    assert (status, err.count("\n")) == (2, 1)
    assert "already running" in err
    assert "http://127.0.0.1:8000" in err


def test_a_lock_left_by_a_kill_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "run.lock").write_text("http://127.0.0.1:8000\n")
    status, err = run(tmp_path, BLUELAMP_DEMO="perhaps")
    assert (status, err.count("\n")) == (2, 1)
    assert "BLUELAMP_DEMO must be 1 or 0" in err


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    status, err = run(tmp_path, DATABASE_URL="postgresql://nobody:s3cret@127.0.0.1:1/none")
    assert status == 2
    assert "The database does not answer" in err
    assert "s3cret" not in err
    assert "Traceback" not in err
