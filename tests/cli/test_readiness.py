"""A start waits for as long as its web server lives, and says what for."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.instance import free_port
from bluelamp.cli import readiness
from bluelamp.cli.readiness import wait_until_ready
from bluelamp.cli.supervisor import Supervisor

NOT_READY = {"database": True, "queue": False, "store": False, "worker": False}


class Web(ThreadingHTTPServer):
    """A web server that answers /readyz as told, one answer after the other."""

    answers: list[tuple[int, bytes]]


class _Answer(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        assert self.path == "/readyz"
        status, body = self.server.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None: ...


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web(("127.0.0.1", 0), _Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """A supervisor whose web process lives."""
    supervisor = Supervisor()
    supervisor.start("web", [sys.executable, "-c", "import time; time.sleep(600)"])
    yield supervisor
    supervisor.stop()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said meanwhile: each time that there is something to wait for."""
    monkeypatch.setattr(readiness, "_REPORT_INTERVAL", 0.0)
    return []


def test_it_works(web: Web, supervisor: Supervisor, lines: list[str]) -> None:
    web.answers = [
        (503, json.dumps(NOT_READY).encode()),
        (503, json.dumps({**NOT_READY, "database": False}).encode()),
        (500, b"a fault"),
        (503, b"{}"),
        (200, b"{}"),
    ]
    assert wait_until_ready(web.server_port, supervisor, on_step=lines.append)
    assert [line.partition(" (")[0] for line in lines] == [
        "waiting for the queue and the store",
        "waiting for the database and the queue and the store",
        "waiting for the web server, which answers 500",
        "waiting for the web server, which answers 503",
    ]


def test_a_web_server_that_does_not_listen_yet(supervisor: Supervisor, lines: list[str]) -> None:
    def stop_after_three(line: str) -> None:
        lines.append(line)
        supervisor.is_stopping = len(lines) == 3

    assert not wait_until_ready(free_port(), supervisor, on_step=stop_after_three)
    assert all(line.startswith("waiting for the web server to answer (") for line in lines)


def test_a_web_server_that_ends(lines: list[str]) -> None:
    supervisor = Supervisor()
    supervisor.start("web", [sys.executable, "-c", ""])
    assert not wait_until_ready(free_port(), supervisor, on_step=lines.append)
    supervisor.stop()


def test_it_is_quiet_where_the_start_is_quick(web: Web, supervisor: Supervisor) -> None:
    web.answers = [(503, b"{}"), (200, b"{}")]
    lines: list[str] = []
    assert wait_until_ready(web.server_port, supervisor, on_step=lines.append)
    assert lines == []
