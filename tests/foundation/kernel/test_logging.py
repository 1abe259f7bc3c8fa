"""What people searched for, and what is on record about them, is never logged."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from bluelamp.cli.run import GRANIAN
from bluelamp.foundation.kernel.terminal.logging import RedactQueryStrings

INSERT_TWICE = """
import sys
from pathlib import Path
import psycopg
from bluelamp.foundation.kernel.database import postgres
folder = Path(sys.argv[1])
with psycopg.connect(postgres.start(folder), autocommit=True) as connection:
    connection.execute("CREATE TABLE person (name text UNIQUE)")
    connection.execute("INSERT INTO person VALUES ('Esi Okafor')")
    try:
        connection.execute("INSERT INTO person VALUES ('Esi Okafor')")
    except psycopg.errors.UniqueViolation:
        print((folder / "log").read_text())
"""


def stderr_formatter() -> RedactQueryStrings:
    """Return the formatter of the lines on standard error."""
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    return next(f for f in formatters if isinstance(f, RedactQueryStrings))


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Not Found: /desk/search/?q=Esi+Okafor", "Not Found: /desk/search/?…"),
        ("from https://a.example/b?x=1&q=Esi to", "from https://a.example/b?… to"),
        ("'/desk/?q=Esi%20Okafor'", "'/desk/?…'"),
        ("Why? a=b", "Why? a=b"),
    ],
)
def test_it_works(message: str, line: str) -> None:
    record = logging.LogRecord("test", logging.WARNING, __file__, 1, message, None, None)
    assert stderr_formatter().format(record).endswith(f"WARNING test {line}")


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\x1b[2K"])
def test_nobody_can_forge_a_line(line_break: str) -> None:
    """ASVS 5.0, 16.4.1."""
    forged = "2026-11-27 09:00:00,000 ERROR django.security All is well"
    record = logging.LogRecord(
        "test", logging.WARNING, __file__, 1, "Not Found: %s", (f"/x{line_break}{forged}",), None
    )
    (line,) = stderr_formatter().format(record).splitlines()
    assert "\x1b" not in line
    try:
        raise ValueError(f"no such file: a{line_break}{forged}")
    except ValueError as error:
        details = (type(error), error, error.__traceback__)
    record = logging.LogRecord("test", logging.ERROR, __file__, 1, "A fault", None, details)
    first, *rest = stderr_formatter().format(record).splitlines()
    assert first.endswith("A fault")
    assert len(rest) > 3
    assert all(line.startswith("  | ") for line in rest)
    assert not any("\x1b" in line for line in rest)


@pytest.mark.django_db
def test_the_referring_page_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    referer = "https://elsewhere.example/search?q=Esi+Okafor"
    assert client.post("/sign-in/", secure=True, HTTP_REFERER=referer).status_code == 403
    [record] = [record for record in caplog.records if record.name == "django.security.csrf"]
    assert "Esi" in record.getMessage()
    assert "Esi" not in stderr_formatter().format(record)


@pytest.mark.django_db
def test_a_refused_request_is_no_warning(caplog: pytest.LogCaptureFixture, client: Client) -> None:
    """A stranger's wrong form, address or method writes no line; with BLUELAMP_LOG=INFO it does."""
    handler = next(
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, RedactQueryStrings)
    )
    statuses = [
        client.post("/api/v1/reports", "{}", "application/json").status_code,
        client.get("/no-such-page/").status_code,
        client.delete("/track/").status_code,
    ]
    assert statuses == [422, 404, 405]
    records = [record for record in caplog.records if record.name == "django.request"]
    assert [record.status_code for record in records] == statuses  # type: ignore[attr-defined]
    assert not any(handler.filter(record) for record in records)
    fault = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "A fault", None, None)
    fault.status_code = 500
    assert handler.filter(fault)
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    try:
        assert all(handler.filter(record) for record in records)
    finally:
        root.setLevel(before)
    assert {record.levelname for record in records} == {"INFO"}


def test_requests_are_not_logged() -> None:
    assert "--no-access-log" in GRANIAN


def test_the_embedded_database_does_not_log_refused_rows(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", INSERT_TWICE, str(tmp_path / "postgres")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "ERROR:  duplicate key value" in result.stdout
    assert "Esi" not in result.stdout
