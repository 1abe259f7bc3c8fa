"""Django's pages as an ASGI application, with a fixed pool of threads.

Django's own ASGI handler runs each request in a thread, and so with a database connection, of its
own, and collects a whole file before it sends the first byte. This one keeps its parsing of
requests and its sending of responses, and replaces both of those.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.core import signals
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from bluelamp.foundation.kernel.asgi_types import Receive, Scope, Send
from bluelamp.web.serving.request_bodies import BODY
from bluelamp.web.serving.responses import send_text
from bluelamp.web.serving.sign_in_thread import (
    BUSY,
    RETRY_AFTER,
    SignInThread,
    TooManyWaiting,
    is_sign_in,
)

R = TypeVar("R")


class PageHandler(ASGIHandler):
    """Answers requests whose body `SpooledBodies` has read, each in one thread of the pool.

    Signing in has a thread of its own.
    """

    def __init__(
        self, threads: ThreadPoolExecutor, sign_in_thread: SignInThread | None = None
    ) -> None:
        # Not ASGIHandler.__init__: it would prepare the middleware to run on the event loop.
        self.load_middleware(is_async=False)
        self._threads = threads
        self._sign_in_thread = sign_in_thread or SignInThread()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        if is_sign_in(scope):
            try:
                response = await self._sign_in_thread.run(self._respond, scope)
            except TooManyWaiting:
                retry_after = (b"retry-after", str(RETRY_AFTER).encode())
                await send_text(send, 503, BUSY, headers=[retry_after])
                return
        else:
            response = await self._run_in_thread(self._respond, scope)
        if isinstance(response, StreamingHttpResponse):
            await self._stream_response(response, receive, send)
        else:
            await self.send_response(response, send)

    async def _run_in_thread(self, function: Callable[..., R], *args: object) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)

    def _respond(self, scope: Scope) -> HttpResponseBase:
        """Return Django's response. Runs in a thread: one that streams is still open."""
        set_script_prefix(get_script_prefix(scope))
        # Sent here and not on the event loop: it closes this thread's database connection where
        # that is no longer usable.
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, error_response = self.create_request(scope, scope[BODY])
        response: HttpResponseBase
        if request is None:
            # Its headers or query string are not text: Django answers 400.
            response = error_response or HttpResponseBadRequest()
        else:
            request.META[BODY] = scope[BODY]
            response = self.get_response(request)
        if isinstance(response, FileResponse):
            # Each of Django's 4 KiB blocks would mean a change of threads.
            response.block_size = max(response.block_size, self.chunk_size)
        if not response.streaming:
            # Ends the request in this thread, because of its database connection. The content stays
            # readable.
            response.close()
        return response

    async def _stream_response(
        self, response: StreamingHttpResponse, receive: Receive, send: Send
    ) -> None:
        """Send a long response part by part, for as long as there is somebody to read it."""
        # The request was read whole, so the next message can only say that the client left.
        disconnect = asyncio.ensure_future(receive())
        response.streaming_content = self._read_parts(iter(response), disconnect)
        try:
            await self.send_response(response, send)
        finally:
            disconnect.cancel()
            await self._run_in_thread(response.close)

    async def _read_parts(
        self, parts: Iterator[bytes], disconnect: asyncio.Future[Any]
    ) -> AsyncIterator[bytes]:
        """Yield a response's parts. Each takes a thread, and gives it back before it is sent."""
        while not disconnect.done():
            part = await self._run_in_thread(next, parts, None)
            if part is None:
                return
            yield part
