"""Demonstration and production never mix: not the addresses, the databases or the sessions."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import signing
from pytest_django import Settings

from bluelamp.cli.errors import CannotStart
from bluelamp.cli.mode import (
    check_database_mode,
    record_instance,
    use_settings_of_instance,
)
from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.sessions import SessionStore
from tests.cast import account
from tests.cli.test_run import run
from tests.direct_writes import direct_writes

ROOT = Path(__file__).resolve().parents[2]
_SETTINGS = """
import json
from bluelamp import settings
print(json.dumps([settings.BLUELAMP_DEMO, settings.ALLOWED_HOSTS, settings.SECRET_KEY]))
"""


def read_settings(**environment: str) -> list[object]:
    """Return demo mode, allowed hosts and secret key in an environment with nothing else set."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("BLUELAMP_")}
    done = subprocess.run(
        [sys.executable, "-c", _SETTINGS],
        env={**inherited, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    values: list[object] = json.loads(done.stdout)
    return values


def test_it_works(tmp_path: Path) -> None:
    is_demo, hosts, key = read_settings(BLUELAMP_VAR=str(tmp_path))
    assert is_demo is False
    assert hosts == ["127.0.0.1", "localhost", "[::1]"]
    assert (tmp_path / "keys" / "secret-key").read_text() == key
    is_demo, hosts, demo_key = read_settings(BLUELAMP_VAR=str(tmp_path), BLUELAMP_DEMO="1")
    assert is_demo is True
    assert demo_key != key


@pytest.mark.parametrize(
    ("environment", "setting"),
    [
        ({"BLUELAMP_ORIGIN": "https://example.police.uk"}, "BLUELAMP_ORIGIN is https://example"),
        ({"BLUELAMP_ORIGIN": "https://localhost"}, "BLUELAMP_ORIGIN is https://localhost"),
        ({"BLUELAMP_ORIGIN": "http://192.0.2.1:8000"}, "BLUELAMP_ORIGIN is http://192.0.2.1"),
        ({"BLUELAMP_ORIGIN": "http://127.0.0.1.nip.io"}, "BLUELAMP_ORIGIN is http://127.0.0.1."),
        ({"BLUELAMP_ORIGIN": "http://["}, "BLUELAMP_ORIGIN is http://["),
        ({"BLUELAMP_HOSTS": "127.0.0.1,example.police.uk"}, "BLUELAMP_HOSTS has example.police"),
        ({"BLUELAMP_HOSTS": "*"}, "BLUELAMP_HOSTS has *"),
        ({"BLUELAMP_HOSTS": ".police.uk"}, "BLUELAMP_HOSTS has .police.uk"),
    ],
    ids=str,
)
def test_a_demonstration_has_no_public_address(
    tmp_path: Path, environment: dict[str, str], setting: str
) -> None:
    var = tmp_path / "var"
    base = {"BLUELAMP_ORIGIN": "", "DATABASE_URL": "", "BLUELAMP_DEMO": "1"}
    status, err = run(var, **(base | environment))
    assert (status, err.count("\n")) == (2, 1), err
    assert "The demonstration never serves a public address" in err
    assert setting in err
    assert not var.exists()


def test_no_program_takes_such_settings(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        read_settings(
            BLUELAMP_VAR=str(tmp_path), BLUELAMP_DEMO="1", BLUELAMP_ORIGIN="https://a.police.uk"
        )


@pytest.mark.django_db
def test_production_refuses_the_demonstration_force(settings: Settings) -> None:
    check_database_mode()
    for player in cast.STAFF:
        account(player)
    with pytest.raises(CannotStart, match="set BLUELAMP_VAR to a new folder"):
        check_database_mode()
    settings.BLUELAMP_DEMO = True
    check_database_mode()


@pytest.mark.django_db
def test_half_of_it_is_still_the_demonstration() -> None:
    for player in cast.STAFF:
        account(player)
    with direct_writes():
        User.objects.filter(username__in=["ada", "bilal", "femi"]).update(name="Somebody Else")
    with pytest.raises(CannotStart):
        check_database_mode()


@pytest.mark.django_db
def test_real_people_may_have_names_of_the_cast() -> None:
    account(cast.ADA)
    account(cast.DEV)
    check_database_mode()


@pytest.mark.django_db
def test_the_demonstration_refuses_real_records(settings: Settings) -> None:
    settings.BLUELAMP_DEMO = True
    check_database_mode()
    account(cast.ADA)
    with pytest.raises(CannotStart, match="not the demonstration's"):
        check_database_mode()


@pytest.mark.django_db
def test_a_session_of_the_other_mode_is_none(settings: Settings) -> None:
    """The settings give each mode a key of its own (`test_it_works`), here by hand."""
    session = SessionStore()
    session["somebody"] = "ada"
    with direct_writes():
        session.save()
    assert SessionStore(session.session_key).get("somebody") == "ada"
    token = signing.dumps({"upload": 1})
    settings.SECRET_KEY = f"{settings.SECRET_KEY}:demonstration"
    assert SessionStore(session.session_key).get("somebody") is None
    with pytest.raises(signing.BadSignature):
        signing.loads(token)


def test_verbs_work_in_the_mode_of_their_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BLUELAMP_DEMO", "BLUELAMP_ORIGIN"):
        monkeypatch.delenv(name, raising=False)
    use_settings_of_instance(tmp_path)
    assert "BLUELAMP_DEMO" not in os.environ
    record_instance(tmp_path, is_demo=True, origin="http://127.0.0.1:8010")
    use_settings_of_instance(tmp_path)
    assert os.environ["BLUELAMP_DEMO"] == "1"
    assert os.environ["BLUELAMP_ORIGIN"] == "http://127.0.0.1:8010"
    monkeypatch.setenv("BLUELAMP_DEMO", "0")
    use_settings_of_instance(tmp_path)
    assert os.environ["BLUELAMP_DEMO"] == "0", "the environment comes first"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"is_demo": true}', "\x00", "null"])
def test_a_damaged_note_of_the_mode_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.delenv("BLUELAMP_DEMO", raising=False)
    (tmp_path / "instance.json").write_text(content)
    use_settings_of_instance(tmp_path)
    assert "BLUELAMP_DEMO" not in os.environ


@pytest.mark.django_db
def test_the_demonstration_is_not_loaded_into_production(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bluelamp.cli import demo

    monkeypatch.setenv("BLUELAMP_VAR", str(tmp_path))
    monkeypatch.delenv("BLUELAMP_DEMO", raising=False)
    record_instance(tmp_path, is_demo=False, origin="https://example.police.uk")
    assert demo.main(["load"]) == 2
    assert "set BLUELAMP_VAR to a new folder" in capsys.readouterr().err
    monkeypatch.delenv("BLUELAMP_DEMO", raising=False)
