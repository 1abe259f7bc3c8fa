"""The audit log proves itself whole, and a change made past the program shows."""

from datetime import datetime

import pytest
from django.db import connection

from bluelamp.foundation.audit.commands import seal_audit
from bluelamp.foundation.audit.queries import verify
from tests.foundation.audit.test_acts import CLERK, make_role

pytestmark = pytest.mark.django_db


def _failed() -> list[str]:
    return [check.name for check in verify() if not check.passed]


def test_it_works(at: datetime) -> None:
    for number in range(5):
        make_role(actor=CLERK, at=at, name=f"role {number}")
    first = seal_audit()
    make_role(actor=CLERK, at=at, name="one more")
    second = seal_audit()
    assert (first.size, second.size) == (5, 6)
    assert _failed() == []
    assert len(list(verify())) == 7


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE audit_auditentry SET actor_name = 'Nobody' WHERE ref = 'role 2'",
            "5 entries as they were written",
        ),
        ("DELETE FROM audit_auditentry WHERE ref = 'role 2'", "every sealed entry is there"),
        (
            "UPDATE log_leaf SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE index = 2",
            "checkpoint at 5 entries: root",
        ),
    ],
)
def test_a_change_past_the_triggers_shows(at: datetime, statement: str, found: str) -> None:
    for number in range(5):
        make_role(actor=CLERK, at=at, name=f"role {number}")
    seal_audit()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what a superuser could do
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    assert found in _failed()
