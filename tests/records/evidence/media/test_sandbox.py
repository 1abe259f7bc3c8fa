"""What a process in the sandbox cannot do, tried in a process of its own by the runner that
previews use.
"""

import os
import sys
import time
from pathlib import Path

import pytest

from bluelamp.records.evidence.media.media_info import MIB
from bluelamp.records.evidence.media.previews import ProcessExit, ProcessStreams, run_isolated

SANDBOXED = f"""
import os, socket, sys
from bluelamp.records.evidence.media.sandbox import Sandbox
sandbox = Sandbox()
sandbox.limit_resources(memory_bytes={256 * MIB}, cpu_seconds=1, output_bytes={1 * MIB})
sandbox.drop_privileges(open_files=3, threads=False)
"""


def _run_script(
    folder: Path, script: str, *, wall_seconds: float = 240.0
) -> tuple[ProcessExit, str]:
    with (folder / "output").open("w+b") as output, Path(os.devnull).open("rb") as nothing:
        process_exit = run_isolated(
            [sys.executable, "-P", "-s", "-c", script],
            cwd=folder,
            wall_seconds=wall_seconds,
            streams=ProcessStreams(
                stdin=nothing.fileno(), stdout=output.fileno(), stderr=output.fileno()
            ),
        )
        output.seek(0)
        return process_exit, output.read().decode()


def _attempt(folder: Path, statement: str) -> str:
    lines = (
        "try:",
        f"    {statement}",
        "except BaseException as error:",
        "    print('refused', type(error).__name__)",
        "else:",
        "    print('done')",
    )
    body = "\n".join(lines)
    return _run_script(folder, SANDBOXED + body)[1].strip()


def test_it_works(tmp_path: Path) -> None:
    process_exit, output = _run_script(
        tmp_path, SANDBOXED + "print(sorted(sandbox.limits.items()))"
    )
    assert process_exit == ProcessExit(status=0, timed_out=False)
    for limit in ("memory", "processor time", "file size", "files", "network"):
        assert f"('{limit}', True)" in output


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/passwd')",
        "open('new', 'w')",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "os.pipe()",
        "bytearray(512 * 1024 * 1024)",
        "__import__('resource').setrlimit(7, (100, 100))",
    ],
)
def test_refuses(tmp_path: Path, attempt: str) -> None:
    assert "refused" in _attempt(tmp_path, attempt)


def test_cannot_fill_the_disk(tmp_path: Path) -> None:
    _run_script(tmp_path, SANDBOXED + "while os.write(1, bytes(65536)): pass")
    assert (tmp_path / "output").stat().st_size == 1 * MIB


@pytest.mark.skipif(
    sys.platform != "linux", reason="SKIPPED: only Linux limits processes and privileges"
)
def test_cannot_start_a_process_or_become_root(tmp_path: Path) -> None:
    limits = _run_script(tmp_path, SANDBOXED + "print(sandbox.limits)")[1]
    if "'processes': True" in limits:
        assert _attempt(tmp_path, "os.fork()") == "refused BlockingIOError"
    if "'privileges': True" in limits:
        assert _attempt(tmp_path, "os.setuid(0)") == "refused PermissionError"


def test_network_is_unreachable_even_with_a_socket(tmp_path: Path) -> None:
    script = SANDBOXED.replace("sandbox.drop_privileges(open_files=3, threads=False)", "") + (
        "is_limited = sandbox.limits['network']\n"
        "probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try:\n    probe.connect(('192.0.2.1', 9)); print('reached', is_limited)\n"
        "except OSError:\n    print('unreachable', is_limited)\n"
    )
    output = _run_script(tmp_path, script)[1]
    assert "unreachable True" in output or "False" in output


def test_environment_is_empty(tmp_path: Path) -> None:
    os.environ["BLUELAMP_TEST_SECRET"] = "a key"
    try:
        output = _run_script(tmp_path, "import os; print(sorted(os.environ))")[1]
    finally:
        del os.environ["BLUELAMP_TEST_SECRET"]
    assert "SECRET" not in output
    assert set(eval(output)) <= {"PYTHONPATH", "MALLOC_ARENA_MAX", "LC_CTYPE"}


def test_endless_computation_is_ended(tmp_path: Path) -> None:
    process_exit, _ = _run_script(tmp_path, SANDBOXED + "while True: pass")
    assert process_exit.status < 0


@pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: reads /proc")
def test_hanging_process_is_ended_with_its_children(tmp_path: Path) -> None:
    script = "import os, time\nif os.fork() == 0: print(os.getpid(), flush=True)\ntime.sleep(300)"
    process_exit, output = _run_script(tmp_path, script, wall_seconds=3.0)
    assert process_exit.timed_out
    assert _has_ended(int(output))


@pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: reads /proc")
def test_orphaned_child_is_ended(tmp_path: Path) -> None:
    script = (
        "import os, time\nchild = os.fork()\n"
        "if child == 0: time.sleep(300)\nprint(child, flush=True)"
    )
    process_exit, output = _run_script(tmp_path, script)
    assert process_exit == ProcessExit(status=0, timed_out=False)
    assert _has_ended(int(output))


def _has_ended(pid: int) -> bool:
    """Return whether a process that is not our child is gone, or waits only to be reaped."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in ("Z", "X"):
            return True
        time.sleep(0.01)
    return False
