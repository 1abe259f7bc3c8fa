"""Read multipart/form-data (RFC 7578) without copying: each part is a view of the one buffer.

Why not Django's parser, which reads the public's forms: this one takes evidence from other systems,
and is stricter. Django's accepts a body that ends before its last boundary (a file cut short),
drops a file whose name it cannot use, and replaces bytes that are not UTF-8. It also copies each
file, one over 4 MB to disk a second time. `bench/README.md` says what that costs;
`tests/web/partners/test_multipart.py` compares the two on generated bodies.
"""

from __future__ import annotations

import io
import mmap
import re
import shutil
import string
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from bluelamp.web.problems import ApiError
from bluelamp.web.serving.request_bodies import BODY

MAX_PARTS = 50
_MAX_PART_HEADERS = 8 * 1024
# Spaces after a boundary, and line ends after the last.
_MAX_PADDING = 100
_COPY_BYTES = 1024**2
_BOUNDARY = re.compile(r"[ -~]{0,69}[!-~]")
_PLAIN_ENCODINGS = ("7bit", "8bit", "binary")

Buffer = bytes | mmap.mmap


class MalformedBody(ApiError):
    """The body is not what its content type says. 400, and what is wrong in one sentence."""

    def __init__(self, detail: str) -> None:
        super().__init__(400, detail)


@dataclass(frozen=True, slots=True)
class FormPart:
    """One part of a body.

    Attributes:
        filename: None for a plain field.
        media_type: As the sender wrote it, in lower case, or "".
        content: Valid until the buffer is closed.
    """

    name: str
    filename: str | None
    media_type: str
    content: memoryview


@contextmanager
def open_body(request: HttpRequest) -> Iterator[Buffer]:
    """Yield the request's whole body: as it lies in memory, or mapped from a file on disk."""
    body = request.META.get(BODY)
    if isinstance(body, io.BytesIO):
        yield body.getvalue()  # CPython shares the bytes with the BytesIO: no copy
    elif body is not None:
        with _map_file(body) as mapped:
            yield mapped
    elif int(request.META.get("CONTENT_LENGTH") or 0) <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        yield request.read()
    else:
        # Another server than ours, such as Django's test client: nothing has spooled the body.
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            shutil.copyfileobj(request, file, _COPY_BYTES)
            file.flush()
            with _map_file(file) as mapped:
                yield mapped


@contextmanager
def _map_file(file: IO[bytes]) -> Iterator[mmap.mmap]:
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        yield mapped
    finally:
        # An exception on its way may still refer to a part; the last reference then closes the map.
        with suppress(BufferError):
            mapped.close()


def parse_multipart(body: Buffer, *, content_type: str) -> list[FormPart]:
    """Return the parts of a body, in their order.

    Whatever two parsers might read in two ways is refused.

    Raises:
        MalformedBody: The body is not what `content_type` says, or has more than MAX_PARTS parts.
    """
    delimiter = b"--" + _read_boundary(content_type)
    view = memoryview(body)
    if body[: len(delimiter)] != delimiter:
        raise MalformedBody("The body does not begin with its boundary.")
    parts: list[FormPart] = []
    position = len(delimiter)
    while body[position : position + 2] != b"--":  # two dashes after it: the last boundary
        start = _find_line_end(body, position)
        end = body.find(delimiter, start)
        if end < 0:
            raise MalformedBody("The body ends before its last boundary.")
        if len(parts) == MAX_PARTS:
            raise MalformedBody(f"There are more than {MAX_PARTS} parts.")
        headers_end = body.find(b"\r\n\r\n", start, min(end, start + _MAX_PART_HEADERS))
        if headers_end < 0:
            raise MalformedBody("A part has no headers.")
        content = view[headers_end + 4 : end]
        # The line end before a boundary belongs to the boundary, and must be there: bytes that look
        # like a boundary in the middle of a line are content to some parsers and an end to others.
        if bytes(content[-2:]) != b"\r\n":
            raise MalformedBody("A boundary is not on a line of its own.")
        parts.append(_read_part(bytes(body[start:headers_end]), content[:-2]))
        position = end + len(delimiter)
    epilogue = position + len(b"--")
    if len(body) - epilogue > _MAX_PADDING or bytes(view[epilogue:]).strip():
        raise MalformedBody("Something follows the last boundary.")
    return parts


def _read_boundary(content_type: str) -> bytes:
    boundary = parse_header_parameters(content_type)[1].get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise MalformedBody("The content type names no boundary.")
    return boundary.encode()


def _find_line_end(body: Buffer, position: int) -> int:
    """Return where the line after a boundary begins. Spaces may stand behind the boundary."""
    end = body.find(b"\r\n", position, position + _MAX_PADDING)
    # RFC 2046, 5.1.1: padding that mail gateways add, and nothing else.
    if end < 0 or bytes(body[position:end]).strip(b" \t"):
        raise MalformedBody("A boundary is not on a line of its own.")
    return end + 2


def _read_part(headers: bytes, content: memoryview) -> FormPart:
    values: dict[str, str] = {}
    parameters: dict[str, dict[str, str]] = {}
    for line in headers.split(b"\r\n"):
        try:
            text = line.decode()
            name, separator, value = text.partition(":")
            name = name.lower()
            # Django's own, so that names are unquoted here as they are everywhere else.
            parameters[name] = parse_header_parameters(text)[1]
        except ValueError:
            raise MalformedBody("A part's headers are not readable.") from None
        if not separator or name in values:
            raise MalformedBody("A part's headers are not readable.")
        values[name] = value.strip()
    disposition = parameters.get("content-disposition", {})
    kind = values.get("content-disposition", "").partition(";")[0].strip().lower()
    if kind != "form-data" or not disposition.get("name"):
        raise MalformedBody("A part does not say which field it is.")
    # RFC 7578, 4.7: senders should not use it. We store what was sent, so we must not decode it.
    if values.get("content-transfer-encoding", "binary").lower() not in _PLAIN_ENCODINGS:
        raise MalformedBody("A part has a Content-Transfer-Encoding. Send it without one.")
    return FormPart(
        name=disposition["name"].strip(string.whitespace),
        filename=disposition.get("filename"),
        media_type=values.get("content-type", "").lower(),
        content=content,
    )
