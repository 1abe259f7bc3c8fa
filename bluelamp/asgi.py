"""The one application the web server runs: uploads stream on the event loop, pages run in threads.

A page's request is read whole before a thread takes it up, so slow senders never hold one; its body
is kept in memory up to 4 MB and then on disk. A request that was cut off on its way is not acted
on: half a statement is no statement.
"""

import asyncio
import ctypes
import gc
import io
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any

from bluelamp.wsgi import application as pages

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

from django.conf import settings  # noqa: E402  (settings are ready once the pages are)

from bluelamp.foundation.kernel.passing import find_room  # noqa: E402
from bluelamp.records.evidence.uploads import application as uploads  # noqa: E402
from bluelamp.records.reference import queries as reference  # noqa: E402
from bluelamp.web import jinja as templates  # noqa: E402

if sys.platform == "linux":
    # a worker whose parent was killed goes too, so the next start finds the port free
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)

_IN_MEMORY = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
_WORDS_LIMIT = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # Django's own, kinder, refusal comes first
_TAKES_FILES = ("/report/files/", "/api/v1/reports")
_TOO_LARGE = (
    "That is too large for this form. The file picker on the page sends large files in pieces."
)
_NO_ROOM = "Nothing can be taken in at the moment. Nothing was done; send it again in a while."
_PATIENCE = 60.0
_GUARDED = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
)
_threads = ThreadPoolExecutor(settings.BLUELAMP_THREADS, thread_name_prefix="page")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one connection's request."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if settings.BLUELAMP_PROXY:
        scope["client"] = _client(scope)
    if scope["path"].startswith("/uploads/"):
        await uploads(scope, receive, send)
    else:
        await _page(scope, receive, send)


def _client(scope: Scope) -> tuple[str, int]:
    """Return who is in front of our own proxy: what it wrote last, as all before that is the
    sender's own word.
    """
    named = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    address = named[-1].decode("latin-1").rpartition(",")[2].strip() if named else ""
    try:
        return str(ip_address(address)), 0
    except ValueError:
        return scope.get("client") or ("", 0)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await asyncio.get_running_loop().run_in_executor(_threads, _warm_up)
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _warm_up() -> None:
    reference.warm_up()
    templates.compile_all()
    gc.freeze()  # what is there by now stays: nobody need wait while it is looked through again


class _Unread(Exception):
    """A body that was not read whole. Without a status there is nobody left to answer."""

    def __init__(self, status: int = 0, text: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        body = await _whole_body(scope, receive)
    except _Unread as unread:
        if unread.status:
            await _refuse(send, unread)
        return
    try:
        loop = asyncio.get_running_loop()
        status, headers, whole, stream = await loop.run_in_executor(
            _threads, _answer, _environ(scope, body)
        )
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if stream is None:
            await send({"type": "http.response.body", "body": whole})
        else:
            await _stream(stream, receive, send)
    finally:
        body.close()


async def _stream(stream: Any, receive: Receive, send: Send) -> None:
    """Send a long answer part by part, for as long as there is somebody to read it."""
    loop = asyncio.get_running_loop()
    gone = asyncio.ensure_future(receive())
    try:
        parts = iter(stream)
        while not gone.done():
            if (part := await loop.run_in_executor(_threads, next, parts, None)) is None:
                await send({"type": "http.response.body", "body": b""})
                return
            await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        gone.cancel()
        await loop.run_in_executor(_threads, stream.close)


async def _whole_body(scope: Scope, receive: Receive) -> IO[bytes]:
    """Return the request's body. Raises _Unread: too large for this address or the disk, too slow,
    or cut off.
    """
    limit = settings.BLUELAMP_FORM_LIMIT if scope["path"].startswith(_TAKES_FILES) else _WORDS_LIMIT
    declared = next(
        (int(v) for k, v in scope["headers"] if k == b"content-length" and v.isdigit()), 0
    )
    if declared > limit:
        raise _Unread(413, _TOO_LARGE)
    body: IO[bytes] | None = None
    if declared > _IN_MEMORY:
        body = _on_disk(declared)
    chunks: list[bytes] = []
    size = 0
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_PATIENCE) as patience:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Unread
                if chunk := message.get("body", b""):
                    size += len(chunk)
                    patience.reschedule(loop.time() + _PATIENCE)
                if size > limit:
                    raise _Unread(413, _TOO_LARGE)
                if body is None and size > _IN_MEMORY:
                    body = _on_disk(0)
                    body.writelines(chunks)
                    chunks.clear()
                if body is None:
                    chunks.append(chunk)
                else:
                    _find_room(len(chunk))
                    body.write(chunk)
                if not message.get("more_body", False):
                    break
        if size < declared:
            raise _Unread
    except BaseException as fault:
        if body is not None:
            body.close()
        if isinstance(fault, TimeoutError):
            raise _Unread(
                408, "The request stopped arriving. Nothing was done; send it again."
            ) from None
        raise
    scope["bluelamp.size"] = size
    if body is None:
        return io.BytesIO(b"".join(chunks))
    body.seek(0)
    return body


def _on_disk(size: int) -> IO[bytes]:
    """Return a file for a body of so many bytes. Raises _Unread where it would leave the database
    too little room.
    """
    _find_room(size)
    return tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


def _find_room(size: int) -> None:
    try:
        find_room(Path(settings.FILE_UPLOAD_TEMP_DIR), size)
    except OSError:
        raise _Unread(503, _NO_ROOM) from None


def _environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    server = scope.get("server") or ("127.0.0.1", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": "HTTP/" + scope.get("http_version", "1.1"),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name == "content-length":
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        if "_" in name:
            continue  # a header with an underscore would pass for another one
        environ[key] = (
            f"{environ[key]}, {value}"
            if key in environ and key != "HTTP_COOKIE"
            else (f"{environ[key]}; {value}" if key in environ else value)
        )
    environ["CONTENT_LENGTH"] = str(scope["bluelamp.size"])
    return environ


def _answer(environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes, Any | None]:
    """Run the pages for one request, in a thread: the answer whole, or a stream still to be read
    and closed.
    """
    begun: dict[str, Any] = {}

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        begun["status"] = int(status.split(" ", 1)[0])
        begun["headers"] = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers]
        return lambda _: None

    response: Any = pages(environ, start_response)
    if response.streaming:
        return begun["status"], begun["headers"], b"", response
    try:
        return begun["status"], begun["headers"], b"".join(response), None
    finally:
        response.close()


async def _refuse(send: Send, unread: _Unread) -> None:
    await send({"type": "http.response.start", "status": unread.status, "headers": list(_GUARDED)})
    await send({"type": "http.response.body", "body": unread.text.encode()})
