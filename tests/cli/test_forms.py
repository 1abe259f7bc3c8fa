"""`bluelamp forms` checks, previews and loads question sets."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bluelamp.cli import forms as cli
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.models import QuestionSetVersion
from bluelamp.foundation.kernel.clock import london_now
from tests.foundation.forms.sets import JOURNEY, lost_property

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A question set's file."""
    path = tmp_path / "lost-property.yaml"
    path.write_text(lost_property().content, encoding="utf-8")
    return path


def test_it_works(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(file)]) == 0
    assert capsys.readouterr().out == "1 question on 1 page: no problems\n"


@pytest.mark.parametrize("name", ["lost-dog", "lost-property"])
def test_the_examples_of_the_guide(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(ROOT / "docs" / "examples" / f"{name}.yaml")]) == 0
    assert "no problems" in capsys.readouterr().out


def test_missing_translations(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    translation = '"What did you lose?": "Beth golloch chi?"'
    file.with_suffix(".cy.yaml").write_text(translation, encoding="utf-8")
    assert cli.main(["check", str(file)]) == 0
    out = capsys.readouterr().out
    assert "cy: 3 sentences have no translation:\n  Report lost property\n" in out
    assert "What did you lose?" not in out


def test_many_missing_translations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first few show what is meant; all of them are a list to work through."""
    path = tmp_path / "journey.yaml"
    path.write_text(JOURNEY.content, encoding="utf-8")
    path.with_suffix(".cy.yaml").write_text('"What is your name?": "Eich enw?"', encoding="utf-8")
    assert cli.main(["check", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (len(lines), "and " in lines[-1], "--all" in lines[-1]) == (8, True, True)
    assert cli.main(["check", "--all", str(path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 20


def test_each_problem_has_its_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(lost_property().content.replace("type: text", "type: txt"), encoding="utf-8")
    for verb in ("check", "preview", "load"):
        assert cli.main([verb, str(file)]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        message = "line 12: `txt` is no type; did you mean `text`?"
        assert captured.err == f"{file}, {message}\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xff", "is not a text file in UTF-8"), (b"x" * 5_000_000, "is too large")],
    ids=["bytes", "large"],
)
def test_what_cannot_be_read(
    content: bytes, sentence: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(content)
    assert cli.main(["check", str(file)]) == 2
    assert sentence in capsys.readouterr().err


def test_there_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(tmp_path / "a\x1b[2J.yaml")]) == 2
    assert capsys.readouterr().err == f"There is no file {tmp_path}/a\\x1b[2J.yaml.\n"
    assert cli.main(["check", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_preview_prints_every_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "journey.yaml"
    path.write_text(JOURNEY.content, encoding="utf-8")
    assert cli.main(["preview", str(path)]) == 0
    out = capsys.readouterr().out
    assert "== Vehicles (for each vehicle, 2 at most)" in out
    assert "Email address  [email: email] (only if by is email)" in out
    assert "[ ] Red" in out
    assert "becomes applicant.name" in out
    for page in JOURNEY.question_set.pages:
        assert f"[{page.id}]" in out


@pytest.mark.django_db
def test_load(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    today = london_now().date()
    assert cli.main(["load", str(file), "--from", today.isoformat()]) == 0
    out = capsys.readouterr().out
    assert out == f"lost-property version 1, in force from {today:%-d %B %Y}\n"
    row = QuestionSetVersion.objects.get(name="lost-property")
    assert (row.in_force_from, row.loaded_by[:9]) == (today, "console (")
    assert AuditEntry.objects.filter(act="form.set_loaded").exists()
    # Loaded again, it is still in force.
    assert cli.main(["load", str(file)]) == 0
    assert capsys.readouterr().out == out
    changed = lost_property(question="What is gone?")
    file.write_text(changed.content, encoding="utf-8")
    assert cli.main(["load", str(file)]) == 2
    assert "has been loaded with other content. Give the file a new version." in (
        capsys.readouterr().err
    )


@pytest.mark.django_db
def test_load_from_a_day_that_is_over(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["load", str(file), "--from", "2020-01-01"]) == 2
    assert capsys.readouterr().err == "--from: Date must be today or in the future.\n"
    assert not QuestionSetVersion.objects.filter(name="lost-property").exists()


def test_a_preview_to_click_through(file: Path, tmp_path: Path) -> None:
    """It needs no database and no instance, and leaves nothing behind."""
    translation = '"What did you lose?": "Beth golloch chi?"'
    file.with_suffix(".cy.yaml").write_text(translation, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": "", "TMPDIR": str(tmp_path)}
    environment.pop("BLUELAMP_VAR")
    command = [sys.executable, "-m", "bluelamp.cli", "forms", "preview", str(file)]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs, as some run the tests, ignore the signal of Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout
        assert process.stdout.readline().startswith(f"ready: http://127.0.0.1:{port}/")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/pages/what/")
        answer = connection.getresponse()
        assert (answer.status, "What did you lose?" in answer.read().decode()) == (200, True)
        connection.request("GET", "/reference/places/?q=SE15")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b'{"results": []}')
        connection.request("GET", "/cy/pages/what/")
        answer = connection.getresponse()
        page = answer.read().decode()
        assert (answer.status, "Beth golloch chi?" in page, "/cy/pages/what/" in page) == (
            (200, True, True)
        )
        # An edit shows at the next request, and so does a slip.
        content = file.read_text("utf-8")
        file.with_suffix(".cy.yaml").unlink()
        file.write_text(content.replace("What did you lose?", "What is gone?"), "utf-8")
        connection.request("GET", "/pages/what/")
        assert "What is gone?" in connection.getresponse().read().decode()
        file.write_text(content.replace("type: text", "type: txt"), "utf-8")
        connection.request("GET", "/pages/what/")
        answer = connection.getresponse()
        assert (answer.status, "line 12: `txt` is no type" in answer.read().decode()) == (400, True)
        file.write_text(content, "utf-8")
        connection.request("GET", "/nothing/")
        assert connection.getresponse().status == 404
    finally:
        process.send_signal(signal.SIGINT)
        try:
            _out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, err) == (130, "")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and list(tmp_path.glob("bluelamp-preview-*")):
        time.sleep(0.05)
    assert not list(tmp_path.glob("bluelamp-preview-*"))
