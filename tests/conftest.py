"""Fixtures for every test: a private PostgreSQL, reference data, jobs, and the cast signed in."""

import gc
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker, Settings

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from tests.authority import authority, tsa
from tests.prepared_instances import SHARED_FOLDER
from tests.scanner import clamd

__all__ = ["authority", "clamd", "tsa"]

ROOT = Path(__file__).resolve().parent.parent
# Modules that start whole instances: most of their time they wait for a browser or a worker. The
# longest come first.
WAITING_MODULES = (
    "tests/journeys/test_story.py",
    "tests/journeys/test_faults.py",
    "tests/journeys/test_operators_first_hour.py",
    "tests/journeys/test_sign_in.py",
    "tests/faults/",
    "tests/journeys/",
    "tests/cli/",
)
# Modules that keep a processor busy for more than some ten seconds.
LONGEST_MODULES = (
    "tests/web/public/test_hostile_input.py",
    "tests/foundation/payments/test_histories.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Start the test server, or join it, before Django reads its settings.

    The run gets a var folder of its own.
    """
    # Nothing of what is imported and collected becomes garbage: to look for some takes seconds.
    gc.disable()
    # A process that runs a few files may need none of it.
    if "PYTEST_XDIST_WORKER" in os.environ:
        _import_early()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
    os.environ["BLUELAMP_VAR"] = tempfile.mkdtemp(prefix="bluelamp-test-")
    _share_compiled_templates()
    # The workers of pytest-xdist inherit this folder from the process that starts them.
    os.environ.setdefault(SHARED_FOLDER, os.environ["BLUELAMP_VAR"])
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
    _empty_tables_after_commits()
    _make_previews_at_normal_priority()


def _import_early() -> None:
    """Import what looks for its own source text among all modules that are loaded so far.

    pydantic does so for each model that has texts below its fields. Among all modules of the
    program and the tests that takes seconds, now it takes tenths.
    """
    import scim2_client
    import scim2_tester

    del scim2_client, scim2_tester


def _share_compiled_templates() -> None:
    """Have all processes of all runs of this checkout use one cache of compiled templates."""
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"bluelamp-test-templates-{os.getuid()}-{checkout}"
    folder.mkdir(mode=0o700, exist_ok=True)
    (Path(os.environ["BLUELAMP_VAR"]) / "templates").symlink_to(folder)


def _empty_tables_after_commits() -> None:
    """Have tests whose transactions commit leave the reference data, and nothing else."""
    from django.test import TransactionTestCase

    from tests.template_database import empty_tables

    # Django's own way empties and refills every table, which takes seconds, and loads nothing.
    TransactionTestCase._fixture_teardown = lambda _test: empty_tables()


def _make_previews_at_normal_priority() -> None:
    """Have the workers that tests start take their turn with the other processes of pytest.

    They would wait until nothing else wants a processor, and the tests with them.
    """
    from bluelamp.records.evidence.media import previews

    previews.lower_session_priority = lambda process_id: None  # type: ignore[attr-defined]


def pytest_collection_finish() -> None:
    """Collect garbage again, but not among what stays for the whole run."""
    gc.freeze()
    gc.enable()
    # A test makes some ten thousand objects that live for a moment.
    gc.set_threshold(10_000, 10, 10)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the modules that wait among the others where several processes share the tests.

    Put together, they would leave the processors idle for minutes. What takes long begins early, so
    that no process waits for another one at the end.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        modules: dict[str, list[pytest.Item]] = {}
        for item in items:
            modules.setdefault(item.nodeid.partition("::")[0], []).append(item)
        items[:] = [item for name in _order_modules(list(modules)) for item in modules[name]]


def _order_modules(names: list[str]) -> list[str]:
    waiting = [name for name in names if name.startswith(WAITING_MODULES)]
    others = [name for name in names if not name.startswith(WAITING_MODULES)]
    places = {name: index / len(waiting) for index, name in enumerate(_put_first(waiting))}
    places |= {name: index / len(others) for index, name in enumerate(_put_first(others))}
    return sorted(names, key=lambda name: (places[name], name))


def _put_first(names: list[str]) -> list[str]:
    prefixes = WAITING_MODULES + LONGEST_MODULES

    def rank(name: str) -> int:
        ranks = range(len(prefixes))
        return next((rank for rank in ranks if name.startswith(prefixes[rank])), len(prefixes))

    return sorted(names, key=rank)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the var folder of this process."""
    shutil.rmtree(os.environ["BLUELAMP_VAR"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database of this process's own, so that two runs at once do not share one.

    All reference data is on record in it.
    """
    from tests.template_database import use_test_database

    name = f"test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with ExitStack() as database:
        with django_db_blocker.unblock():
            database.enter_context(use_test_database(name))
        # Blocked again: what a test without the `db` fixture wrote would stay for the next ones.
        yield
        with django_db_blocker.unblock():
            database.close()


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


@pytest.fixture(autouse=True)
def _question_sets() -> None:
    """Forget which question sets the test before had loaded: its rows have been rolled back."""
    from bluelamp.foundation.forms.lookups import forget_versions

    forget_versions()


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


@pytest.fixture
def reference(db: None) -> None:
    """All reference data on record, as it is in every new database of the tests."""
    from bluelamp.records.reference.lookups import is_loaded

    assert is_loaded(), "an earlier test has emptied the reference data, and not put it back"


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
def committed(transactional_db: None) -> None:
    """A database whose transactions commit, for tests with several threads.

    Afterwards all tables but those of the reference data are emptied.
    """


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
