"""Where a request ends, and which requests are refused: the web server itself, over a socket."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.instance import free_port
from bluelamp.cli.run import GRANIAN

ROOT = Path(__file__).resolve().parents[3]
SECOND = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Return the port of a web server with the real application and the real options."""
    port = free_port()
    target = ["--port", str(port), "tests.web.serving.server_app:application"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "bluelamp.settings"}
    command = [sys.executable, "-m", "granian", *GRANIAN, *target]
    with subprocess.Popen(command, cwd=ROOT, env=env) as server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert server.poll() is None, "the server ended at its start"
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
        server.terminate()


def exchange(port: int, *parts: bytes) -> list[int]:
    """Send bytes as they are, and return the status of each response until the server closes."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        for part in parts:
            connection.sendall(part)
        try:
            while block := connection.recv(65536):
                received += block
        except TimeoutError:
            pass
        except ConnectionResetError:
            pass  # it closed before it had read everything
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


def post(headers: str, body: bytes = b"", path: str = "/healthz") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode() + body


def test_it_works(port: int) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    assert exchange(port, request, SECOND) == [200, 200]


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT", "BREW"])
def test_an_unknown_method_is_refused(port: int, method: str) -> None:
    assert exchange(port, f"{method} /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()) in (
        [405],
        [400],
    )


@pytest.mark.parametrize("path", ["/healthz", "/report/files/", "/api/v1/reports"])
@pytest.mark.parametrize(
    "body",
    [b"0x4\r\nabcd\r\n0\r\n\r\n", b"4;a\nb\r\nabcd\r\n0\r\n\r\n", b"-1\r\nabcd\r\n", b"zz\r\n"],
)
def test_malformed_chunks_are_the_senders_fault(port: int, path: str, body: bytes) -> None:
    assert exchange(port, post("Transfer-Encoding: chunked\r\n", body, path)) == [400]


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: 4, 5\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
    ],
)
def test_no_second_request_hides_in_the_first(port: int, headers: str) -> None:
    """Whatever a body's length is said to be, what follows it is never a request of its own."""
    statuses = exchange(port, post(headers, b"0\r\n\r\n" + SECOND))
    assert len(statuses) <= 1, statuses
    assert 200 not in statuses


@pytest.mark.parametrize("line", ["X: a\rSet-Cookie: b\r\n", "X: a\0b\r\n", "X\r: a\r\n"])
def test_a_header_cannot_hold_a_line_break(port: int, line: str) -> None:
    assert exchange(port, post(line)) == [400]


@pytest.mark.parametrize("body", [b"0x4\r\nabcd\r\n0\r\n\r\n", b"zz\r\n"])
def test_malformed_chunks_of_an_upload(port: int, body: bytes) -> None:
    headers = "Transfer-Encoding: chunked\r\nTus-Resumable: 1.0.0\r\nUpload-Length: 4\r\n"
    (status,) = exchange(port, post(headers, body, "/uploads/"))
    assert 400 <= status < 500
