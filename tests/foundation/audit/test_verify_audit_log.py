"""The audit log can be verified, and a change made past the program is noticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from bluelamp.foundation.audit.commands import seal_audit_log
from bluelamp.foundation.audit.lookups import audit_entries
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.audit.verifying import verify_audit_log
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
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
    assert len(list(verify_audit_log())) == 13


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
    assert _failed() == [f"entry {genuine.pk}", "the times of every entry agree"]


def _entry(**values: Any) -> AuditEntry:
    """Return an entry that nobody made by a command."""
    columns: dict[str, Any] = {
        "at": now(),
        "act": "crime.recorded",
        "category": "alteration",
        "result": "done",
        "actor_kind": "person",
        "actor_name": "PC Framed",
        "force": "01",
        "organisation": "police-01",
    }
    return AuditEntry(**{**columns, **values})


def _id_of(time: datetime) -> UUID:
    """Return a UUIDv7 that says it was made at a time."""
    return UUID(int=(int(time.timestamp() * 1000) << 80) | (new_id().int & ((1 << 80) - 1)))


def _detail_of(entry_id: UUID) -> str:
    checks = {check.name: check for check in verify_audit_log() if not check.passed}
    assert set(checks) == {f"entry {entry_id}", "the times of every entry agree"}
    return checks[f"entry {entry_id}"].detail


@pytest.mark.parametrize("is_id_back_dated", [False, True])
def test_an_entry_dated_back_is_named_with_its_times(at: datetime, is_id_back_dated: bool) -> None:
    """Anybody who may insert rows can do this, with no trigger off and no key."""
    september = at - timedelta(days=60)
    if not is_id_back_dated:
        make_role(actor=CLERK, at=at, name="role")
        seal_audit_log()
    forged = _entry(id=_id_of(september) if is_id_back_dated else new_id(), at=september)
    with direct_writes():
        # what the insert says of the database's time is overwritten
        forged.written_at = september
        forged.save(force_insert=True)
    forged.refresh_from_db()
    assert forged.written_at is not None
    assert forged.written_at - at < timedelta(minutes=1)
    seal_audit_log()
    detail = _detail_of(forged.pk)
    assert f"entered for {september:%Y-%m-%d}" in detail
    assert f"written by the database {at:%Y-%m-%d}" in detail


def test_an_entry_dated_back_with_the_triggers_off_is_named_by_the_seals(at: datetime) -> None:
    with freeze_checkpoints(at - timedelta(hours=2)):
        make_role(actor=CLERK, at=at, name="role")
        seal_audit_log()
    # its three times agree with each other: only the seal before it knows better
    forged_at = at - timedelta(hours=3)
    forged = _entry(id=_id_of(forged_at), at=forged_at, written_at=forged_at)
    with direct_writes(), triggers_off():
        forged.save(force_insert=True)
    seal_audit_log()
    failed = {check.name: check.detail for check in verify_audit_log() if not check.passed}
    assert f"sealed after {at - timedelta(hours=2):%Y-%m-%d}" in failed[f"entry {forged.pk}"]


def test_an_entry_without_the_databases_time_is_from_before(at: datetime) -> None:
    old = _entry()
    with direct_writes(), triggers_off():
        old.save(force_insert=True)
    seal_audit_log()
    assert _failed() == []
    assert b"written_at" not in old.canonical()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM log_checkpoint",
        "DELETE FROM log_checkpoint WHERE size = 1",
        "UPDATE log_checkpoint SET written_at = written_at - interval '1 hour' WHERE size = 1",
    ],
)
def test_checkpoints_that_were_removed_or_changed_are_missed(
    at: datetime, statement: str, django_capture_on_commit_callbacks: Any
) -> None:
    for number in range(3):
        make_role(actor=CLERK, at=at, name=f"role {number}")
        with django_capture_on_commit_callbacks(execute=True):
            seal_audit_log()
    assert _failed() == []
    with direct_writes(), triggers_off(), connection.cursor() as cursor:
        cursor.execute(statement)
    with django_capture_on_commit_callbacks(execute=True):
        seal_audit_log()
    failed = _failed()
    assert "the chain of checkpoints outside the database" in failed


def test_a_changed_key_of_rate_limits_is_reported(at: datetime) -> None:
    make_role(actor=replace(CLERK, address="203.0.113.7"), at=at, name="role")
    seal_audit_log()
    with direct_writes(), triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET rate_limit_key = '198.51.100.7'")
    assert _failed() == ["1 entries as they were written"]


def test_a_demonstration_may_tell_of_the_past_and_nothing_else_may(at: datetime) -> None:
    make_role(actor=CLERK, at=at - timedelta(days=20), name="of the story")
    with direct_writes():
        _entry(act="demo.loaded").save(force_insert=True)
    make_role(actor=CLERK, at=now(), name="today")
    seal_audit_log()
    assert _failed() == []
    make_role(actor=CLERK, at=at - timedelta(days=20), name="dated back afterwards")
    seal_audit_log()
    assert len(_failed()) == 2


def test_a_real_force_is_not_excused_by_loading_a_demonstration(at: datetime) -> None:
    real = _entry(id=_id_of(at - timedelta(days=90)), at=at - timedelta(days=90))
    with direct_writes(), triggers_off():
        real.save(force_insert=True)
    make_role(actor=CLERK, at=at - timedelta(days=20), name="dated back")
    with direct_writes():
        _entry(act="demo.loaded").save(force_insert=True)
    seal_audit_log()
    assert "the times of every entry agree" in _failed()


@contextmanager
def triggers_off() -> Iterator[None]:
    """Do in the block what a superuser could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def freeze_checkpoints(time: datetime) -> Iterator[None]:
    """Give the checkpoints that are made in the block another time of the database's."""
    yield
    with direct_writes(), triggers_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE log_checkpoint SET written_at = %s", [time])


def test_an_auditor_reads_the_record_of_their_own_force(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="ours")
    make_role(actor=replace(CLERK, force="43"), at=at, name="theirs")
    auditor = Actor.system("auditor", force="43", permissions={"audit.view"})
    page = audit_entries(actor=auditor, at=at)
    assert [entry.ref for entry in page.entries] == ["theirs"]
