"""Requests that never end their headers do not stay open."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.instance import free_port
from bluelamp.cli.run import GRANIAN

TIMEOUT = "--http1-header-read-timeout"
APPLICATION = """
async def application(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The server as we start it, but less patient: a second and not ten."""
    folder: Path = tmp_path_factory.mktemp("slow")
    (folder / "tiny.py").write_text(APPLICATION)
    chosen = free_port()
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", *GRANIAN, TIMEOUT, "1000"),
            *("--port", str(chosen), "tiny:application"),
        ],
        cwd=folder,
    ) as process:
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", chosen)).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield chosen
        finally:
            process.terminate()


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
def test_it_works(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=8) as client:
        client.sendall(sent)
        assert client.recv(100) == b"", "the server closed it"


def test_a_byte_now_and_then_does_not_help(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=0.3) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        for _ in range(25):
            try:
                client.sendall(b"a")
                assert client.recv(100) == b""
                return
            except TimeoutError:
                continue
            except OSError:
                return
    pytest.fail("it stayed open")


def test_ten_seconds_are_allowed() -> None:
    assert int(GRANIAN[GRANIAN.index(TIMEOUT) + 1]) == 10_000
