"""The audit log proves itself whole, and a change made past the program shows."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection

from bluelamp.foundation.audit.commands import seal_audit
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.audit.queries import entries, verify
from bluelamp.foundation.kernel.actor import Actor
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
    assert len(list(verify())) == 9


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


def test_an_entry_that_came_in_behind_the_seal_shows(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="role")
    seal_audit()
    genuine = AuditEntry.objects.get()
    week = 7 * 24 * 3_600_000
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(
                id=UUID(int=genuine.id.int - (week << 80)), at=at, act="crime.viewed", category="consultation",
                result="done", actor_kind="person", actor_name="Bilal", force="01", organisation="police",
            )
        ]
    )  # fmt: skip
    seal_audit()
    assert _failed() == ["no entry came in behind the seal"]


def test_a_clock_that_once_ran_ahead_leaves_nothing_unsealed(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="role")
    genuine = AuditEntry.objects.get()
    years = 50 * 365 * 24 * 3_600_000
    genuine.pk = UUID(int=genuine.id.int + (years << 80))
    genuine.save(force_insert=True)
    assert seal_audit().size == 2
    make_role(actor=CLERK, at=at, name="afterwards")
    assert seal_audit().size == 3
    assert _failed() == []


def test_an_auditor_reads_the_record_of_one_force(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="ours")
    make_role(actor=replace(CLERK, force="43"), at=at, name="theirs")
    auditor = Actor.system("auditor", force="43", permissions={"audit.view"})
    found = entries(actor=auditor, at=at)
    assert [entry.ref for entry in found.entries] == ["theirs"]
