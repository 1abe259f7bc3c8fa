"""What every evidence store offers. One test suite runs against each of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from bluelamp.records.evidence.store.blobs import StoredBlob
from bluelamp.records.evidence.store.staged import StagedFile


class Store(Protocol):
    """Content-addressed, write-once bytes.

    Every `sha256` is 64 lower-case hex digits; anything else raises ValueError.
    """

    @property
    def incoming_folder(self) -> Path:
        """A local folder for bytes that are arriving, on the same file system as a folder store."""

    def stage(self) -> StagedFile:
        """Start to receive bytes.

        Raises:
            OSError: The disk refuses, or has too little space left for everything else.
        """

    def put(self, source: Path, *, sha256: str, size: int) -> StoredBlob:
        """Move a complete, fsynced local file into the store.

        The caller vouches for hash and size. Bytes that the store has already are not written
        again; `source` is removed all the same.

        Raises:
            StoreError: The store has other bytes under that hash.
            OSError: The disk refuses.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Open stored bytes for reading. Raises FileNotFoundError."""

    def exists(self, sha256: str) -> bool:
        """Return whether the store has the bytes."""

    def size(self, sha256: str) -> int:
        """Return the number of bytes stored. Raises FileNotFoundError."""

    def path(self, sha256: str) -> Path | None:
        """Return a local path to read from, or None where there is none (S3).

        Raises:
            FileNotFoundError: The store does not have the bytes.
        """

    def walk_hashes(self) -> Iterator[str]:
        """Yield the hash of everything stored."""
