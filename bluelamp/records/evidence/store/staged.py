"""Bytes on their way into a store: one private file, hashed as it is written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol
from uuid import uuid4

from bluelamp.foundation.kernel.passing import find_room
from bluelamp.records.evidence.store.contract import Kept

_READ_ONLY = 0o444
_MOST_AT_ONCE = 512  # of the 1,024 that Linux takes in one call


class _Keeper(Protocol):
    def keep(self, source: Path, *, sha256: str, size: int) -> Kept: ...


class Staged:
    """A file being received. Write blocks, read `sha256` and `size`, then `keep()` or `discard()`.

    As a context manager it discards what was not kept. Not for use by two threads at once.
    """

    def __init__(self, keeper: _Keeper, folder: Path) -> None:
        find_room(folder)
        self._keeper = keeper
        self.path = folder / f"staged-{uuid4().hex}"
        self._hash = hashlib.sha256()
        self._fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self.size = 0

    def write(self, block: bytes | bytearray | memoryview) -> None:
        """Append bytes. Raises OSError when the disk is full; the file is then good only for
        `discard()`.
        """
        self._hash.update(block)
        write_all(self._fd, [block], self.size)
        self.size += len(block)

    @property
    def sha256(self) -> str:
        """The hash of the bytes written so far, lower-case hex."""
        return self._hash.hexdigest()

    def keep(self) -> Kept:
        """Make the bytes durable and visible under their hash. Raises StoreFault, OSError."""
        os.fchmod(self._fd, _READ_ONLY)
        os.fsync(self._fd)
        self._close()
        return self._keeper.keep(self.path, sha256=self.sha256, size=self.size)

    def discard(self) -> None:
        """Forget the bytes. Does nothing once they are kept."""
        self._close()
        self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Staged:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()


def write_all(fd: int, blocks: Sequence[bytes | bytearray | memoryview], offset: int) -> None:
    """Write blocks one after another at `offset`, whole, and have the disk begin on them.

    Raises OSError (ENOSPC, EFBIG) when the disk refuses.
    """
    views = [memoryview(block) for block in blocks if len(block)]
    start = offset
    try:
        while views:
            done = os.pwritev(fd, views[:_MOST_AT_ONCE], offset)
            offset += done
            while views and done >= len(views[0]):
                done -= len(views.pop(0))
            if done:
                views[0] = views[0][done:]
    finally:
        views.clear()  # or a fault that somebody keeps would keep the bytes, and the file they are mapped from, too
    # Linux starts writing dirty pages back when told they will not be read: the fsync at the end
    # finds little to do.
    os.posix_fadvise(fd, start, offset - start, os.POSIX_FADV_DONTNEED)
