"""The checkpoint file outside the database: it shows a removed tail and a restored backup."""

from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import TestCase
from pytest_django import Settings

from bluelamp.cli import audit as cli
from bluelamp.cli.console import system_user_name
from bluelamp.foundation.audit.commands import seal_audit_log
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.audit.verifying import verify_audit_log
from bluelamp.foundation.kernel.merkle_log import checkpoint_file, log
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint
from bluelamp.records.evidence.fsck import fsck
from tests.direct_writes import direct_writes
from tests.foundation.audit.test_acts import CLERK, make_role

pytestmark = pytest.mark.django_db
NAME = "the checkpoint file outside the database"


def seal(at: datetime, *roles: str) -> LogCheckpoint:
    """Record some acts and seal them, committed."""
    for name in roles:
        make_role(actor=CLERK, at=at, name=name)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return seal_audit_log()


def remove_after(size: int) -> None:
    """Cut a log back to its first entries, past the triggers, with everything built on the rest."""
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what a superuser could do
        removed = "SELECT entry_id FROM log_leaf WHERE log = 'audit' AND index >= %s"
        cursor.execute(f"DELETE FROM audit_auditentry WHERE id IN ({removed})", [size])
        cursor.execute("DELETE FROM log_leaf WHERE log = 'audit' AND index >= %s", [size])
        cursor.execute(
            "DELETE FROM log_node WHERE log = 'audit' AND (index + 1) << level > %s", [size]
        )
        cursor.execute("DELETE FROM log_checkpoint WHERE log = 'audit' AND size > %s", [size])
        cursor.execute("SET session_replication_role = DEFAULT")


def failed_checks() -> dict[str, str]:
    return {check.name: check.detail for check in verify_audit_log() if not check.passed}


def checkpoint_path(settings: Settings) -> Path:
    return next(Path(settings.BLUELAMP_WITNESS).glob("bluelamp-audit+????????"))


def test_it_works(at: datetime, settings: Settings) -> None:
    first = seal(at, "one", "two", "three")
    assert checkpoint_path(settings).read_text() == first.note
    second = seal(at, "four")
    assert checkpoint_path(settings).read_text() == second.note
    check = next(check for check in verify_audit_log() if check.name == NAME)
    assert check.passed
    assert check.detail.startswith("4 entries; ")
    assert "kept from 3 entries on" in check.detail


def test_at_first_there_is_no_checkpoint_file(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="one")
    check = next(check for check in verify_audit_log() if check.name == NAME)
    assert (check.passed, check.detail) == (
        True,
        "there is none yet: the next seal writes it",
    )
    assert next(check for check in fsck() if check.name == NAME).passed


def test_a_removed_tail_is_noticed(at: datetime) -> None:
    seal(at, "one", "two", "three")
    seal(at, "four", "five")
    remove_after(3)
    assert list(failed_checks()) == [NAME, "the chain of checkpoints outside the database"]
    assert "has 3 entries and its checkpoint file says 5" in failed_checks()[NAME]
    with pytest.raises(log.LogBroken, match="its checkpoint file says 5"):
        seal(at)
    assert cli.main(["verify"]) == 1


def test_a_replaced_tail_is_noticed(at: datetime) -> None:
    seal(at, "one", "two", "three")
    seal(at, "four", "five")
    remove_after(3)
    with pytest.raises(log.LogBroken, match="not those that its checkpoint file"):
        seal(at, "instead", "of", "those")
    assert "not those that its checkpoint file" in failed_checks()[NAME]


def test_a_smaller_checkpoint_is_not_saved(at: datetime, settings: Settings) -> None:
    smaller = seal(at, "one")
    larger = seal(at, "two")
    checkpoint_file.save(note=smaller.note.encode(), key=log.signer("audit").verifier, at=at)
    assert checkpoint_path(settings).read_text() == larger.note


@pytest.mark.parametrize("content", [b"", b"bluelamp/audit\n99\n", b"\xff"])
def test_a_changed_checkpoint_file_is_reported(
    at: datetime, settings: Settings, content: bytes
) -> None:
    seal(at, "one")
    checkpoint_path(settings).write_bytes(content)
    assert "cannot be read" in failed_checks()[NAME]
    with pytest.raises(log.LogBroken, match="cannot be read"):
        seal(at, "two")
    assert checkpoint_path(settings).read_bytes() == content


def test_a_seal_that_is_not_committed_is_not_saved(at: datetime, settings: Settings) -> None:
    make_role(actor=CLERK, at=at, name="one")
    seal_audit_log()
    assert not list(Path(settings.BLUELAMP_WITNESS).glob("bluelamp-audit+????????"))


def test_a_restored_database_is_accepted_with_a_reason(
    at: datetime, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    seal(at, "one", "two", "three")
    lost = seal(at, "four", "five")
    remove_after(3)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert cli.main(["restored", "--because", "the disk failed; Tuesday's backup"]) == 0
    output = capsys.readouterr().out
    assert "audit: set aside. The audit log has 3 entries and its checkpoint file says 5" in output
    assert "continuity: agrees with its checkpoint file" in output
    entry = AuditEntry.objects.get(act="audit.witness_answered", ref="audit")
    assert entry.reason == "the disk failed; Tuesday's backup"
    assert entry.actor_name == f"console ({system_user_name()})"
    assert failed_checks() == {}
    check = next(check for check in verify_audit_log() if check.name == NAME)
    assert "the disk failed; Tuesday's backup" in check.detail
    archived = list(checkpoint_path(settings).parent.glob("bluelamp-audit+*.2*"))
    assert [path.read_text() for path in archived] == [lost.note]
    seal(at, "six")
    assert failed_checks() == {}


def test_accepting_when_nothing_was_restored_changes_nothing(
    at: datetime, settings: Settings
) -> None:
    before = seal(at, "one")
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert cli.main(["restored", "--because", "a try"]) == 0
    assert [
        path.name for path in checkpoint_path(settings).parent.glob("bluelamp-audit+*.2*")
    ] == []
    assert checkpoint_path(settings).read_text() != before.note
    with pytest.raises(SystemExit):
        cli.main(["restored", "--because", " "])
