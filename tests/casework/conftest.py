"""The cast with accounts, and a database whose transactions really commit."""

from collections.abc import Iterator

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor


def _signed_in(player: cast.Player) -> Actor:
    from tests.casework.scenes import signed_in

    return signed_in(player)


@pytest.fixture
def ada(db: None) -> Actor:
    return _signed_in(cast.ADA)


@pytest.fixture
def bilal(db: None) -> Actor:
    return _signed_in(cast.BILAL)


@pytest.fixture
def joy(db: None) -> Actor:
    return _signed_in(cast.JOY)


@pytest.fixture
def femi(db: None) -> Actor:
    """Femi, officer of another force, who must never get in."""
    return _signed_in(cast.FEMI)


@pytest.fixture
def offences(db: None) -> None:
    """Two offences on record, where a test needs no more of the reference data."""
    from bluelamp.records.reference.models import Offence

    for code, title, ho_code in (
        ("CD71039/58C", "Criminal damage to property valued under £5000", "149/00"),
        ("CD71041/58C", "Criminal damage being reckless as to whether life was endangered", "057/00"),
    ):
        known = {"cjs_code": code[:7], "title": title, "ho_class": code[8:], "ho_code": ho_code}
        Offence.objects.get_or_create(
            code=code, defaults={**known, "is_recordable": True, "is_notifiable": True}
        )


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """A database whose transactions commit, for threads. Afterwards even the tables that refuse it are
    emptied.
    """
    from django.db import connection

    yield
    empty = connection.ops.execute_sql_flush

    def with_triggers_off(statements: list[str]) -> None:
        connection.ops.execute_sql_flush = empty
        off, on = "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"
        empty([off, *statements, "TRUNCATE procrastinate_jobs CASCADE", on])

    connection.ops.execute_sql_flush = with_triggers_off  # type: ignore[method-assign]
