"""ASGI middleware that reads a request's body whole, within limits, before the application runs."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO

from django.conf import settings

from bluelamp.foundation.kernel.asgi_types import Receive, Scope, Send
from bluelamp.foundation.kernel.transient import require_free_space
from bluelamp.web.languages import WELSH
from bluelamp.web.serving.responses import send_text

# Where the application finds the body: an open binary file, read from its beginning.
BODY = "bluelamp.body"

_FILE_PATHS = (
    "/report/files/",
    "/api/v1/reports",
    "/firearms/form/pages/",
    "/desk/devices/files/",
    "/desk/firearms/applications/",
    "/desk/firearms/paper/",
    "/desk/requests/",
)
# Twice what Django takes, because its own page for a form that is too large is kinder.
_FORM_BYTES = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
_IDLE_SECONDS = 60.0
_TOO_LARGE = "This is too large for the form. Use the file picker on the page to send large files."
_NO_SPACE = "We cannot take this at the moment. Nothing was saved. Try again later."
_TIMED_OUT = "Your request stopped arriving. Nothing was saved. Send it again."
UNREADABLE = "We could not read your request. Nothing was saved. Send it again."


class _BodyRefused(Exception):
    """A body that is not read to its end. The sender gets a status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class _SenderGone(Exception):
    """The request was cut off, or its chunks cannot be read."""


class SpooledBodies:
    """Reads each request's body and calls the application with it, in `scope[BODY]`.

    A body is kept in memory up to FILE_UPLOAD_MAX_MEMORY_SIZE and in a temporary file beyond that.
    The application's `scope` also has the body's real size as its Content-Length.
    """

    def __init__(self, application: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        spool = _BodySpool(limit=_body_limit(scope["path"]), announced=_announced_size(scope))
        try:
            await spool.read(receive)
            body = spool.finish()
        except _SenderGone:
            # The web server says the same of a body whose chunks are malformed, and then somebody
            # still waits for an answer.
            await send_text(send, 400, UNREADABLE)
            return
        except _BodyRefused as refused:
            await send_text(send, refused.status, refused.message)
            return
        finally:
            spool.close()
        with body:
            headers = _with_content_length(scope["headers"], spool.size)
            await self._application({**scope, "headers": headers, BODY: body}, receive, send)


class _BodySpool:
    """A body that is arriving: in memory while it is small, then in a temporary file."""

    def __init__(self, *, limit: int, announced: int) -> None:
        self._limit = limit
        self._announced = announced
        self._chunks: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    async def read(self, receive: Receive) -> None:
        """Receive the whole body.

        Raises:
            _BodyRefused: It is too large for its address or for the disk, or too slow.
            _SenderGone: It was cut off.
        """
        if self._announced > self._limit:
            raise _BodyRefused(413, _TOO_LARGE)
        if self._announced > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            self._move_to_disk(self._announced)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_IDLE_SECONDS) as timeout:
                has_more = True
                while has_more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _SenderGone
                    if chunk := message.get("body", b""):
                        self._append(chunk)
                        timeout.reschedule(loop.time() + _IDLE_SECONDS)
                    has_more = message.get("more_body", False)
        except TimeoutError:
            raise _BodyRefused(408, _TIMED_OUT) from None
        # The server may report the end of a request whose connection was cut.
        if self.size < self._announced:
            raise _SenderGone

    def _append(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self._limit:
            raise _BodyRefused(413, _TOO_LARGE)
        if self._file is None and self.size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            self._move_to_disk(len(chunk))
        if self._file is None:
            self._chunks.append(chunk)
        else:
            # Asked for each chunk: many bodies may arrive at once, and each saw the same free space
            # when it began.
            _require_free_space(len(chunk))
            self._file.write(chunk)

    def _move_to_disk(self, expected_bytes: int) -> None:
        _require_free_space(expected_bytes)
        self._file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - see close
        self._file.writelines(self._chunks)
        self._chunks.clear()

    def finish(self) -> IO[bytes]:
        """Return the body. The caller closes it."""
        if self._file is None:
            # One copy here, so that whoever reads the body can use it as it lies in memory.
            return io.BytesIO(b"".join(self._chunks))
        body, self._file = self._file, None
        body.seek(0)
        return body

    def close(self) -> None:
        """Delete what is on disk, unless `finish` has handed it on."""
        if self._file is not None:
            self._file.close()


def _body_limit(path: str) -> int:
    """Return how many bytes an address takes: few, unless it is one for files."""
    is_for_files = path.removeprefix(f"/{WELSH}").startswith(_FILE_PATHS)
    return settings.BLUELAMP_FORM_LIMIT if is_for_files else _FORM_BYTES


def _announced_size(scope: Scope) -> int:
    """Return the request's Content-Length, 0 when it has none."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _with_content_length(
    headers: list[tuple[bytes, bytes]], size: int
) -> list[tuple[bytes, bytes]]:
    """Return the headers with the real size: a chunked body came without one."""
    others = [(name, value) for name, value in headers if name != b"content-length"]
    return [*others, (b"content-length", str(size).encode())]


def _require_free_space(size: int) -> None:
    """Raise _BodyRefused if the disk must not take so many more bytes."""
    try:
        require_free_space(Path(settings.FILE_UPLOAD_TEMP_DIR), size)
    except OSError:
        raise _BodyRefused(503, _NO_SPACE) from None
