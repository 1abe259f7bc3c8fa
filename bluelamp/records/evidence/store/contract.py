"""What every evidence store offers; one test suite holds each of them to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from bluelamp.records.evidence.store.staged import Staged

_SHA256 = re.compile(r"[0-9a-f]{64}")


class StoreFault(Exception):
    """The store did not do what it promised, or holds other bytes than their name says."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are durable: lower-case hex SHA-256, size in bytes, and whether they were new to
    the store.
    """

    sha256: str
    size: int
    is_new: bool


class Store(Protocol):
    """Content-addressed, write-once bytes. Every `sha256` is 64 lower-case hex digits; others raise
    ValueError.
    """

    @property
    def incoming(self) -> Path:
        """A local folder for bytes on their way in, on the same file system as a folder store."""

    def stage(self) -> Staged:
        """Start receiving bytes. Raises OSError when the disk refuses, or has too little left for
        the rest.
        """

    def keep(self, source: Path, *, sha256: str, size: int) -> Kept:
        """Take a complete, fsynced local file into the store and remove it from where it was.

        The caller vouches for hash and size; bytes held already are not written again. Raises
        StoreFault when the store holds other bytes under that hash, OSError when the disk refuses.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Open kept bytes for reading. Raises FileNotFoundError."""

    def exists(self, sha256: str) -> bool:
        """Say whether the bytes are kept."""

    def size(self, sha256: str) -> int:
        """Return the number of bytes kept. Raises FileNotFoundError."""

    def path(self, sha256: str) -> Path | None:
        """Return a local path to read from, or None where there is none (S3). Raises
        FileNotFoundError.
        """

    def walk(self) -> Iterator[str]:
        """Yield the hash of everything kept."""


def key_of(sha256: str) -> str:
    """Return `ab/cd/<sha256>`, the place of these bytes in any store.

    >>> key_of("ab12" + "0" * 60)[:12]
    'ab/12/ab1200'
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in lower-case hex: {sha256[:80]!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
