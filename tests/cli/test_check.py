"""`bluelamp check` finds each thing that is not fit for real data, and each that is."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from bluelamp.cli import check as cli
from bluelamp.cli.fitness import addresses, database, people, storage
from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import deactivate_account, set_roles
from tests.cast import INSTALLER, START, account
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder on another disk than temporary folders."""
    shared_memory = Path("/dev/shm")
    if not shared_memory.is_dir():
        pytest.skip("there is no second file system here")
    with tempfile.TemporaryDirectory(dir=shared_memory) as name:
        yield Path(name)


@pytest.fixture
def var(settings: Settings, tmp_path: Path) -> Path:
    """A folder of an instance's own."""
    settings.BLUELAMP_VAR = tmp_path / "var"
    (tmp_path / "var").mkdir(mode=0o700)
    return tmp_path / "var"


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    failed = [line for line in lines if line.startswith("FAIL  ")]
    assert last == f"{len(lines) - len(failed)} passed, {len(failed)} failed"
    assert any(
        line.startswith("FAIL  https: BLUELAMP_ORIGIN is http://testserver") for line in failed
    )
    assert "PASS  real data only" in lines


def test_only_all_of_it_is_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = {"one": "", "other": ""}
    monkeypatch.setattr(cli, "_checks", lambda: tuple((n, lambda n=n: checks[n]) for n in checks))
    assert cli.main([]) == 0
    checks["other"] = "it is broken. Mend it"
    assert cli.main([]) == 1
    assert capsys.readouterr().out.endswith(
        "PASS  one\nFAIL  other: it is broken. Mend it\n1 passed, 1 failed\n"
    )


@pytest.mark.parametrize(
    ("check", "fit", "unfit", "advice"),
    [
        (
            addresses.check_mode,
            {"BLUELAMP_DEMO": False},
            {"BLUELAMP_DEMO": True},
            "BLUELAMP_DEMO=0",
        ),
        (
            addresses.check_origin,
            {"BLUELAMP_ORIGIN": "https://example.police.uk"},
            {"BLUELAMP_ORIGIN": "http://example.police.uk"},
            "Put a proxy with TLS in front",
        ),
        (
            addresses.check_origin,
            {"BLUELAMP_ORIGIN": "https://example.police.uk"},
            {"BLUELAMP_ORIGIN": "https://localhost"},
            "which only this machine can open",
        ),
        (
            addresses.check_hosts,
            {"BLUELAMP_ORIGIN": "https://a.b.uk", "ALLOWED_HOSTS": ["a.b.uk"]},
            {"BLUELAMP_ORIGIN": "https://a.b.uk", "ALLOWED_HOSTS": ["c.uk"]},
            "lacks a.b.uk",
        ),
        (
            addresses.check_hosts,
            {"BLUELAMP_ORIGIN": "https://a.b.uk", "ALLOWED_HOSTS": [".b.uk"]},
            {"BLUELAMP_ORIGIN": "https://a.b.uk", "ALLOWED_HOSTS": ["a.b.uk", "*"]},
            "any name",
        ),
        (
            addresses.check_proxy,
            {"BLUELAMP_ORIGIN": "https://a.uk", "BLUELAMP_PROXY": True},
            {"BLUELAMP_ORIGIN": "https://a.uk", "BLUELAMP_PROXY": False},
            "Set BLUELAMP_PROXY=1",
        ),
        (
            addresses.check_messages,
            {"BLUELAMP_NOTIFY_URL": "https://notify.uk", "BLUELAMP_NOTIFY_KEY": "k"},
            {"BLUELAMP_NOTIFY_URL": "https://notify.uk", "BLUELAMP_NOTIFY_KEY": ""},
            "no message is sent",
        ),
        (
            addresses.check_messages,
            {"BLUELAMP_NOTIFY_URL": "https://notify.uk", "BLUELAMP_NOTIFY_KEY": "k"},
            {"BLUELAMP_NOTIFY_URL": "http://127.0.0.1:99", "BLUELAMP_NOTIFY_KEY": "k"},
            "a stand-in on this machine",
        ),
        (
            addresses.check_messages,
            {"BLUELAMP_NOTIFY_URL": "https://notify.uk", "BLUELAMP_NOTIFY_KEY": "k"},
            {"BLUELAMP_NOTIFY_URL": "http://notify.uk", "BLUELAMP_NOTIFY_KEY": "k"},
            "in the clear",
        ),
        (
            addresses.check_time_stamps,
            {"BLUELAMP_TSA_URL": "https://tsa.uk"},
            {"BLUELAMP_TSA_URL": ""},
            "Set BLUELAMP_TSA_URL",
        ),
        (
            addresses.check_time_stamps,
            {"BLUELAMP_TSA_URL": "https://tsa.uk"},
            {"BLUELAMP_TSA_URL": "http://localhost:3/"},
            "a stand-in",
        ),
        (
            addresses.check_provider,
            {"BLUELAMP_OIDC_ISSUER": ""},
            {"BLUELAMP_OIDC_ISSUER": "http://sso.police.uk"},
            "in the clear",
        ),
        (
            addresses.check_one_login,
            {"BLUELAMP_ONE_LOGIN_ISSUER": ""},
            {"BLUELAMP_ONE_LOGIN_ISSUER": "http://o.gov.uk", "BLUELAMP_ONE_LOGIN_KEY": "k"},
            "in the clear",
        ),
        (
            addresses.check_one_login,
            {"BLUELAMP_ONE_LOGIN_ISSUER": "https://o.gov.uk", "BLUELAMP_ONE_LOGIN_KEY": "k"},
            {"BLUELAMP_ONE_LOGIN_ISSUER": "https://o.gov.uk", "BLUELAMP_ONE_LOGIN_KEY": ""},
            "Set BLUELAMP_ONE_LOGIN_KEY_FILE",
        ),
        (
            addresses.check_store_address,
            {"BLUELAMP_S3_ENDPOINT": ""},
            {"BLUELAMP_S3_ENDPOINT": "http://s3.uk"},
            "in the clear",
        ),
    ],
)
def test_settings(
    settings: Settings, check: Any, fit: dict[str, Any], unfit: dict[str, Any], advice: str
) -> None:
    _set(settings, fit)
    assert check() == ""
    _set(settings, unfit)
    assert advice in check()


