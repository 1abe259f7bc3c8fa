"""The tus 1.0.0 protocol as pure functions: what its headers say.

Source: tus resumable upload protocol 1.0.0 (https://tus.io/protocols/resumable-upload), core and
the extensions creation, creation-with-upload, checksum, termination and expiration.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
CHECKSUM_BYTES = {"sha1": 20, "sha256": 32}
CHUNK_MEDIA_TYPE = "application/offset+octet-stream"
# tus made this status up, so Python does not know it.
CHECKSUM_MISMATCH = 460

_MAX_METADATA_LENGTH = 16 * 1024
_DIGITS = re.compile(r"[0-9]+")
# More than any file; a longer number is as good as this one, and Python refuses to read a very long
# one.
_MAX_NUMBER = 10**18
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Response:
    """A whole response: status, headers without the ones common to all, body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class TusError(Exception):
    """A request that cannot be met: the status that tus gives it, and one plain sentence."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def to_response(self) -> Response:
        """Return it as problem+json (RFC 9457)."""
        is_tus_status = self.status == CHECKSUM_MISMATCH
        problem = {
            "type": "about:blank",
            "title": "Checksum Mismatch" if is_tus_status else HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.message,
        }
        headers = {"content-type": "application/problem+json", **self.headers}
        return Response(self.status, headers, json.dumps(problem).encode())


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a chunk should hash to."""

    algorithm: str
    digest: bytes


def read_number(headers: Mapping[str, str], name: str) -> int:
    """Return a header that must be a non-negative integer. Raises TusError 400."""
    value = headers.get(name)
    if value is None:
        raise TusError(400, f"The header {name} is missing.")
    if not _DIGITS.fullmatch(value):
        raise TusError(400, f"The header {name} must be a whole number.")
    return int(value) if len(value) < len(str(_MAX_NUMBER)) else _MAX_NUMBER


def check_version(headers: Mapping[str, str]) -> None:
    """Check that the client speaks our version. Raises TusError 412."""
    if headers.get("tus-resumable") != VERSION:
        raise TusError(412, f"This server speaks tus {VERSION}.", {"tus-version": VERSION})


def read_upload_length(headers: Mapping[str, str], *, limit: int) -> int:
    """Return the size announced for a new upload, in bytes. Raises TusError 400, 413."""
    if "upload-defer-length" in headers:
        raise TusError(400, "Send the file's size first: this server needs it to begin an upload.")
    length = read_number(headers, "upload-length")
    if length > limit:
        raise TusError(413, f"The file is larger than {limit} bytes, the most you can send here.")
    return length


def read_metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Return Upload-Metadata as text by key. Raises TusError 400.

    >>> read_metadata({"upload-metadata": "filename Y2FyLmpwZw==,flag"})
    {'filename': 'car.jpg', 'flag': ''}
    """
    header = headers.get("upload-metadata", "").strip()
    if len(header) > _MAX_METADATA_LENGTH:
        raise TusError(400, "Upload-Metadata is too long.")
    metadata: dict[str, str] = {}
    for part in header.split(",") if header else ():
        key, _, value = part.strip().partition(" ")
        if not key or not key.isascii() or key in metadata:
            raise TusError(
                400, "Upload-Metadata must be pairs of a key and a base64 value, each key once."
            )
        try:
            text = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise TusError(
                400, f"Upload-Metadata {key[:40]} is not base64 of UTF-8 text."
            ) from None
        # PostgreSQL cannot store it.
        if "\0" in text:
            raise TusError(
                400, f"Upload-Metadata {key[:40]} has a character that cannot be stored."
            )
        metadata[key] = text
    return metadata


def read_device_sha256(metadata: Mapping[str, str]) -> str:
    """Return the hash of the whole file that the device made, lower-case hex, or "".

    Raises TusError 400.
    """
    value = metadata.get("sha256", "").lower()
    if value and not _SHA256.fullmatch(value):
        raise TusError(400, "The metadata sha256 must be 64 hexadecimal digits.")
    return value


def read_checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Return what Upload-Checksum asks for, or None. Raises TusError 400."""
    header = headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, value = header.strip().partition(" ")
    if algorithm not in CHECKSUM_BYTES:
        raise TusError(400, f"The checksum must be {' or '.join(CHECKSUM_BYTES)}.")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != CHECKSUM_BYTES[algorithm]:
        raise TusError(400, f"Upload-Checksum is not the base64 of a {algorithm} checksum.")
    return Checksum(algorithm, digest)


def write_metadata(metadata: Mapping[str, str]) -> str:
    """Return text by key as an Upload-Metadata header.

    >>> write_metadata({"filename": "car.jpg", "flag": ""})
    'filename Y2FyLmpwZw==,flag'
    """
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}".rstrip()
        for key, value in metadata.items()
    )
