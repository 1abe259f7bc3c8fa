"""The bridge between the event loop and the pages: whole requests only, limits by address, guarded
refusals.
"""

import asyncio
import ctypes
import importlib
import sys
from collections.abc import Iterator, MutableMapping
from types import ModuleType
from typing import Any

import pytest
from pytest_django import Settings

Messages = list[MutableMapping[str, Any]]


class Stream:
    """A long answer that counts what was read of it."""

    def __init__(self) -> None:
        self.read = 0
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(1000):
            self.read += 1
            yield b"part"

    def close(self) -> None:
        self.is_closed = True


def scope(path: str, **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": named,
            "client": ("127.0.0.1", 5)}  # fmt: skip


@pytest.fixture
def asgi(plain_and_quick: None) -> ModuleType:
    """The application; importing it ties a process to its parent's life, which tests take back."""
    bridge = importlib.import_module("bluelamp.asgi")
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, 0)
    return bridge


def said(path: str, *messages: MutableMapping[str, Any], **headers: str) -> Messages:
    """Send a request's messages, then silence, and return what was answered."""
    waiting, sent = list(messages), Messages()

    async def receive() -> MutableMapping[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    bridge = sys.modules["bluelamp.asgi"]
    asyncio.run(bridge.application(scope(path, **headers), receive, send))
    return sent


@pytest.fixture
def asked(asgi: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The bodies that reached the pages."""
    bodies: list[bytes] = []

    def answer(environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes, None]:
        bodies.append(environ["wsgi.input"].read())
        return 200, [], b"done", None

    monkeypatch.setattr(asgi, "_answer", answer)
    return bodies


def part(body: bytes, *, is_last: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": not is_last}


GONE = {"type": "http.disconnect"}


def test_it_works(asked: list[bytes]) -> None:
    answer = said("/sign-in/", part(b"a=1&"), part(b"b=2", is_last=True), content_length="7")
    assert asked == [b"a=1&b=2"]
    assert answer[0]["status"] == 200


@pytest.mark.parametrize("headers", [{"content_length": "100"}, {"transfer_encoding": "chunked"}])
def test_a_request_that_was_cut_off_is_not_acted_on(
    asked: list[bytes], headers: dict[str, str]
) -> None:
    assert said("/desk/crimes/note/", part(b"text=He said that he did"), GONE, **headers) == []
    assert asked == []


def test_less_than_was_announced_is_not_acted_on(asked: list[bytes]) -> None:
    assert said("/desk/", part(b"text=He", is_last=True), content_length="100") == []
    assert asked == []


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/desk/", "/report/story/", "/api/officer/v1/leases"]
)
def test_only_what_takes_files_takes_much(asked: list[bytes], path: str) -> None:
    refused = said(path, content_length=str(100 * 1024**2))
    headers = dict(refused[0]["headers"])
    assert refused[0]["status"] == 413
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"default-src 'none'" in headers[b"content-security-policy"]
    chunk = part(bytes(1024**2))
    assert said(path, *[chunk] * 20, transfer_encoding="chunked")[0]["status"] == 413
    assert asked == []
    assert said("/report/files/", *[chunk] * 20, part(b"", is_last=True))[0]["status"] == 200


@pytest.mark.parametrize(
    "headers", [{"content_length": str(20 * 1024**2)}, {"transfer_encoding": "chunked"}]
)
def test_bodies_do_not_fill_the_disk_that_the_database_needs(
    asked: list[bytes], monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr("bluelamp.foundation.kernel.passing.LEFT_FREE", 2**62)
    parts = [part(bytes(1024**2))] * 19 + [part(bytes(1024**2), is_last=True)]
    assert said("/report/files/", *parts, **headers)[0]["status"] == 503
    assert asked == []
    assert said("/report/files/", part(b"a=1", is_last=True))[0]["status"] == 200


def test_who_falls_silent_is_told_so(
    asgi: ModuleType, asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "_PATIENCE", 0.01)
    assert said("/sign-in/", part(b"a=1"))[0]["status"] == 408
    assert asked == []


def test_nobody_reads_on_for_a_reader_who_left(
    asgi: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream()
    monkeypatch.setattr(asgi, "_answer", lambda _environ: (200, [], b"", stream))
    said("/desk/items/1/original/", part(b"", is_last=True), GONE)
    assert stream.is_closed
    assert stream.read < 10


def test_a_long_answer_comes_whole(asgi: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream()
    monkeypatch.setattr(asgi, "_answer", lambda _environ: (200, [], b"", stream))
    answer = said("/desk/items/1/original/", part(b"", is_last=True))
    assert b"".join(message.get("body", b"") for message in answer) == b"part" * 1000
    assert not answer[-1].get("more_body", False)
    assert stream.is_closed


@pytest.mark.parametrize(
    ("is_behind", "said_before", "address"),
    [
        (True, "203.0.113.7", "203.0.113.7"),
        (True, "10.0.0.1, 203.0.113.7", "203.0.113.7"),
        (True, "203.0.113.7, lies", "127.0.0.1"),
        (False, "203.0.113.7", "127.0.0.1"),
    ],
)
def test_who_is_in_front_of_our_own_proxy(
    asgi: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    is_behind: bool,
    said_before: str,
    address: str,
) -> None:
    settings.BLUELAMP_PROXY = is_behind
    heard: list[str] = []

    def answer(environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes, None]:
        heard.append(environ["REMOTE_ADDR"])
        return 200, [], b"", None

    monkeypatch.setattr(asgi, "_answer", answer)
    said("/track/", part(b"", is_last=True), x_forwarded_for=said_before)
    assert heard == [address]
