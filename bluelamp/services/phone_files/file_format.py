"""Reads a file from a phone (docs/decisions/0024-files-from-phones.md). Nothing is believed before
it is proved.

Every length in it is bounded before anything is read by it, and the lengths must add up to the size
of the file. Memory holds one chunk and the list of captures, whatever the file says.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bluelamp.foundation.kernel.text import is_storable
from bluelamp.services.phone_files.rules import (
    FORMAT,
    MAX_CAPTURE_BYTES,
    MAX_ENTRIES,
    AttachedFile,
    Entry,
    Fault,
    FileRejected,
    Header,
    Manifest,
)

_MAGIC = b"BLPHONE1"
_MAX_HEADER_BYTES = 2_048
_MAX_MANIFEST_BYTES = 2 * 1024**2
_CHUNK_BYTES = range(1_024, 1024**2 + 1)
_TAG_BYTES = 16
_SIGNATURE_BYTES = 64
# Of a petabyte and more no sum is formed: no disk has it.
_MAX_FILE_BYTES = 10**15
_MAX_TEXT = 400
_SHA256 = re.compile(r"[0-9a-f]{64}")
_READ_BYTES = 1024**2


class Readable(Protocol):
    """An open binary file."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class OpenEntry:
    """One capture as it is read: its bytes, which are proved, and the stream of its file."""

    entry: Entry
    capture: bytes
    file: ProvedStream | None


def read_header(file: Readable) -> Header:
    """Return the header of a file, which is then read up to its first chunk.

    Raises:
        FileRejected: It is no such file.
    """
    start = _read(file, len(_MAGIC) + 4)
    if start[: len(_MAGIC)] != _MAGIC:
        raise FileRejected(Fault.NOT_A_PHONE_FILE)
    if len(start) < len(_MAGIC) + 4:
        raise FileRejected(Fault.DAMAGED)
    (length,) = struct.unpack(">I", start[len(_MAGIC) :])
    if not 1 <= length <= _MAX_HEADER_BYTES:
        raise FileRejected(Fault.DAMAGED)
    raw = _read(file, length)
    with _damage():
        data = _parse_object(raw)
        header = Header(
            file_id=UUID(_text(data, "file_id")),
            force=_text(data, "force"),
            key_id=_text(data, "key_id"),
            ephemeral=base64.b64decode(_text(data, "ephemeral"), validate=True),
            device_id=UUID(_text(data, "device_id")),
            chunk=_number(data, "chunk"),
            raw=start + raw,
        )
    if len(raw) != length or header.chunk not in _CHUNK_BYTES:
        raise FileRejected(Fault.DAMAGED)
    return header


class PhoneFileReader:
    """The contents of a file, after its header. They are read once, from the front."""

    def __init__(
        self, file: Readable, *, header: Header, size: int, key: ec.EllipticCurvePrivateKey
    ) -> None:
        """Begin to read.

        Args:
            file: At its first chunk.
            header: What was read before.
            size: The bytes of the whole file.
            key: The force's private key that the header names.

        Raises:
            FileRejected: The file has no contents, or its header names no point of the curve.
        """
        self._stream = _ChunkStream(file, size - len(header.raw), header, _derive_key(key, header))

    def read_manifest(self) -> Manifest:
        """Return the list of what the file holds. Its signature is not checked here.

        Raises:
            FileRejected: It is damaged, says something else than it holds, or holds too much.
        """
        (length,) = struct.unpack(">I", self._stream.read_exactly(4))
        if not 1 <= length <= _MAX_MANIFEST_BYTES:
            raise FileRejected(Fault.TOO_MANY)
        raw = self._stream.read_exactly(length)
        signature = self._stream.read_exactly(_SIGNATURE_BYTES)
        with _damage():
            manifest = _parse_manifest(raw, signature)
        total = 4 + length + _SIGNATURE_BYTES + sum(entry.all_bytes for entry in manifest.entries)
        # So no length in the list can be a lie, whatever is read by it below.
        if total != self._stream.plain_bytes:
            raise FileRejected(Fault.DAMAGED)
        return manifest

    def read_entries(self, manifest: Manifest) -> Iterator[OpenEntry]:
        """Yield each capture. What the caller leaves of its file is read and proved all the same.

        Raises:
            FileRejected: Something is not what the list says.
        """
        for entry in manifest.entries:
            capture = self._stream.read_exactly(entry.size)
            if hashlib.sha256(capture).hexdigest() != entry.sha256:
                raise FileRejected(Fault.DAMAGED)
            stream = ProvedStream(self._stream.read_exactly, entry.file) if entry.file else None
            yield OpenEntry(entry, capture, stream)
            if stream:
                stream.read_to_end()


