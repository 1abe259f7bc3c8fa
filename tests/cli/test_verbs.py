"""Every verb answers wrong input, and a missing instance, with one plain sentence and status 2."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERBS_WITH_DATABASE = (
    ("demo", "story"),
    ("casefile", "export", "01/0000001/26", "--to", "out"),
    ("evidence", "fsck"),
    ("audit", "verify"),
    ("events", "failed"),
    ("events", "retry", "--all"),
    ("account", "list"),
    ("account", "deactivate", "ada"),
    ("check",),
)


def bluelamp(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Return the status, and what was err on stdout and on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "bluelamp.cli", *arguments],
        env={**os.environ, "DATABASE_URL": "", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (("frob",), "VERB cannot be 'frob'"),
        (("legacy", "import", "old.csv", "--mapping", "m"), "VERB cannot be 'legacy'"),
        (("export", "out"), "VERB cannot be 'export'"),
        (("import", "out"), "VERB cannot be 'import'"),
        (("demo",), "verb is missing"),
        (("casefile",), "verb, REF, --to is missing"),
        (("casefile", "export", "01/0000001/26", "--to"), "--to needs a value"),
        (("casefile", "export", "01/0000001/26", "--to", ""), "--to is empty"),
        (("evidence", "frob"), "verb cannot be 'frob'"),
        (("evidence", "verify"), "PATH is missing"),
        (("evidence", "verify", ""), "PATH is empty"),
        (("evidence", "verify", "x" * 5000), "cannot be read (File name too long)"),
        (("evidence", "verify", "no\nsuch\x1b[2J"), r"There is no package at no\nsuch\x1b[2J."),
        (("evidence", "fsck", "now"), "now is not known here"),
        (("audit", "frob"), "verb cannot be 'frob'"),
        (("account",), "verb is missing"),
        (("account", "open", "jfox", "--name", "Jo Fox"), "--role is missing"),
        (("account", "frob", "ada"), "verb cannot be 'frob'"),
        (("check", "now"), "now is not known here"),
        (("forms", "frob"), "verb cannot be 'frob'"),
        (("forms", "check"), "FILE is missing"),
        (("forms", "check", ""), "FILE is empty"),
        (("forms", "check", "no\nsuch"), r"There is no file no\nsuch."),
        (("forms", "load", "x.yaml", "--from", "soon"), "'soon' is not a date like 2027-03-01"),
        (("forms", "preview", "x.yaml", "--port", "http"), "--port: 'http' is not a port"),
        (("events", "retry"), "ID --all is required"),
        (("events", "retry", "nope"), "ID"),
        (("bench", "nope", "--json"), "name cannot be 'nope'"),
        (("run", "--port", "http"), "--port: 'http' is not a port"),
        (("run", "--workers", "none"), "--workers: 'none' is not a number of processes"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_wrong_input(arguments: tuple[str, ...], place: str, tmp_path: Path) -> None:
    var = tmp_path / "var"
    status, out, err = bluelamp(*arguments, BLUELAMP_VAR=str(var))
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert place in err
    assert not var.exists()


@pytest.mark.parametrize("arguments", VERBS_WITH_DATABASE, ids=" ".join)
def test_an_instance_that_is_not_there_is_not_made(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    var = tmp_path / "mistyped"
    status, out, err = bluelamp(*arguments, BLUELAMP_VAR=str(var))
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith(f"There is no Bluelamp in {var}")
    assert not var.exists()


@pytest.mark.parametrize("arguments", VERBS_WITH_DATABASE, ids=" ".join)
def test_a_database_that_does_not_answer(arguments: tuple[str, ...], tmp_path: Path) -> None:
    address = "postgresql://nobody:s3cret@127.0.0.1:1/none"
    status, out, err = bluelamp(*arguments, BLUELAMP_VAR=str(tmp_path), DATABASE_URL=address)
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert "The database does not answer" in err
    assert "s3cret" not in err


def test_a_database_without_our_tables(tmp_path: Path) -> None:
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    status, out, err = bluelamp("audit", "verify", BLUELAMP_VAR=str(tmp_path), DATABASE_URL=address)
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert "does not have this version's tables yet" in err


@pytest.mark.parametrize(
    ("name", "value"),
    [("BLUELAMP_THREADS", "two"), ("BLUELAMP_UPLOAD_LIMIT", "-1"), ("BLUELAMP_DEMO", "perhaps")],
)
def test_a_setting_that_cannot_be(name: str, value: str, tmp_path: Path) -> None:
    status, out, err = bluelamp(
        "audit",
        "verify",
        BLUELAMP_VAR=str(tmp_path),
        DATABASE_URL="postgresql://x",
        **{name: value},
    )
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith(f"{name} must be")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    var = tmp_path / "file" / "var"
    status, out, err = bluelamp(
        "audit", "verify", BLUELAMP_VAR=str(var), DATABASE_URL="postgresql://x"
    )
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert str(tmp_path / "file") in err


def test_a_reader_that_stops_reading(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m bluelamp.cli evidence verify {tmp_path} | true",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
