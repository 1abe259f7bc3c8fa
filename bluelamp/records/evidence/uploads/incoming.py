"""Uploads on their way in, on disk: the bytes, and a journal of what is known to be there.

Beside each data file lies a journal. Each line is an offset and the SHA-256 of all bytes before it,
written and fsynced only after those bytes were. So the last whole line is what may be acknowledged;
and whoever has no running hash in memory (another process, or this one after a crash) hashes the
file again and holds it against every line. Bytes that fail are refused and the journal cut back: a
resumed file is never taken on trust.

All of this blocks, and is called from worker threads.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from bluelamp.foundation.kernel.passing import find_room
from bluelamp.records.evidence.store.staged import write_all

if TYPE_CHECKING:
    from hashlib import _Hash

_LINE = 86  # 20 digits, a space, 64 hex digits, a line feed
_BLOCK = 4 * 1024**2
_REMEMBERED = 4096
_AHEAD = 64 * 1024**2
EMPTY_SHA256 = hashlib.sha256().hexdigest()


class Busy(Exception):
    """Another request is writing this upload."""


class Gone(Exception):
    """The upload has no bytes here: never begun, finished, or ended."""


class Damaged(Exception):
    """Saved bytes no longer hash to what the journal says; the offset has been taken back."""

    def __init__(self, offset: int, position: int) -> None:
        super().__init__(f"saved bytes changed on disk after offset {offset}")
        self.offset = offset
        self.position = position


@dataclass(frozen=True, slots=True)
class Mark:
    """So many bytes are saved, and hash to this (lower-case hex)."""

    offset: int
    sha256: str


class _Digest(Protocol):
    def update(self, data: bytes | bytearray | memoryview, /) -> None: ...
    def digest(self) -> bytes: ...


class Incoming:
    """The folder of uploads on their way in; `upload_id` is a UUID's text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._hashes: OrderedDict[str, tuple[int, _Hash]] = OrderedDict()
        self._lock = Lock()

    def data(self, upload_id: str) -> Path:
        """Return where the bytes are."""
        return self.folder / f"upload-{upload_id}"

    def journal(self, upload_id: str) -> Path:
        """Return where the journal is."""
        return self.folder / f"upload-{upload_id}.journal"

    def create(self, upload_id: str) -> None:
        """Make room for a new upload, durably. Raises OSError."""
        journal = os.open(
            self.journal(upload_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
        )
        try:
            os.pwrite(journal, _line(Mark(0, EMPTY_SHA256)), 0)
            os.fsync(journal)
        finally:
            os.close(journal)
        os.close(
            os.open(
                self.data(upload_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
            )
        )
        folder = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def saved(self, upload_id: str) -> Mark:
        """Return how far the upload is, from the last whole line of its journal. Raises Gone."""
        try:
            fd = os.open(self.journal(upload_id), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise Gone from None
        try:
            return _last(fd)[0]
        finally:
            os.close(fd)

    def open(self, upload_id: str) -> Piece:
        """Take the upload for writing. Raises Busy, Gone, Damaged, OSError."""
        try:
            fd = os.open(self.data(upload_id), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise Gone from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(fd).st_nlink == 0:
                raise Gone
            journal = os.open(self.journal(upload_id), os.O_RDWR | os.O_CLOEXEC)
        except BlockingIOError:
            os.close(fd)
            raise Busy from None
        except FileNotFoundError:
            os.close(fd)
            raise Gone from None
        except BaseException:
            os.close(fd)
            raise
        try:
            mark, end = _last(journal)
            return Piece(
                self, upload_id, fd, journal, end, mark, self._hash_at(upload_id, fd, journal, mark)
            )
        except BaseException:
            os.close(journal)
            os.close(fd)
            raise

    def remove(self, upload_id: str) -> None:
        """Forget an upload and its bytes. The caller has settled that nobody needs them."""
        self.forget(upload_id)
        self.data(upload_id).unlink(missing_ok=True)
        self.journal(upload_id).unlink(missing_ok=True)

    def forget(self, upload_id: str) -> None:
        """Drop the running hash kept in memory: the next opening reads the bytes again."""
        with self._lock:
            self._hashes.pop(upload_id, None)

    def remember(self, upload_id: str, offset: int, running: _Hash) -> None:
        """Keep a running hash in memory until the next piece."""
        with self._lock:
            self._hashes[upload_id] = (offset, running)
            self._hashes.move_to_end(upload_id)
            while len(self._hashes) > _REMEMBERED:
                self._hashes.popitem(last=False)

    def _hash_at(self, upload_id: str, fd: int, journal: int, mark: Mark) -> _Hash:
        with self._lock:
            remembered = self._hashes.pop(upload_id, None)
        if remembered and remembered[0] <= mark.offset:
            if remembered[0] == mark.offset and remembered[1].hexdigest() == mark.sha256:
                return remembered[1]
            try:
                return _replay(fd, journal, *remembered)
            except Damaged:
                pass  # what is remembered may be older than the journal's own history: only a full reading decides
        try:
            return _replay(fd, journal, 0, hashlib.sha256())
        except Damaged as damage:
            os.ftruncate(journal, damage.position)
            os.fsync(journal)
            raise


class Piece:
    """One upload held for writing, from `mark` onwards. Close it; what was not saved is then
    void.
    """

    def __init__(
        self,
        incoming: Incoming,
        upload_id: str,
        fd: int,
        journal: int,
        end: int,
        mark: Mark,
        running: _Hash,
    ) -> None:
        self._incoming = incoming
        self._upload_id = upload_id
        self._fd = fd
        self._journal = journal
        self._end = end
        self._running = running
        self._saved = running.copy()
        self._check: _Digest | None = None
        self.mark = mark
        self.offset = mark.offset

    def expect(self, *, size: int, algorithm: str = "") -> None:
        """Say how many bytes will come, so that a full disk is found out first, and which checksum
        to make.

        Only what a piece commonly has is set aside: announcing much must not fill the disk. Raises
        OSError (ENOSPC, EFBIG).
        """
        if size:
            try:
                find_room(self._fd, size)
                _allocate(self._fd, self.offset, min(size, _AHEAD))
            except OSError:
                os.ftruncate(
                    self._fd, self.mark.offset
                )  # what was allocated before the disk was full
                raise
        self._check = hashlib.new(algorithm) if algorithm else None

    def write(self, blocks: Sequence[bytes]) -> None:
        """Append bytes, hashed on the way. Raises OSError; the piece is then good only for
        `close()`.
        """
        write_all(self._fd, blocks, self.offset)
        for block in blocks:
            self._running.update(block)
            if self._check is not None:
                self._check.update(block)
            self.offset += len(block)

    def checks_to(self, digest: bytes) -> bool:
        """Say whether the bytes of this piece hash to what the sender said."""
        return self._check is not None and self._check.digest() == digest

    def save(self) -> Mark:
        """Make all written bytes durable and return how far the upload is. Raises OSError: then
        nothing is saved.
        """
        if self.offset > self.mark.offset:
            mark = Mark(self.offset, self._running.hexdigest())
            os.fdatasync(self._fd)
            os.pwrite(self._journal, _line(mark), self._end)
            os.fdatasync(self._journal)
            self._end += _LINE
            self._saved = self._running.copy()
            self.mark = mark
        return self.mark

    @property
    def is_closed(self) -> bool:
        """Whether the upload was let go of."""
        return self._fd < 0

    def close(self) -> None:
        """Let go of the upload. What was not saved is cut off; the running hash is kept for the
        next piece.
        """
        if self._fd < 0:
            return
        try:
            if os.fstat(self._fd).st_size != self.mark.offset:
                os.ftruncate(self._fd, self.mark.offset)
            self._incoming.remember(self._upload_id, self.mark.offset, self._saved)
        finally:
            os.close(self._journal)
            os.close(self._fd)
            self._fd = -1

    def take(self) -> Path:
        """Cut the file to what is saved, make it read-only and durable, and return where it is."""
        os.ftruncate(self._fd, self.mark.offset)
        os.fchmod(self._fd, 0o444)
        os.fsync(self._fd)
        return self._incoming.data(self._upload_id)


def _line(mark: Mark) -> bytes:
    return b"%020d %s\n" % (mark.offset, mark.sha256.encode())


def _parse(line: bytes) -> Mark | None:
    if len(line) != _LINE or line[20:21] != b" " or line[-1:] != b"\n" or not line[:20].isdigit():
        return None
    return Mark(int(line[:20]), line[21:-1].decode("ascii", "replace"))


def _last(journal: int) -> tuple[Mark, int]:
    """Return the last whole line, and where the next one goes. Raises Gone for a journal without
    any.
    """
    position = os.fstat(journal).st_size // _LINE * _LINE
    while position > 0:
        if mark := _parse(os.pread(journal, _LINE, position - _LINE)):
            return mark, position
        position -= _LINE
    raise Gone


def _lines(journal: int) -> Iterator[tuple[int, Mark]]:
    """Yield each line with its position; a line that was torn by a crash ends the journal."""
    position = 0
    while mark := _parse(os.pread(journal, _LINE, position)):
        yield position, mark
        position += _LINE


def _replay(fd: int, journal: int, good: int, running: _Hash) -> _Hash:
    """Hash the file on from `good` to the journal's end, held against each line. Raises Damaged."""
    for position, line in _lines(journal):
        if line.offset < good:
            continue
        is_whole = _hash_on(running, fd, good, line.offset)
        if not is_whole or running.hexdigest() != line.sha256:
            raise Damaged(good, position)
        good = line.offset
    return running


def _hash_on(running: _Hash, fd: int, start: int, stop: int) -> bool:
    """Hash a stretch of the file; False when the file ends before it."""
    while start < stop:
        block = os.pread(fd, min(_BLOCK, stop - start), start)
        if not block:
            return False
        running.update(block)
        start += len(block)
    return True


def _allocate(fd: int, offset: int, size: int) -> None:
    try:
        os.posix_fallocate(fd, offset, size)
    except OSError as error:
        if error.errno not in {errno.EOPNOTSUPP, errno.EINVAL}:
            raise
