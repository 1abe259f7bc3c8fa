"""Instances that were prepared once: tests start copies of their folders.

To prepare one takes half a minute: a new database, the reference data, 300 invented crimes, and the
jobs that these leave. A copy starts in a few seconds. It is complete and on its own, so what one
test does to it no other test sees. How an instance prepares itself is tested where that is the
point, as in `tests/cli/test_operations_readme.py`, and by the preparation here.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from fasteners import InterProcessLock

from bench.instance import ROOT, Instance, free_port
from bluelamp.cli.worker import PROMPT, queues_of_process
from bluelamp.foundation.kernel.database import postgres

SHARED_FOLDER = "TESTS_SHARED_FOLDER"
_WAITING_JOBS = """
SELECT count(*) FROM procrastinate_jobs
WHERE (status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now()))
"""
# Making the pictures of the invented items, and checking each invented record against the holders
# of certificates, takes a processor for a minute, in each copy again where the preparation does
# not wait for it. No test looks at them.
_FORGET_JOBS = (
    "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND queue_name IN ('previews', 'checks')"
)
_OF_QUEUES = "AND queue_name = ANY(%s)"
_WAITING_PREVIEWS = _WAITING_JOBS + "AND queue_name = 'previews'"
_SET_UP = """
from bluelamp.cli import prepare
prepare(may_create=True, is_run=True)
from bluelamp.cli import first_start
first_start.set_up(on_step=print)
"""
# Generous: a build machine may be busy with other work.
_PREPARATION_SECONDS = 900
# Nothing in a copy outlives the run: its database has to survive the death of its processes, as the
# tests of faults have it, but no power cut. The server keeps this setting in its folder, and so in
# each copy.
_FORGO_FLUSHING = "fsync = off\n"
# Background jobs give way to all other programs: on a busy machine some are left to the copies.
_BACKGROUND_SECONDS = 60


@contextmanager
def prepared_instance(*, is_demo: bool = True, **environment: str) -> Iterator[Instance]:
    """Run a copy of a prepared instance, which is removed afterwards.

    Args:
        is_demo: Whether it is the demonstration, with its invented crimes.
        **environment: Its settings.
    """
    # One web process starts sooner than one for each processor, and one person needs no more. Some
    # instances stay for the whole run: there are notifications, so they need not look each second.
    environment = {"BLUELAMP_WORKERS": "1", "BLUELAMP_JOBS_POLL": "5"} | environment
    with copied_folder(is_demo=is_demo) as folder:
        instance = Instance(folder, free_port(), environment, is_demo)
        try:
            instance.start()
            yield instance
        finally:
            instance.abandon()


@contextmanager
def copied_folder(*, is_demo: bool = True) -> Iterator[Path]:
    """Yield a copy of the folder of a prepared instance, in which nothing runs yet."""
    source = _prepared_folder(is_demo=is_demo)
    # Not in pytest's folder: another run of pytest closes that to the database's system user.
    parent = Path(
        tempfile.mkdtemp(prefix="bluelamp-copy-", dir=os.environ.get("BLUELAMP_SCRATCH") or None)
    )
    try:
        _copy_folder(source, parent / "var")
        yield parent / "var"
    finally:
        shutil.rmtree(parent, ignore_errors=True)


def execute_sql(folder: Path, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Run a query on the running database of an instance's folder, as the tables' owner."""
    # The lock file names the port in its fourth line and the socket's folder in its fifth. To join
    # the server through our own function would keep it running until this program ends.
    lines = (folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    address = f"host={lines[4]} port={lines[3]} user=postgres dbname=bluelamp"
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(query, parameters)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def wait_until_prompt_jobs_are_done(folder: Path) -> None:
    """Wait until a running instance has sent every message, and done all else that people wait for.

    Raises:
        AssertionError: It has not, after a quarter of an hour.
    """
    # The program's own list: a queue that gives way to everything else on the machine would keep a
    # busy one here for minutes.
    queues = [str(queue) for queue in queues_of_process(PROMPT)]
    is_done = _becomes_zero(folder, _WAITING_JOBS + _OF_QUEUES, _PREPARATION_SECONDS, queues)
    assert is_done, "its jobs are not done"


def wait_until_previews_are_made(folder: Path) -> None:
    """Wait until a running instance has made the small pictures of everything it has.

    To reload a page until they are there would take the processors that they wait for.

    Raises:
        AssertionError: It has not, after a quarter of an hour.
    """
    assert _becomes_zero(folder, _WAITING_PREVIEWS, _PREPARATION_SECONDS), "previews are missing"


def _becomes_zero(folder: Path, query: str, seconds: float, *parameters: object) -> bool:
    """Return whether a query of a running instance counts nothing within so many seconds."""
    deadline = time.monotonic() + seconds
    while execute_sql(folder, query, *parameters) != [(0,)]:
        if time.monotonic() > deadline:
            return False
        # Each look is a connection of its own, which takes time from what it waits for.
        time.sleep(0.5)
    return True


def _prepared_folder(*, is_demo: bool) -> Path:
    """Return the prepared folder, which the first of the processes of this run prepares."""
    # Either begins with the same tables and reference data, which take twenty seconds. That is all
    # that the production instance has: no crimes are invented for it, so no jobs wait.
    tables = _make_once("tables", _prepare_tables)
    if not is_demo:
        return tables

    def prepare(folder: Path) -> None:
        _copy_folder(tables, folder)
        _prepare_demonstration(folder)

    return _make_once("demonstration", prepare)


def _make_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that the processes of this run share: the first that needs it makes it."""
    shared = Path(os.environ[SHARED_FOLDER])
    folder = shared / name / "var"
    with InterProcessLock(shared / f"{name}.lock"):
        if not folder.exists():
            unfinished = shared / name / "unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.parent.mkdir(mode=0o700, exist_ok=True)
            make(unfinished)
            assert not postgres.is_up(unfinished / "postgres"), "a copy of open files is no copy"
            unfinished.rename(folder)
    return folder


def _prepare_tables(folder: Path) -> None:
    """Do what the first start of an instance does before its processes start."""
    folder.mkdir(mode=0o700)
    instance = Instance(folder, free_port(), is_demo=False)
    subprocess.run([sys.executable, "-c", _SET_UP], env=instance.env, cwd=ROOT, check=True)
    # What ALTER SYSTEM would write; the file keeps its owner.
    with (folder / "postgres" / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write(_FORGO_FLUSHING)


def _prepare_demonstration(folder: Path) -> None:
    """Start an instance in a folder that has its tables, let it do all its jobs, and stop it."""
    # The other processes of the run keep the processors busy, and wait for this instance: its jobs
    # must not give way to them. Those of the copies do, as everywhere.
    environment = {"BLUELAMP_JOBS_YIELD": "0", "BLUELAMP_WORKERS": "1"}
    instance = Instance(folder, free_port(), environment)
    try:
        instance.start(_PREPARATION_SECONDS)
        execute_sql(folder, _FORGET_JOBS)
        wait_until_prompt_jobs_are_done(folder)
        execute_sql(folder, _FORGET_JOBS)
        _becomes_zero(folder, _WAITING_JOBS, _BACKGROUND_SECONDS)
    finally:
        instance.stop()


def _copy_folder(source: Path, target: Path) -> None:
    # Not copytree: the files of the database keep their owner.
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)