class ProvedStream:
    """The bytes of a photo, video or document. The last ones are given out only once all are
    proved.
    """

    def __init__(self, read: Callable[[int], bytes], about: AttachedFile) -> None:
        self._read = read
        self._about = about
        self._left = about.size
        self._hash = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        """Return so many of the next bytes, fewer at the end, b"" after it.

        Raises:
            FileRejected: They are not those of the list.
        """
        if not self._left:
            return b""
        block = self._read(min(size, self._left))
        self._left -= len(block)
        self._hash.update(block)
        if not self._left and self._hash.hexdigest() != self._about.sha256:
            raise FileRejected(Fault.DAMAGED)
        return block

    def read_to_end(self) -> None:
        """Read what is left and throw it away."""
        while self.read(_READ_BYTES):
            pass


class _ChunkStream:
    """The decrypted contents. Each chunk is proved before a byte of it is given out."""

    def __init__(self, file: Readable, size: int, header: Header, key: AESGCM) -> None:
        self._file = file
        self._left = size
        self._chunk = header.chunk
        self._key = key
        self._index = 0
        self._buffer = b""
        full = header.chunk + _TAG_BYTES
        count = -(-size // full)
        self.plain_bytes = size - count * _TAG_BYTES
        # 4 bytes of the index are in the nonce.
        if size <= _TAG_BYTES or count >= 2**32 or size > _MAX_FILE_BYTES:
            raise FileRejected(Fault.DAMAGED)

    def read_exactly(self, size: int) -> bytes:
        """Return so many bytes. Raises FileRejected where the file has fewer."""
        parts: list[bytes] = []
        while size:
            if not self._buffer:
                self._buffer = self._next_chunk()
            part, self._buffer = self._buffer[:size], self._buffer[size:]
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _next_chunk(self) -> bytes:
        length = min(self._left, self._chunk + _TAG_BYTES)
        if not length:
            raise FileRejected(Fault.DAMAGED)
        encrypted = _read(self._file, length)
        self._left -= length
        # Its place, and whether it is the last: so none can be left out, turned round or cut off.
        nonce = bytes(7) + struct.pack(">I", self._index) + bytes([not self._left])
        self._index += 1
        try:
            return self._key.decrypt(nonce, encrypted, None)
        except InvalidTag:
            raise FileRejected(Fault.DAMAGED) from None


def key_id_of(public_key: bytes) -> str:
    """Return the name of a key: the start of the hash of its uncompressed point."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def _derive_key(key: ec.EllipticCurvePrivateKey, header: Header) -> AESGCM:
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), header.ephemeral)
    except ValueError:
        raise FileRejected(Fault.DAMAGED) from None
    salt = hashlib.sha256(header.raw).digest()
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=salt, info=FORMAT.encode())
    return AESGCM(hkdf.derive(key.exchange(ec.ECDH(), point)))


def _parse_manifest(raw: bytes, signature: bytes) -> Manifest:
    data = _parse_object(raw)
    rows = data["entries"]
    if not isinstance(rows, list):
        raise ValueError
    if len(rows) > MAX_ENTRIES:
        raise FileRejected(Fault.TOO_MANY)
    if not rows:
        raise FileRejected(Fault.EMPTY)
    entries = tuple(_parse_entry(row) for row in rows)
    if len({entry.id for entry in entries}) != len(entries):
        raise FileRejected(Fault.DAMAGED)
    saved_at = datetime.fromisoformat(_text(data, "saved_at"))
    if saved_at.tzinfo is None:
        raise ValueError
    return Manifest(
        saved_at=saved_at,
        app=_text(data, "app")[:100],
        entries=entries,
        raw=raw,
        signature=signature,
    )


def _parse_entry(row: Any) -> Entry:
    size = _number(row, "size")
    if not 1 <= size <= MAX_CAPTURE_BYTES:
        raise ValueError
    file = row["file"]
    return Entry(
        id=UUID(_text(row, "id")),
        officer_id=UUID(_text(row, "officer_id")),
        sha256=_hash(row),
        size=size,
        file=AttachedFile(sha256=_hash(file), size=_file_size(file)) if file is not None else None,
        problem=_text(row, "problem")[:_MAX_TEXT],
    )


def _file_size(file: Any) -> int:
    size = _number(file, "size")
    if not 1 <= size <= _MAX_FILE_BYTES:
        raise ValueError
    return size


def _hash(row: Any) -> str:
    sha256 = _text(row, "sha256")
    if not _SHA256.fullmatch(sha256):
        raise ValueError
    return sha256


def _text(row: Any, name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not is_storable(value):
        raise ValueError
    return value


def _number(row: Any, name: str) -> int:
    value = row[name]
    # A bool is an int in Python.
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError
    return value


def _parse_object(raw: bytes) -> dict[str, Any]:
    data = json.loads(raw.decode())
    if not isinstance(data, dict):
        raise ValueError
    return data


@contextmanager
def _damage() -> Iterator[None]:
    """Turn whatever is wrong with a text into FileRejected."""
    try:
        yield
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        raise FileRejected(Fault.DAMAGED) from None


def _read(file: Readable, size: int) -> bytes:
    """Return so many bytes, or fewer at the end: a store may give less at a time."""
    parts: list[bytes] = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
