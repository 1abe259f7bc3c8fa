"""Django's pages on a fixed pool of threads: short responses whole, long ones in parts."""

import asyncio
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from pytest_django import Settings

from bluelamp.web.serving.page_handler import PageHandler
from bluelamp.web.serving.request_bodies import BODY
from tests.web.serving.asgi_client import DISCONNECT, Message, call, make_scope

THREADS = 2


class Parts:
    """A long response that counts what was read of it."""

    def __init__(self) -> None:
        self.read_count = 0
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(1000):
            self.read_count += 1
            yield b"part"

    def close(self) -> None:
        self.is_closed = True


PARTS: list[Parts] = []
FILE = bytes(range(256)) * 4000


def echo(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(request.body, headers={"X-Thread": threading.current_thread().name})
    response.headers["X-Address"] = request.META["REMOTE_ADDR"]
    response.headers["X-Trusted"] = request.headers.get("X-Trusted", "no")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(PARTS[-1])


def download(request: HttpRequest) -> FileResponse:
    return FileResponse(io.BytesIO(FILE))


urlpatterns = [path("echo/", echo), path("stream/", stream), path("download/", download)]


@pytest.fixture
def parts() -> Iterator[Parts]:
    PARTS.append(Parts())
    yield PARTS[-1]
    PARTS.clear()


@pytest.fixture
def handler(settings: Settings) -> Iterator[PageHandler]:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    with ThreadPoolExecutor(THREADS, thread_name_prefix="page") as threads:
        yield PageHandler(threads)


def get(
    handler: PageHandler, path: str, *messages: Message, body: bytes = b"", **scope: Any
) -> list[Message]:
    request_scope = make_scope(path, content_length=str(len(body)))
    return call(handler, request_scope | {BODY: io.BytesIO(body)} | scope, *messages)


def content(response: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in response)


def test_it_works(handler: PageHandler) -> None:
    response = get(handler, "/echo/", body=b"a=1")
    headers = [(name.lower(), value) for name, value in response[0]["headers"]]
    assert (response[0]["status"], content(response)) == (200, b"a=1")
    assert dict(headers)[b"x-thread"].startswith(b"page")
    assert dict(headers)[b"x-address"] == b"127.0.0.1"
    assert [value[:3] for name, value in headers if name == b"set-cookie"] == [b"a=1", b"b=2"]
    assert not response[-1].get("more_body", False)


def test_long_response_is_complete(handler: PageHandler, parts: Parts) -> None:
    response = get(handler, "/stream/")
    assert content(response) == b"part" * 1000
    assert not response[-1].get("more_body", False)
    assert parts.is_closed


def test_file_is_complete_and_sent_in_large_parts(handler: PageHandler) -> None:
    response = get(handler, "/download/")
    assert content(response) == FILE
    assert len(response) < 20


def test_reading_stops_when_the_client_has_left(handler: PageHandler, parts: Parts) -> None:
    get(handler, "/stream/", DISCONNECT)
    assert parts.is_closed
    assert parts.read_count < 10


def test_slow_readers_hold_no_thread(handler: PageHandler, parts: Parts) -> None:
    """As many clients as there are threads stop reading; a page is answered all the same."""

    async def run() -> list[Message]:
        stalled = asyncio.Event()

        async def receive() -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        async def stalled_send(message: Message) -> None:
            if message["type"] == "http.response.body":
                stalled.set()
                await asyncio.Event().wait()

        page: list[Message] = []

        async def send(message: Message) -> None:
            page.append(message)

        def new_scope(path: str) -> Any:
            return make_scope(path, content_length="0") | {BODY: io.BytesIO()}

        slow = [
            asyncio.create_task(handler(new_scope("/download/"), receive, stalled_send))
            for _ in range(THREADS)
        ]
        await stalled.wait()
        async with asyncio.timeout(5):
            await handler(new_scope("/echo/"), receive, send)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return page

    assert asyncio.run(run())[0]["status"] == 200


def test_query_string_that_is_not_text_is_refused(handler: PageHandler) -> None:
    response = get(handler, "/echo/", query_string=b"q=\xff")
    assert response[0]["status"] == 400


def test_header_with_an_underscore_is_ignored(handler: PageHandler) -> None:
    """It would pass for the one with a dash that our proxy sets."""
    scope = make_scope("/echo/") | {BODY: io.BytesIO()}
    scope["headers"] = [(b"x_trusted", b"yes"), (b"content-length", b"0")]
    response = call(handler, scope)
    headers = {name.lower(): value for name, value in response[0]["headers"]}
    assert headers[b"x-trusted"] == b"no"
