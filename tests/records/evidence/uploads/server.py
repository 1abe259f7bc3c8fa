"""A real web server with the upload application, on a database and a folder of its own, and a tus
client.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.instance import free_port
from bluelamp.records.evidence.store import FolderStore

ROOT = Path(__file__).resolve().parents[4]
CHUNK_MEDIA_TYPE = "application/offset+octet-stream"


@dataclass
class TusResponse:
    """A response of the server."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def offset(self) -> int:
        return int(self.headers["upload-offset"])


@dataclass
class UploadServer:
    """One granian process. `kill` is kill -9 of all of it."""

    database: str
    var: Path
    secret: str
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.port = free_port()
        env = {
            **os.environ,
            "DATABASE_URL": self.database,
            "BLUELAMP_VAR": str(self.var),
            "BLUELAMP_SECRET_KEY": self.secret,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "bluelamp.settings"),
            **self.environment,
        }
        flags = [
            "--interface",
            "asgi",
            "--loop",
            "uvloop",
            "--http",
            "1",
            "--no-ws",
            "--log-level",
            "warning",
        ]
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                *flags,
                *address,
                "tests.records.evidence.uploads.server_app:application",
            ],
            env=env,
            cwd=ROOT,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the server ended at its start"
            try:
                if self.call("OPTIONS", "/uploads/").status == 204:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not answer within a minute")

    def kill(self) -> None:
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> TusResponse:
        """Send one request on its own connection. `upload_offset=…` becomes `Upload-Offset`."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            sent_headers = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=sent_headers)
            response = connection.getresponse()
            response_headers = {k.lower(): v for k, v in response.getheaders()}
            return TusResponse(response.status, response_headers, response.read())

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    @property
    def store(self) -> FolderStore:
        return FolderStore(self.var / "evidence")


@dataclass
class TusClient:
    """A sender with one upload token."""

    server: UploadServer
    token: str

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> TusResponse:
        """Send one request with the token; a header "-" is left out."""
        headers = {"tus_resumable": "1.0.0", "upload_token": self.token, **headers}
        sent_headers = {name: value for name, value in headers.items() if value != "-"}
        return self.server.call(method, path, body, **sent_headers)

    def create(
        self, length: int, body: bytes = b"", metadata: dict[str, str] | None = None, **headers: str
    ) -> TusResponse:
        pairs = ",".join(
            f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in (metadata or {}).items()
        )
        if pairs:
            headers["upload_metadata"] = pairs
        return self.call("POST", "/uploads/", body, upload_length=str(length), **headers)

    def patch(
        self, path: str, offset: int, body: bytes, checksum: str = "", **headers: str
    ) -> TusResponse:
        if checksum:
            digest = base64.b64encode(hashlib.new(checksum, body).digest()).decode()
            headers.setdefault("upload_checksum", f"{checksum} {digest}")
        headers.setdefault("content_type", CHUNK_MEDIA_TYPE)
        return self.call("PATCH", path, body, upload_offset=str(offset), **headers)

    def head(self, path: str) -> TusResponse:
        return self.call("HEAD", path)

    @contextmanager
    def begin_patch(
        self, path: str, offset: int, length: int, **headers: str
    ) -> Iterator[socket.socket]:
        """Send the head of a PATCH and yield the connection for its body; it is cut at the end."""
        sent_headers = {
            "Host": "x",
            "Tus-Resumable": "1.0.0",
            "Upload-Token": self.token,
            "Content-Type": CHUNK_MEDIA_TYPE,
            "Upload-Offset": str(offset),
            "Content-Length": str(length),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent_headers.items())
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(f"PATCH {path} HTTP/1.1\r\n{lines}\r\n".encode())
            yield connection
