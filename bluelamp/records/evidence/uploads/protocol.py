"""The tus 1.0.0 protocol as pure functions: what its headers say, and what the answers are called.

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
CHECKSUMS = {"sha1": 20, "sha256": 32}
PIECE_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460

_LONGEST_METADATA = 16 * 1024
_NUMBER = re.compile(r"[0-9]+")
_LARGEST = 10**18  # more than any file; a longer number is as good as this one
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers without the tus ones common to all, body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Said(Exception):
    """A request that cannot be met: the status tus gives it and one plain sentence."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def answer(self) -> Answer:
        """Return it as problem+json (RFC 9457)."""
        title = (
            "Checksum Mismatch"
            if self.status == CHECKSUM_MISMATCH
            else HTTPStatus(self.status).phrase
        )
        problem = {
            "type": "about:blank",
            "title": title,
            "status": self.status,
            "detail": self.message,
        }
        headers = {"content-type": "application/problem+json", **self.headers}
        return Answer(self.status, headers, json.dumps(problem).encode())


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a piece should hash to."""

    algorithm: str
    digest: bytes


def number(headers: Mapping[str, str], name: str) -> int:
    """Return a header that must be a non-negative integer. Raises Said 400."""
    value = headers.get(name)
    if value is None:
        raise Said(400, f"The header {name} is missing.")
    if not _NUMBER.fullmatch(value):
        raise Said(400, f"The header {name} must be a whole number of bytes.")
    return int(value) if len(value) <= 18 else _LARGEST


def check_version(headers: Mapping[str, str]) -> None:
    """Raise Said 412 unless the request speaks this version of tus."""
    if headers.get("tus-resumable") != VERSION:
        raise Said(412, f"This server speaks tus {VERSION} only.", {"tus-version": VERSION})


def upload_length(headers: Mapping[str, str], *, limit: int) -> int:
    """Return the size announced for a new upload, in bytes. Raises Said 400, 413."""
    if "upload-defer-length" in headers:
        raise Said(
            400, "Say the size first: this server does not take uploads of a length still unknown."
        )
    length = number(headers, "upload-length")
    if length > limit:
        raise Said(413, f"The file is larger than {limit} bytes, the most that can be sent here.")
    return length


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Return Upload-Metadata as text by key. Raises Said 400.

    >>> metadata({"upload-metadata": "filename Y2FyLmpwZw==,flag"})
    {'filename': 'car.jpg', 'flag': ''}
    """
    header = headers.get("upload-metadata", "").strip()
    if len(header) > _LONGEST_METADATA:
        raise Said(400, "Upload-Metadata is too long.")
    pairs: dict[str, str] = {}
    for part in header.split(",") if header else ():
        key, _, value = part.strip().partition(" ")
        if not key or not key.isascii() or key in pairs:
            raise Said(
                400, "Upload-Metadata must be pairs of a key and a base64 value, each key once."
            )
        try:
            text = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise Said(400, f"Upload-Metadata {key[:40]} is not base64 of UTF-8 text.") from None
        if "\0" in text:
            raise Said(400, f"Upload-Metadata {key[:40]} holds a character that cannot be kept.")
        pairs[key] = text
    return pairs


def device_sha256(pairs: Mapping[str, str]) -> str:
    """Return the whole file's hash as the device made it, lower-case hex, or "". Raises Said
    400.
    """
    value = pairs.get("sha256", "").lower()
    if value and not _SHA256.fullmatch(value):
        raise Said(400, "The metadata sha256 must be 64 hexadecimal digits.")
    return value


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """Return what Upload-Checksum asks for, if it is there. Raises Said 400."""
    header = headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, value = header.strip().partition(" ")
    if algorithm not in CHECKSUMS:
        raise Said(400, f"Checksums here are {' or '.join(CHECKSUMS)}.")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != CHECKSUMS[algorithm]:
        raise Said(400, f"Upload-Checksum is not the base64 of a {algorithm} checksum.")
    return Checksum(algorithm, digest)


def write_metadata(pairs: Mapping[str, str]) -> str:
    """Return pairs as an Upload-Metadata header.

    >>> write_metadata({"filename": "car.jpg", "flag": ""})
    'filename Y2FyLmpwZw==,flag'
    """
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}".rstrip()
        for key, value in pairs.items()
    )
