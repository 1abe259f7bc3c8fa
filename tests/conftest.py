"""Fixtures for every test: a private PostgreSQL, reference data, jobs, and the cast signed in."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker, Settings

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from tests.authority import authority, tsa
from tests.scanner import clamd

__all__ = ["authority", "clamd", "tsa"]

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Start the test server, or join it, before Django reads its settings.

    The run gets a var folder of its own.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
    os.environ["BLUELAMP_VAR"] = tempfile.mkdtemp(prefix="bluelamp-test-")
    os.environ.setdefault("BLUELAMP_ORIGIN", "http://testserver")
    if not os.environ.get("DATABASE_URL"):
        from bluelamp.foundation.kernel.database import postgres

        # Nothing in the tests' database outlives the run, so it need not survive a power cut.
        options = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
        folder = Path(tempfile.gettempdir()) / f"bluelamp-test-postgres-{os.getuid()}"
        os.environ["DATABASE_URL"] = postgres.start(folder, extra=options)
    import django

    django.setup()
    # A worker of pytest-xdist that inherited this name would read the settings, and with them this
    # process's var folder, before it runs this function and makes its own: two workers in one
    # evidence store find each other's files.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    _allow_flush()


def _allow_flush() -> None:
    """Let tests empty the tables, which no command may do."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from tests.direct_writes import direct_writes

    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_outside_commands(self: BaseDatabaseOperations, sql_list: Any) -> None:
        with direct_writes():
            flush(self, sql_list)

    BaseDatabaseOperations.execute_sql_flush = flush_outside_commands  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the var folder of this process."""
    shutil.rmtree(os.environ["BLUELAMP_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Name the test database after this process, so that two runs at once do not share one."""
    from django.conf import settings

    test = settings.DATABASES["default"].setdefault("TEST", {})
    test["NAME"] = f"test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Put the environment back after each test.

    `bluelamp` reads its mode and address from there and some verbs set them, so what one test left
    would decide how the next one's `bluelamp` starts.
    """
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def at() -> datetime:
    """Return when most tests take place: Tuesday 3 March 2026, 4:15pm."""
    return datetime(2026, 3, 3, 16, 15, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data; where it is missing, tests that need it are skipped."""
    folder = Path(os.environ.get("BLUELAMP_DATA", ROOT.parent / "shared" / "data"))
    if not folder.exists():
        pytest.skip(f"SKIPPED FOR WANT OF REAL DATA: {folder} is not there (set BLUELAMP_DATA)")
    return folder


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Return a function that runs every waiting job in this process, and returns how many ran."""
    from tests.job_queue import run_waiting_jobs

    return run_waiting_jobs


def _load_reference() -> None:
    from bluelamp.records.reference.commands import load_reference
    from bluelamp.records.reference.lookups import is_loaded
    from tests.cast import INSTALLER, START

    if not is_loaded():
        load_reference(actor=INSTALLER, at=START)


@pytest.fixture(scope="session")
def _reference_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        _load_reference()


@pytest.fixture
def reference(_reference_once: None, db: None) -> None:
    """All reference data on record.

    It is loaded once for the run, and again where an earlier test emptied the tables.
    """
    _load_reference()


def _signed_in(player: cast.Player) -> Actor:
    from tests.cast import signed_in  # needs Django, which is ready once the tests are collected

    return signed_in(player)


@pytest.fixture
def ada(db: None) -> Actor:
    """Ada, response officer."""
    return _signed_in(cast.ADA)


@pytest.fixture
def bilal(db: None) -> Actor:
    """Bilal, officer in the case."""
    return _signed_in(cast.BILAL)


@pytest.fixture
def joy(db: None) -> Actor:
    """Joy, of the crime desk."""
    return _signed_in(cast.JOY)


@pytest.fixture
def hana(db: None) -> Actor:
    """Hana, prosecutor."""
    return _signed_in(cast.HANA)


@pytest.fixture
def femi(db: None) -> Actor:
    """Femi, officer of another force, who must never get in."""
    return _signed_in(cast.FEMI)


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database whose transactions commit, for tests with several threads.

    Afterwards all tables are emptied, with the triggers off that refuse it.
    """
    from django.db import connection

    yield
    flush = connection.ops.execute_sql_flush

    def with_triggers_off(statements: list[str]) -> None:
        connection.ops.execute_sql_flush = flush
        off, on = "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
        flush([off, *statements, "TRUNCATE procrastinate_jobs CASCADE", on])

    connection.ops.execute_sql_flush = with_triggers_off  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def simple_settings(settings: Settings, tmp_path: Path) -> None:
    """Use static files by their plain names, without a build, and a password hash that is fast.

    So no test signs anybody in with the real hash.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = tmp_path
    # The database is rolled back after each test, this file would not be.
    settings.BLUELAMP_WITNESS = tmp_path / "witness"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