def test_invented_people_are_found() -> None:
    assert addresses.check_mode() == ""
    for player in cast.STAFF:
        account(player)
    assert "Start with a new database" in addresses.check_mode()


@pytest.mark.parametrize(
    ("host", "options", "is_fit"),
    [
        ("", {}, True),
        ("/run/postgresql", {}, True),
        ("127.0.0.1", {}, True),
        ("db.example.police.uk", {"sslmode": "verify-full"}, True),
        ("db.example.police.uk", {"sslmode": "require"}, False),
        ("db.example.police.uk", {}, False),
    ],
)
def test_database_connection(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    options: dict[str, str],
    is_fit: bool,
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", host)
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    assert (database.check_connection() == "") is is_fit


def test_the_embedded_database(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, var: Path
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", str(var / "postgres"))
    assert database.check_server() == ""
    (var / "postgres").mkdir()
    lines = ["1", str(var / "postgres"), "2", "5432", str(var / "postgres"), "", "", "ready"]
    (var / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    assert "Set DATABASE_URL" in database.check_server()


def test_the_folder(var: Path) -> None:
    assert storage.check_folder() == ""
    var.chmod(0o710)  # where root runs it, the database's own user passes through
    assert storage.check_folder() == ""
    for mode in (0o750, 0o701, 0o704, 0o720):
        var.chmod(mode)
        assert "chmod -R go-rwx" in storage.check_folder()


def test_the_disk_of_the_keys(settings: Settings, var: Path, other_disk: Path) -> None:
    assert "Mount a volume of its own" in storage.check_keys()
    (var / "keys").symlink_to(other_disk)
    assert storage.check_keys() == ""


def test_the_disk_of_the_checkpoint_files(settings: Settings, var: Path, other_disk: Path) -> None:
    settings.BLUELAMP_WITNESS = var / "witness"
    assert "Set BLUELAMP_WITNESS" in storage.check_checkpoint_files()
    settings.BLUELAMP_WITNESS = other_disk / "not" / "made" / "yet"
    assert storage.check_checkpoint_files() == ""


def test_the_backup(settings: Settings, tmp_path: Path) -> None:
    mark = settings.BLUELAMP_BACKUP_MARK = tmp_path / "mark"
    assert "touch" in storage.check_backup()
    mark.touch()
    assert storage.check_backup() == ""
    two_days_ago = time.time() - 48 * 3600
    os.utime(mark, (two_days_ago, two_days_ago))
    assert "48 hours ago" in storage.check_backup()


def test_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in storage.SECRETS:
        monkeypatch.delenv(name, raising=False)
    assert storage.check_secrets() == ""
    monkeypatch.setenv("BLUELAMP_NOTIFY_KEY", "k")
    assert "BLUELAMP_NOTIFY_KEY_FILE" in storage.check_secrets()
    monkeypatch.delenv("BLUELAMP_NOTIFY_KEY")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:s3cret@db/bluelamp")
    assert "DATABASE_URL_FILE" in storage.check_secrets()
    assert "s3cret" not in storage.check_secrets()
    monkeypatch.setenv("DATABASE_URL", "postgresql:///bluelamp?host=/run/postgresql")
    assert storage.check_secrets() == ""
    secret = tmp_path / "secret"
    secret.write_text("k")
    secret.chmod(0o600)
    monkeypatch.setenv("BLUELAMP_SECRET_KEY_FILE", str(secret))
    assert storage.check_secrets() == ""
    secret.chmod(0o640)
    assert f"chmod 600 {secret}" in storage.check_secrets()


def test_the_scanner(settings: Settings, clamd: str) -> None:
    settings.BLUELAMP_CLAMD = clamd
    assert storage.check_scanner() == ""


def test_no_scanner(settings: Settings, tmp_path: Path) -> None:
    settings.BLUELAMP_CLAMD = ""
    assert "Install clamd" in storage.check_scanner()
    settings.BLUELAMP_CLAMD = f"unix:{tmp_path}/none"
    assert "could not be reached" in storage.check_scanner()


def test_the_system_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "as root" in storage.check_user()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert storage.check_user() == ""


def test_an_administrator_with_a_passkey() -> None:
    ada = account(cast.ADA)
    assert "nobody can manage accounts" in people.check_administrator()
    set_roles(actor=INSTALLER, at=START, user_ref="ada", roles=("administrator",))
    assert people.check_administrator() == ""
    assert "has a passkey" in people.check_passkey()
    with direct_writes():
        Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={})
    assert people.check_passkey() == ""
    deactivate_account(actor=INSTALLER, at=START, user_ref="ada")
    assert "nobody can manage accounts" in people.check_administrator()
    assert "has a passkey" in people.check_passkey()


def test_each_check_says_what_to_do() -> None:
    for fitness in cli.check_fitness():
        if not fitness.passed:
            assert ". " in fitness.detail, f"{fitness.name} only says what is wrong"


def _set(settings: Settings, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
