"""What a fenced process cannot do, tried in a process of its own by the runner that previews
use.
"""

import os
import sys
import time
from pathlib import Path

import pytest

from bluelamp.records.evidence.media.facts import MIB
from bluelamp.records.evidence.media.previews import Ending, run_limited

FENCED = f"""
import os, socket, sys
from bluelamp.records.evidence.media.fence import Fence
fence = Fence()
fence.cap_resources(memory_bytes={256 * MIB}, cpu_seconds=1, output_bytes={1 * MIB})
fence.shut_in(open_files=3, threads=False)
"""


def _run(folder: Path, script: str, *, wall_seconds: float = 20.0) -> tuple[Ending, str]:
    with (folder / "said").open("w+b") as said, Path(os.devnull).open("rb") as nothing:
        ending = run_limited(
            [sys.executable, "-P", "-s", "-c", script],
            cwd=folder,
            wall_seconds=wall_seconds,
            stdin=nothing.fileno(),
            stdout=said.fileno(),
            stderr=said.fileno(),
            pass_fds=[],
        )
        said.seek(0)
        return ending, said.read().decode()


def _tried(folder: Path, attempt: str) -> str:
    lines = (
        "try:",
        f"    {attempt}",
        "except BaseException as wrong:",
        "    print('refused', type(wrong).__name__)",
        "else:",
        "    print('done')",
    )
    body = "\n".join(lines)
    return _run(folder, FENCED + body)[1].strip()


def test_it_works(tmp_path: Path) -> None:
    ending, said = _run(tmp_path, FENCED + "print(sorted(fence.holds.items()))")
    assert ending == Ending(status=0, out_of_time=False)
    for limit in ("memory", "processor time", "file size", "files", "network"):
        assert f"('{limit}', True)" in said


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
def test_it_is_refused(tmp_path: Path, attempt: str) -> None:
    assert "refused" in _tried(tmp_path, attempt)


def test_it_cannot_fill_the_disk(tmp_path: Path) -> None:
    _run(tmp_path, FENCED + "while os.write(1, bytes(65536)): pass")
    assert (tmp_path / "said").stat().st_size == 1 * MIB


@pytest.mark.skipif(
    sys.platform != "linux", reason="SKIPPED: only Linux limits processes and privileges"
)
def test_no_new_process_and_no_way_back_to_root(tmp_path: Path) -> None:
    held = _run(tmp_path, FENCED + "print(fence.holds)")[1]
    if "'processes': True" in held:
        assert _tried(tmp_path, "os.fork()") == "refused BlockingIOError"
    if "'privileges': True" in held:
        assert _tried(tmp_path, "os.setuid(0)") == "refused PermissionError"


def test_the_network_is_empty_even_where_a_socket_is_left_over(tmp_path: Path) -> None:
    script = FENCED.replace("fence.shut_in(open_files=3, threads=False)", "") + (
        "held = fence.holds['network']\n"
        "door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try:\n    door.connect(('192.0.2.1', 9)); print('reached', held)\n"
        "except OSError:\n    print('unreachable', held)\n"
    )
    said = _run(tmp_path, script)[1]
    assert "unreachable True" in said or "False" in said


def test_its_environment_is_empty(tmp_path: Path) -> None:
    os.environ["BLUELAMP_TEST_SECRET"] = "a key"
    try:
        said = _run(tmp_path, "import os; print(sorted(os.environ))")[1]
    finally:
        del os.environ["BLUELAMP_TEST_SECRET"]
    assert "SECRET" not in said
    assert set(eval(said)) <= {"PYTHONPATH", "MALLOC_ARENA_MAX", "LC_CTYPE"}


def test_one_that_computes_for_ever_is_ended(tmp_path: Path) -> None:
    ending, _ = _run(tmp_path, FENCED + "while True: pass")
    assert ending.status < 0


@pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: reads /proc")
def test_one_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    script = "import os, time\nif os.fork() == 0: print(os.getpid(), flush=True)\ntime.sleep(300)"
    ending, said = _run(tmp_path, script, wall_seconds=3.0)
    assert ending.out_of_time
    assert _has_ended(int(said))


@pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: reads /proc")
def test_one_that_leaves_another_behind_is_cleared_up(tmp_path: Path) -> None:
    script = "import os, time\nother = os.fork()\nif other == 0: time.sleep(300)\nprint(other, flush=True)"
    ending, said = _run(tmp_path, script)
    assert ending == Ending(status=0, out_of_time=False)
    assert _has_ended(int(said))


def _has_ended(process: int) -> bool:
    """Whether a process that is not our child is gone, or waits only to be reaped."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in ("Z", "X"):
            return True
        time.sleep(0.01)
    return False
