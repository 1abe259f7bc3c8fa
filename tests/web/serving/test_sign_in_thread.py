"""Signing in has a thread of its own: pages never wait for it, and it says when it is busy."""

import asyncio
import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from bluelamp.foundation.kernel.asgi_types import Scope
from bluelamp.web.serving.page_handler import PageHandler
from bluelamp.web.serving.request_bodies import BODY
from bluelamp.web.serving.sign_in_thread import MAX_WAITING
from tests.web.serving.asgi_client import Message, call_in_loop, make_scope

RELEASE = threading.Event()
THREADS: list[str] = []


def slow(request: HttpRequest) -> HttpResponse:
    THREADS.append(threading.current_thread().name)
    RELEASE.wait(10)
    return HttpResponse("signed in")


def quick(request: HttpRequest) -> HttpResponse:
    THREADS.append(threading.current_thread().name)
    return HttpResponse("page")


urlpatterns = [
    path("sign-in/", slow),
    path("account/password/", slow),
    path("sign-in/options/", quick),
    path("track/", quick),
]


@pytest.fixture
def handler(settings: Settings) -> Iterator[PageHandler]:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    RELEASE.clear()
    THREADS.clear()
    with ThreadPoolExecutor(1, thread_name_prefix="page") as threads:
        yield PageHandler(threads)
        RELEASE.set()


def request(url: str, method: str = "POST") -> Scope:
    return {**make_scope(url), "method": method, BODY: io.BytesIO()}


def status(messages: list[Message]) -> int:
    return int(messages[0]["status"])


def test_it_works(handler: PageHandler) -> None:
    async def run() -> None:
        attempts = [
            asyncio.create_task(call_in_loop(handler, request("/sign-in/")))
            for _ in range(MAX_WAITING + 1)
        ]
        await asyncio.sleep(0.05)
        started = time.monotonic()
        page = await call_in_loop(handler, request("/track/", "GET"))
        options = await call_in_loop(handler, request("/sign-in/options/"))
        assert (status(page), status(options)) == (200, 200)
        assert time.monotonic() - started < 2
        busy = await call_in_loop(handler, request("/account/password/"))
        assert (status(busy), dict(busy[0]["headers"])[b"retry-after"]) == (503, b"5")
        assert b"Many people are signing in" in busy[1]["body"]
        RELEASE.set()
        assert [status(await attempt) for attempt in attempts] == [200] * (MAX_WAITING + 1)
        assert status(await call_in_loop(handler, request("/sign-in/"))) == 200

    asyncio.run(run())
    assert {name.split("_")[0] for name in THREADS} == {"sign-in", "page"}
    assert len({name for name in THREADS if name.startswith("sign-in")}) == 1
