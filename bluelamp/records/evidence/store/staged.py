"""Bytes on their way into a store: one private file, hashed as it is written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol
from uuid import uuid4

from bluelamp.foundation.kernel.transient import require_free_space
from bluelamp.records.evidence.store.blobs import StoredBlob

_READ_ONLY = 0o400
# Linux takes 1,024 buffers in one call (IOV_MAX); half of that leaves room and is as fast.
_MAX_BUFFERS = 512


class _PutsFiles(Protocol):
    """The one thing that a staged file needs of its store."""

    def put(self, source: Path, *, sha256: str, size: int) -> StoredBlob: ...


class StagedFile:
    """A file that is being received: write blocks, then `commit()` or `discard()`.

    As a context manager it discards what was not committed. One thread may use it at a time.
    """

    def __init__(self, store: _PutsFiles, folder: Path) -> None:
        require_free_space(folder)
        self._store = store
        self.path = folder / f"staged-{uuid4().hex}"
        self._hash = hashlib.sha256()
        # O_EXCL: never into a file that somebody else made; O_CLOEXEC: no child process gets it.
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self.size = 0

    def write(self, block: bytes | bytearray | memoryview) -> None:
        """Append bytes.

        Raises:
            OSError: The disk is full. After that only `discard()` makes sense.
        """
        self._hash.update(block)
        write_all(self._fd, [block], self.size)
        self.size += len(block)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the bytes written so far, in lower-case hex."""
        return self._hash.hexdigest()

    def commit(self) -> StoredBlob:
        """Make the bytes durable, and visible under their hash. Raises StoreError, OSError."""
        os.fchmod(self._fd, _READ_ONLY)
        # Before the store gives the file its name: a name must never stand for lost bytes.
        os.fsync(self._fd)
        self._close()
        return self._store.put(self.path, sha256=self.sha256, size=self.size)

    def discard(self) -> None:
        """Delete the bytes. Does nothing once they are committed."""
        self._close()
        self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> StagedFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()


def write_all(fd: int, blocks: Sequence[bytes | bytearray | memoryview], offset: int) -> None:
    """Write all blocks, one after another, from `offset` on, and let the disk begin on them.

    Args:
        fd: A file descriptor open for writing.
        blocks: What to write; none is copied.
        offset: Where the first block goes, in bytes from the start of the file.

    Raises:
        OSError: The disk refuses (ENOSPC, EFBIG).
    """
    views = [memoryview(block) for block in blocks if len(block)]
    start = offset
    try:
        while views:
            written = os.pwritev(fd, views[:_MAX_BUFFERS], offset)
            offset += written
            while views and written >= len(views[0]):
                written -= len(views.pop(0))
            # The disk took part of a block: the rest of it is first in the next call.
            if written:
                views[0] = views[0][written:]
    finally:
        # An exception keeps this frame alive, and a view would keep the bytes alive with it, and
        # also the file that they may be mapped from.
        views.clear()
    # Linux starts to write dirty pages back when it hears that nobody will read them. The fsync at
    # the end then finds little left to do.
    os.posix_fadvise(fd, start, offset - start, os.POSIX_FADV_DONTNEED)
