"""The worker processes: urgent jobs are done soon, whatever else waits or runs."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection

import tests.cli.worker_jobs  # noqa: F401 - registers its jobs
from bluelamp.cli.worker import BACKGROUND, PROMPT, poll_seconds, queues_of_process
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import sys
import django
django.setup()
import tests.cli.worker_jobs
from bluelamp.cli import worker
worker.main(sys.argv[1:])
"""
BUSY_SECONDS = 12
PROMISED_SECONDS = 10.0
BUSY = f"import time\nend = time.monotonic() + {BUSY_SECONDS}\nwhile time.monotonic() < end: pass"


@contextmanager
def running(*commands: list[str], env: dict[str, str] | None = None) -> Iterator[None]:
    """Run programs for the time of a block."""
    processes = [subprocess.Popen(command, cwd=ROOT, env=env) for command in commands]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def running_workers(*processes: str) -> Iterator[None]:
    """Run worker processes on the tests' database, and wait until they take jobs."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = quote(str(connection.settings_dict["NAME"]))
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "bluelamp.settings"),
        "DATABASE_URL": address._replace(path=f"/{name}").geturl(),
        "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}",
    }
    with running(*([sys.executable, "-c", WORKER, p] for p in processes), env=env):
        expected = sum(len(queues_of_process(process)) for process in processes)
        assert wait_until(lambda: count("procrastinate_workers") >= expected, seconds=60)
        yield


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Return whether a condition became true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def count(table: str, where: str = "true") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")
        rows: int = cursor.fetchone()[0]
    return rows


def test_every_queue_is_served_by_one_process() -> None:
    served = [*queues_of_process(PROMPT), *queues_of_process(BACKGROUND)]
    assert sorted(served) == sorted(Queue)


def test_it_works(committed: None, tmp_path: Path) -> None:
    """A code is sent while its neighbours in the same process are taken by long builds."""
    path = tmp_path / "code"
    with running_workers(PROMPT):
        for _ in range(20):
            enqueue("tests.slow_build", seconds=5)
        assert wait_until(lambda: count("procrastinate_jobs", "status = 'doing'") >= 2, seconds=20)
        enqueue("tests.send_code", path=str(path))
        assert wait_until(path.exists, seconds=4), "the builds held it up"
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


def test_a_job_s_own_jobs_are_queued_in_its_transaction(committed: None, tmp_path: Path) -> None:
    path, marker = tmp_path / "code", tmp_path / "marker"
    with running_workers(PROMPT):
        enqueue("tests.queue_and_fail", path=str(path), marker=str(marker))
        assert wait_until(marker.exists, seconds=20)
        time.sleep(1)
    assert not path.exists(), "its transaction was rolled back"
    assert count("procrastinate_jobs", "task_name = 'tests.send_code'") == 0


def test_background_jobs_give_way_unless_told_not_to() -> None:
    program = "import os; from bluelamp.cli import worker; worker.give_way('background');"
    program += " print(os.nice(0) == 19, os.getsid(0) == os.getpid())"
    for setting, expected in (("", "True True"), ("1", "True True"), ("0", "False False")):
        env = {**os.environ, "BLUELAMP_JOBS_YIELD": setting}
        command = [sys.executable, "-c", program]
        answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)
        assert answer.stdout.decode().strip() == expected, setting


def test_a_node_may_look_for_jobs_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting, expected in (("", (1.0, 5.0)), ("0", (1.0, 5.0)), ("3", (3.0, 5.0))):
        monkeypatch.setenv("BLUELAMP_JOBS_POLL", setting)
        assert (poll_seconds(PROMPT), poll_seconds(BACKGROUND)) == expected


def test_an_urgent_job_is_done_soon_on_a_busy_machine(committed: None, tmp_path: Path) -> None:
    path = tmp_path / "code"
    busy = [[sys.executable, "-c", BUSY]] * (os.cpu_count() or 1)
    with running_workers(PROMPT, BACKGROUND), running(*busy):
        for _ in range(200):
            enqueue("tests.busy", seconds=0.3)
        assert wait_until(lambda: count("procrastinate_jobs", "status = 'doing'") > 0, seconds=20)
        start = time.monotonic()
        enqueue("tests.send_code", path=str(path))
        assert wait_until(path.exists, seconds=PROMISED_SECONDS)
        seconds = time.monotonic() - start
        waiting = count("procrastinate_jobs", "queue_name = 'bulk' AND status = 'todo'")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    assert seconds <= PROMISED_SECONDS
    assert waiting > 50, "the bulk jobs were still waiting"
