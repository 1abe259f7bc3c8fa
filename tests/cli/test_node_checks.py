"""A node that cannot do its work does not start, and says what is wrong in one sentence."""

import errno
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import TestCase
from pytest_django import Settings

from bluelamp.cli import audit as audit_cli
from bluelamp.cli.errors import CannotStart
from bluelamp.cli.node_checks import check_node
from bluelamp.cli.schema_checks import check_schema_is_complete, check_schema_is_not_newer
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.records.evidence.store import current_store
from tests.serving_role import acting_as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    """A folder of the node's own."""
    settings.BLUELAMP_VAR = tmp_path / "var"
    return tmp_path / "var"


def test_it_works() -> None:
    check_schema_is_not_newer()
    check_node()


def test_a_database_of_a_newer_version() -> None:
    with acting_as_owner():
        MigrationRecorder(connection).record_applied("kernel", "9999_from_the_future")
    with pytest.raises(CannotStart, match=r"kernel\.9999_from_the_future"):
        check_schema_is_not_newer()


def test_a_database_that_lacks_a_migration() -> None:
    with acting_as_owner():
        MigrationRecorder(connection).record_unapplied("kernel", "0002_log")
    with pytest.raises(CannotStart, match=r"lacks kernel\.0002_log"):
        check_schema_is_complete()


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_key_that_cannot_be_read(var: Path, content: bytes) -> None:
    log.signer("audit")
    (var / "keys" / "bluelamp-audit.key").write_bytes(content)
    with pytest.raises(CannotStart, match="signing keys"):
        check_node()


def test_a_folder_of_keys_that_is_none(var: Path) -> None:
    var.mkdir(parents=True)
    (var / "keys").write_text("")
    with pytest.raises(CannotStart, match="signing keys"):
        check_node()


def test_other_keys_than_those_that_signed(
    at: datetime, var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.sign_checkpoint(log="audit", at=at)
    check_node()
    (var / "keys" / "bluelamp-audit.key").unlink()
    with pytest.raises(CannotStart, match="Copy the folder"):
        check_node()
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert audit_cli.main(["restored", "--because", "The disk with the keys failed."]) == 0
    check_node()
    assert "another key" in capsys.readouterr().out


def test_a_store_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    check_node()
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(CannotStart, match="Read-only"):
        check_node()


def test_a_store_without_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bluelamp.foundation.kernel.transient.RESERVED_BYTES", 2**62)
    with pytest.raises(CannotStart, match="almost full"):
        check_node()


def test_the_probe_leaves_nothing_behind() -> None:
    check_node()
    assert not list(current_store().incoming_folder.glob(".probe*"))
