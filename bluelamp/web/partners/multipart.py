"""multipart/form-data (RFC 7578) read where it lies: parts are views of the one buffer, and no byte
is copied.
"""

from __future__ import annotations

import io
import mmap
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from typing import IO

from django.conf import settings
from django.http import HttpRequest

from bluelamp.web.problems import Problem

MOST_PARTS = 50
_LONGEST_HEAD = 8 * 1024
_DISPOSITION = re.compile(rb"^content-disposition:[ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^content-type:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)

Buffer = bytes | mmap.mmap


class Malformed(Problem):
    """The body is not what its content type says: 400, and what is wrong in one sentence."""

    def __init__(self, detail: str) -> None:
        super().__init__(400, detail)


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `filename` is None for a plain field; `content` is good until the buffer is
    closed.
    """

    name: str
    filename: str | None
    media_type: str
    content: memoryview


@contextmanager
def buffer_of(request: HttpRequest) -> Iterator[Buffer]:
    """Lend the request's whole body: as it lies in memory, or mapped from the file the server
    spooled it to.
    """
    stream = request.META["wsgi.input"]
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if isinstance(stream, io.BytesIO):
        yield stream.getvalue()
    elif length <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        yield stream.read(length)
    elif isinstance(stream, io.IOBase) and not stream.closed and _has_descriptor(stream):
        with _mapped(stream) as mapped:
            yield mapped
    else:
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            shutil.copyfileobj(stream, file, 1024**2)
            file.flush()
            with _mapped(file) as mapped:
                yield mapped


@contextmanager
def _mapped(file: IO[bytes] | io.IOBase) -> Iterator[mmap.mmap]:
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        yield mapped
    finally:
        with suppress(
            BufferError
        ):  # a refusal on its way still looks at a part; the last of them lets go
            mapped.close()


def parts_of(body: Buffer, *, content_type: str) -> list[Part]:
    """Return the parts of a body in their order. Raises Malformed."""
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not re.fullmatch(r"[ -~]{1,70}", boundary):
        raise Malformed("The content type names no boundary.")
    line = b"--" + boundary.encode()
    view = memoryview(body)
    at = body.find(line)
    if at < 0 or (at > 0 and body[at - 2 : at] != b"\r\n"):
        raise Malformed("The body does not begin with its boundary.")
    parts: list[Part] = []
    at += len(line)
    while body[at : at + 2] != b"--":
        start = _line_end(body, at)
        end = body.find(b"\r\n" + line, start - 2)
        if end < 0:
            raise Malformed("The body ends before its last boundary.")
        head_end = body.find(b"\r\n\r\n", start - 2, min(end + 2, start + _LONGEST_HEAD))
        if head_end < 0:
            raise Malformed("A part has no headers.")
        if len(parts) == MOST_PARTS:
            raise Malformed(f"There are more than {MOST_PARTS} parts.")
        content = view[head_end + 4 : end] if end >= head_end + 4 else view[0:0]
        parts.append(_part(bytes(body[start:head_end]), content))
        at = end + 2 + len(line)
    return parts


def _line_end(body: Buffer, at: int) -> int:
    end = body.find(b"\r\n", at, at + 100)
    if end < 0 or bytes(body[at:end]).strip(b" \t"):
        raise Malformed("A boundary is not on a line of its own.")
    return end + 2


def _part(head: bytes, content: memoryview) -> Part:
    found = _DISPOSITION.search(head.replace(b"\r\n", b"\n"))
    header = Message()
    try:
        header["content-disposition"] = found[1].decode() if found else ""
    except UnicodeDecodeError:
        raise Malformed("A part's headers are not UTF-8.") from None
    name = header.get_param("name", header="content-disposition")
    if header.get_content_disposition() != "form-data" or not isinstance(name, str):
        raise Malformed("A part does not say which field it is.")
    kind = _TYPE.search(head)
    return Part(
        name=name,
        filename=header.get_filename(),
        media_type=kind[1].decode("latin-1").strip().lower() if kind else "",
        content=content,
    )


def _has_descriptor(stream: io.IOBase) -> bool:
    try:
        stream.fileno()
    except OSError:
        return False
    return True
