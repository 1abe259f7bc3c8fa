"""The audit log can be verified, and a change made past the program is noticed."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection

from bluelamp.foundation.audit.commands import seal_audit_log
from bluelamp.foundation.audit.lookups import audit_entries, verify_audit_log
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from tests.direct_writes import direct_writes
from tests.foundation.audit.test_acts import CLERK, make_role

pytestmark = pytest.mark.django_db


def _failed() -> list[str]:
    return [check.name for check in verify_audit_log() if not check.passed]


def test_it_works(at: datetime) -> None:
    for number in range(5):
        make_role(actor=CLERK, at=at, name=f"role {number}")
    first = seal_audit_log()
    make_role(actor=CLERK, at=at, name="one more")
    second = seal_audit_log()
    assert (first.size, second.size) == (5, 6)
    assert _failed() == []
    assert len(list(verify_audit_log())) == 9


@pytest.mark.parametrize(
    ("statement", "failed_check"),
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
def test_a_change_past_the_triggers_is_reported(
    at: datetime, statement: str, failed_check: str
) -> None:
    for number in range(5):
        make_role(actor=CLERK, at=at, name=f"role {number}")
    seal_audit_log()
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what a superuser could do
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")
    assert failed_check in _failed()


def test_an_entry_added_behind_the_seal_is_reported(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="role")
    seal_audit_log()
    genuine = AuditEntry.objects.get()
    week = 7 * 24 * 3_600_000
    with direct_writes():
        AuditEntry.objects.create(
            id=UUID(int=genuine.id.int - (week << 80)),
            at=at,
            act="crime.viewed",
            category="consultation",
            result="done",
            actor_kind="person",
            actor_name="Bilal",
            force="01",
            organisation="police-01",
        )
    seal_audit_log()
    assert _failed() == ["no entry was added behind the seal"]


def test_entries_are_sealed_after_a_clock_ran_ahead(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="role")
    genuine = AuditEntry.objects.get()
    years = 50 * 365 * 24 * 3_600_000
    genuine.pk = UUID(int=genuine.id.int + (years << 80))
    with direct_writes():
        genuine.save(force_insert=True)
    assert seal_audit_log().size == 2
    make_role(actor=CLERK, at=at, name="afterwards")
    assert seal_audit_log().size == 3
    assert _failed() == []


def test_an_auditor_reads_the_record_of_their_own_force(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="ours")
    make_role(actor=replace(CLERK, force="43"), at=at, name="theirs")
    auditor = Actor.system("auditor", force="43", permissions={"audit.view"})
    page = audit_entries(actor=auditor, at=at)
    assert [entry.ref for entry in page.entries] == ["theirs"]
