"""The reference data on record: loaded once for the run, and again in a test whose neighbour emptied the tables."""

import pytest
from pytest_django import DjangoDbBlocker


def _load() -> None:
    from bluelamp.records.reference.commands import load_reference
    from bluelamp.records.reference.queries import is_loaded
    from tests.cast import INSTALLER, START

    if not is_loaded():
        load_reference(actor=INSTALLER, at=START)


@pytest.fixture(scope="session")
def _loaded_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        _load()


@pytest.fixture
def reference(_loaded_once: None, db: None) -> None:
    """All reference data on record."""
    _load()
