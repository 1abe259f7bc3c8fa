"""What stands outside the database: a removed tail shows, and a restored database is gone on with
by saying so.
"""

from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import TestCase
from pytest_django import Settings

from bluelamp.cli import audit as cli
from bluelamp.foundation.audit.commands import seal_audit
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.audit.queries import verify
from bluelamp.foundation.kernel import log, witness
from bluelamp.foundation.kernel.log_models import LogCheckpoint
from bluelamp.records.evidence.queries import fsck
from tests.foundation.audit.test_acts import CLERK, make_role

pytestmark = pytest.mark.django_db
NAME = "the witness outside the database"


def seal(at: datetime, *roles: str) -> LogCheckpoint:
    """Record some acts and seal them, committed."""
    for name in roles:
        make_role(actor=CLERK, at=at, name=name)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return seal_audit()


def remove_after(size: int) -> None:
    """Take a log back to its first entries past the triggers, with everything that stood over the
    rest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what a superuser could do
        gone = "SELECT entry_id FROM log_leaf WHERE log = 'audit' AND index >= %s"
        cursor.execute(f"DELETE FROM audit_auditentry WHERE id IN ({gone})", [size])
        cursor.execute("DELETE FROM log_leaf WHERE log = 'audit' AND index >= %s", [size])
        cursor.execute(
            "DELETE FROM log_node WHERE log = 'audit' AND (index + 1) << level > %s", [size]
        )
        cursor.execute("DELETE FROM log_checkpoint WHERE log = 'audit' AND size > %s", [size])
        cursor.execute("SET session_replication_role = DEFAULT")


def failed() -> dict[str, str]:
    return {check.name: check.detail for check in verify() if not check.passed}


def kept(settings: Settings) -> Path:
    return next(Path(settings.BLUELAMP_WITNESS).rglob("audit"))


def test_it_works(at: datetime, settings: Settings) -> None:
    first = seal(at, "one", "two", "three")
    assert kept(settings).read_text() == first.note
    second = seal(at, "four")
    assert kept(settings).read_text() == second.note
    check = next(check for check in verify() if check.name == NAME)
    assert check.passed
    assert check.detail.startswith("4 entries; ")
    assert "kept from 3 entries on" in check.detail


def test_a_first_start_says_that_nothing_was_kept_so_far(at: datetime) -> None:
    make_role(actor=CLERK, at=at, name="one")
    check = next(check for check in verify() if check.name == NAME)
    assert (check.passed, check.detail) == (
        True,
        "nothing was kept so far: it begins with the next seal",
    )
    assert next(check for check in fsck() if check.name == NAME).passed


def test_a_removed_tail_shows(at: datetime) -> None:
    seal(at, "one", "two", "three")
    seal(at, "four", "five")
    remove_after(3)
    assert list(failed()) == [NAME]
    assert "has 3 entries and its witness saw 5" in failed()[NAME]
    with pytest.raises(log.LogBroken, match="its witness saw 5"):
        seal(at)
    assert cli.main(["verify"]) == 1


def test_a_removed_tail_shows_when_others_grew_in_its_place(at: datetime) -> None:
    seal(at, "one", "two", "three")
    seal(at, "four", "five")
    remove_after(3)
    with pytest.raises(log.LogBroken, match="not those its witness saw"):
        seal(at, "instead", "of", "those")
    assert "not those its witness saw" in failed()[NAME]


def test_what_is_kept_never_gets_smaller(at: datetime, settings: Settings) -> None:
    smaller = seal(at, "one")
    larger = seal(at, "two")
    witness.keep(log="audit", note=smaller.note.encode(), key=log.signer("audit").verifier, at=at)
    assert kept(settings).read_text() == larger.note


@pytest.mark.parametrize("content", [b"", b"bluelamp/audit\n99\n", b"\xff"])
def test_a_file_that_somebody_wrote_in_is_not_believed(
    at: datetime, settings: Settings, content: bytes
) -> None:
    seal(at, "one")
    kept(settings).write_bytes(content)
    assert "cannot be read" in failed()[NAME]
    with pytest.raises(log.LogBroken, match="cannot be read"):
        seal(at, "two")
    assert kept(settings).read_bytes() == content


def test_a_seal_that_is_not_committed_is_not_witnessed(at: datetime, settings: Settings) -> None:
    make_role(actor=CLERK, at=at, name="one")
    seal_audit()
    assert not list(Path(settings.BLUELAMP_WITNESS).rglob("audit"))


def test_a_restored_database_is_gone_on_with_by_saying_so(
    at: datetime, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    seal(at, "one", "two", "three")
    lost = seal(at, "four", "five")
    remove_after(3)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert cli.main(["restored", "--because", "the disk failed; Tuesday's backup"]) == 0
    said = capsys.readouterr().out
    assert "audit: set aside. The audit log has 3 entries and its witness saw 5" in said
    assert "continuity: agrees with its witness" in said
    entry = AuditEntry.objects.get(act="audit.witness_answered", ref="audit")
    assert entry.why == "the disk failed; Tuesday's backup"
    assert failed() == {}
    check = next(check for check in verify() if check.name == NAME)
    assert "the disk failed; Tuesday's backup" in check.detail
    aside = list(kept(settings).parent.glob("audit.2*"))
    assert [path.read_text() for path in aside] == [lost.note]
    seal(at, "six")
    assert failed() == {}


def test_saying_so_for_nothing_changes_nothing(at: datetime, settings: Settings) -> None:
    before = seal(at, "one")
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert cli.main(["restored", "--because", "a try"]) == 0
    assert [path.name for path in kept(settings).parent.glob("audit.2*")] == []
    assert kept(settings).read_text() != before.note
    with pytest.raises(SystemExit):
        cli.main(["restored", "--because", " "])
