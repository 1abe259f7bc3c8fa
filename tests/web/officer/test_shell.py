"""The built app as the server sends it."""

import gzip
from pathlib import Path

import pytest
from django.test import Client

from bluelamp.web.officer import shell

# On a line of 60 kbit/s that is 20 seconds.
SHELL_LIMIT_BYTES = 150_000
PAGE = b'<!doctype html><script type="module" src="/officer/assets/index-abc.js"></script>'


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built app, as small as possible."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_bytes(PAGE)
    (dist / "sw.js").write_text("// policy")
    (dist / "assets" / "index-abc.js").write_text("// app")
    (dist / "assets" / "index-abc.css").write_text("body {}")
    (dist / "manifest.webmanifest").write_text("{}")
    (dist / "lamp.svg").write_text("<svg/>")
    (tmp_path / "secret").write_text("not of the app")
    monkeypatch.setattr(shell, "DIST", dist)
    return dist


def test_it_works(built: Path, db: None) -> None:
    answer = Client().get("/officer/")
    assert answer.content == PAGE
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "camera=(self)" in answer["Permissions-Policy"]
    # For dictation. No other page may have the microphone.
    assert "microphone=(self)" in answer["Permissions-Policy"]
    assert "microphone=()" in Client().get("/report/")["Permissions-Policy"]


@pytest.mark.parametrize(
    ("path", "kind", "cache"),
    [
        ("sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("assets/index-abc.js", "text/javascript; charset=utf-8", "immutable"),
        ("assets/index-abc.css", "text/css; charset=utf-8", "immutable"),
        ("manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("lamp.svg", "image/svg+xml", "no-cache"),
    ],
)
def test_a_file_has_its_type_and_cache_lifetime(
    built: Path, path: str, kind: str, cache: str
) -> None:
    answer = Client().get(f"/officer/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert cache in answer["Cache-Control"]


def test_the_service_worker_controls_the_whole_app(built: Path) -> None:
    assert Client().get("/officer/sw.js")["Service-Worker-Allowed"] == "/officer/"


def test_an_unchanged_file_is_not_sent_again(built: Path) -> None:
    first = Client().get("/officer/")
    again = Client().get("/officer/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    (built / "index.html").write_bytes(PAGE + b" ")
    assert Client().get("/officer/", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "path", ["../secret", "..%2fsecret", "assets", "assets/../../secret", "nothing.js"]
)
def test_nothing_else_is_served(built: Path, db: None, path: str) -> None:
    assert Client().get(f"/officer/{path}").status_code == 404


def test_an_app_that_is_not_built_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shell, "DIST", tmp_path)
    answer = Client().get("/officer/")
    assert answer.status_code == 503
    assert b"make run" in answer.content


def test_a_file_is_compressed(built: Path) -> None:
    text = "// as good as any\n" * 100
    (built / "assets" / "index-abc.js").write_text(text)
    plain = Client().get("/officer/assets/index-abc.js")
    short = Client().get("/officer/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
    assert plain.content == gzip.decompress(short.content) == text.encode()
    assert short["Vary"] == "Accept-Encoding"


@pytest.mark.skipif(not (shell.DIST / "index.html").is_file(), reason="`make build` builds the app")
def test_the_built_app_is_small_enough_for_a_bad_line() -> None:
    files = [file for file in shell.DIST.rglob("*") if file.is_file()]
    paths = [file.relative_to(shell.DIST).as_posix() for file in files]
    answers = [
        Client().get(f"/officer/{path}", headers={"Accept-Encoding": "gzip"}) for path in paths
    ]
    assert sum(len(answer.content) for answer in answers) < SHELL_LIMIT_BYTES
