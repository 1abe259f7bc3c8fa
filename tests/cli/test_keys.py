"""`bluelamp keys rotate`: a log goes over to another key, and everything still verifies."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import TestCase
from pytest_django import Settings

from bluelamp.cli import keys as cli
from bluelamp.cli.console import console_actor, system_user_name
from bluelamp.foundation.audit.commands import replace_log_key, seal_audit_log
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.audit.verifying import verify_audit_log
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.merkle_log import checkpoint_file, key_rotation, log
from bluelamp.foundation.kernel.merkle_log.checkpoint import Checkpoint, sign_checkpoint
from bluelamp.foundation.kernel.merkle_log.key_rotation import signer
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogKeyChange
from bluelamp.records.evidence.fsck import fsck
from bluelamp.records.evidence.published_keys import list_log_keys
from bluelamp.services.phone_files.commands import get_or_make_force_key
from bluelamp.services.phone_files.contents import keys_folder
from bluelamp.services.phone_files.keys import find_private_key
from tests.direct_writes import direct_writes
from tests.foundation.audit.test_acts import CLERK, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test keys of its own: other tests' logs are signed with those of the session."""
    settings.BLUELAMP_VAR = tmp_path / "var"
    monkeypatch.setattr(cli, "prepare", lambda: None)


@pytest.fixture(autouse=True)
def empty_record(db: None) -> None:
    """Empty the audit record and its log, past the triggers, until the test is rolled back."""
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in ("audit_auditentry", "log_stamp", "log_checkpoint", "log_node", "log_leaf"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def record(at: datetime, name: str) -> None:
    make_role(actor=CLERK, at=at, name=name)
    with TestCase.captureOnCommitCallbacks(execute=True):
        seal_audit_log()


def rotate(log_name: str = "audit", reason: str = "Kim left the service desk") -> int:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return cli.main(["rotate", log_name, "--because", reason])


def failed(checks: object) -> list[str]:
    return [str(check) for check in checks if not check.passed]  # type: ignore[attr-defined]


def test_it_works(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    record(now(), "one")
    old, last = signer("audit"), LogCheckpoint.objects.latest("size")
    assert rotate() == 0
    new = signer("audit")
    assert str(new.verifier) != str(old.verifier)
    assert str(new.verifier) in capsys.readouterr().out
    assert not list((Path(settings.BLUELAMP_VAR) / "keys").glob("*next*"))
    entry = AuditEntry.objects.get(act="audit.log_key_replaced")
    assert (entry.reason, entry.ref) == ("Kim left the service desk", "audit")
    assert entry.actor_name == f"console ({system_user_name()})"
    assert entry.detail["old_key"] == str(old.verifier)
    record(now(), "two")
    assert failed(verify_audit_log()) == []
    newest = LogCheckpoint.objects.latest("size")
    assert newest.size > last.size
    saved = checkpoint_file.latest(key=new.verifier)
    assert saved
    assert saved.size == newest.size
    # a second change after the first
    assert rotate() == 0
    record(now(), "three")
    assert failed(verify_audit_log()) == []
    assert cli.main(["list"]) == 0
    listed = capsys.readouterr().out
    assert re.search(r"up to \d+ entries(?s:.*)up to \d+ entries(?s:.*)today's key", listed)


def test_the_old_key_signs_nothing_any_more() -> None:
    """A thief of the old key cannot seal what comes after the change."""
    record(now(), "one")
    old = signer("audit")
    rotate()
    record(now(), "two")
    newest = LogCheckpoint.objects.latest("size")
    forged = sign_checkpoint(
        Checkpoint(origin=old.name, size=newest.size, root=bytes(newest.root)), key=old
    )
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE log_checkpoint SET note = %s WHERE log = 'audit' AND size = %s",
            [forged, newest.size],
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    assert any("None of the known keys" in fault for fault in failed(verify_audit_log()))


def test_a_change_of_key_that_is_gone_or_forged_is_noticed() -> None:
    record(now(), "one")
    rotate()
    record(now(), "two")
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE log_key_change SET note = replace(note, 'key change', 'key Change')")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert any("keys of the log" in fault for fault in failed(verify_audit_log()))
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM log_key_change")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert failed(verify_audit_log())


def test_continuity_goes_over_too_and_the_list_says_so() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        cli.main(["rotate", "continuity", "--because", "A year is over"])
    newest = list_log_keys()[0]
    assert newest.key == str(signer("continuity").verifier)
    assert newest.valid_until is None
    assert failed(fsck()) == []


def test_a_change_that_was_cut_off_is_finished_by_the_next_seal(settings: Settings) -> None:
    record(now(), "one")
    old = signer("audit")
    # killed between the commit and the files: what runs on the commit does not run
    replace_log_key(actor=console_actor({"audit.seal"}), at=now(), log_name="audit")
    folder = Path(settings.BLUELAMP_VAR) / "keys"
    change = LogKeyChange.objects.get(log="audit")
    assert change.old_key == str(old.verifier)
    record(now(), "two")
    assert str(signer("audit").verifier) == change.new_key
    assert not list(folder.glob("*next*"))
    assert failed(verify_audit_log()) == []


def test_a_change_that_was_rolled_back_leaves_the_old_key() -> None:
    record(now(), "one")
    old = signer("audit")
    new_path = key_rotation._next_path("audit")
    key_rotation.write_key(new_path, Ed25519PrivateKey.generate())
    record(now(), "two")
    assert str(signer("audit").verifier) == str(old.verifier)
    assert not new_path.exists()
    assert failed(verify_audit_log()) == []


def test_a_node_that_has_the_old_key_seals_nothing(settings: Settings) -> None:
    record(now(), "one")
    path = key_rotation.key_path(Path(settings.BLUELAMP_VAR) / "keys", "bluelamp/audit")
    old = path.read_bytes()
    rotate()
    path.unlink()
    path.write_bytes(old)
    with pytest.raises(log.LogBroken, match="copy its keys to this one"):
        record(now(), "two")


def test_a_log_that_was_changed_gets_no_new_key(capsys: pytest.CaptureFixture[str]) -> None:
    record(now(), "one")
    old = signer("audit")
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE log_leaf SET leaf_hash = %s WHERE log = 'audit'", [bytes(32)])
        cursor.execute("UPDATE log_node SET hash = %s WHERE log = 'audit'", [bytes(32)])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert rotate() == 1
    assert "Nothing was replaced" in capsys.readouterr().out
    assert str(signer("audit").verifier) == str(old.verifier)


def test_a_reason_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["rotate", "audit", "--because", " "])
    assert stopped.value.code == 2
    assert "--because is empty" in capsys.readouterr().err


def test_the_key_of_files_from_phones(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list"]) == 0
    assert "phone-files: none yet" in capsys.readouterr().out
    first = get_or_make_force_key(force="01", at=now())
    assert rotate("phone-files") == 0
    second = get_or_make_force_key(force="01", at=now())
    assert second.id != first.id
    assert second.id in capsys.readouterr().out
    entry = AuditEntry.objects.get(act="phone_file.key_made", ref=second.id)
    assert entry.reason == "Kim left the service desk"
    # What was saved for the first can still be read.
    assert find_private_key(keys_folder(), first.id) is not None
    assert cli.main(["list"]) == 0
    assert f"{second.id}, today's key" in capsys.readouterr().out


def test_a_node_without_the_key_of_files_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    key = get_or_make_force_key(force="01", at=now())
    (keys_folder() / f"phone-file-{key.id}.pem").unlink()
    assert cli.main(["list"]) == 1
    assert f"copy keys/phone-file-{key.id}.pem to it" in capsys.readouterr().out
