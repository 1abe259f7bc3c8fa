"""Uploads that are arriving, on disk: the bytes, and a journal of which of them are durable.

A journal lies beside each data file. Each of its lines is an offset and the SHA-256 of all bytes
before it, written and fsynced only after those bytes were. So the last whole line is what may be
acknowledged. Whoever has no running hash in memory (another process, or this one after a crash)
hashes the file again and compares it with every line. Bytes that fail are refused and the journal
is cut back: a resumed file is never trusted without being read.

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

from bluelamp.foundation.kernel.durable import sync_folder
from bluelamp.foundation.kernel.transient import has_free_share
from bluelamp.records.evidence.store.staged import write_all
from bluelamp.records.evidence.uploads.errors import SpoolCorrupted, UploadLocked, UploadMissing

if TYPE_CHECKING:
    from hashlib import _Hash

# 20 digits, a space, 64 hexadecimal digits, a line feed.
_LINE_BYTES = 86
_READ_BYTES = 4 * 1024**2
_MAX_RUNNING_HASHES = 4096
_MAX_PREALLOCATED = 64 * 1024**2
EMPTY_SHA256 = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of a journal: the first `offset` bytes are durable and hash to `sha256` (lower-case
    hex).
    """

    offset: int
    sha256: str

    def to_line(self) -> bytes:
        """Return the entry as a line of the journal."""
        return b"%020d %s\n" % (self.offset, self.sha256.encode())


class _Digest(Protocol):
    def update(self, data: bytes | bytearray | memoryview, /) -> None: ...
    def digest(self) -> bytes: ...


class Spool:
    """The folder of uploads that are arriving. Every `upload_id` is a UUID's text.

    It remembers the running hash of recent uploads, so that a chunk need not read again what came
    before it. That memory may be lost at any time: the bytes on disk are then hashed again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running_hashes: OrderedDict[str, tuple[int, _Hash]] = OrderedDict()
        self._lock = Lock()

    def data_path(self, upload_id: str) -> Path:
        """Return where the bytes are."""
        return self.folder / f"upload-{upload_id}"

    def journal_path(self, upload_id: str) -> Path:
        """Return where the journal is."""
        return self.folder / f"upload-{upload_id}.journal"

    def create(self, upload_id: str) -> None:
        """Create the files of a new upload, durably. Raises OSError."""
        journal = _create_file(self.journal_path(upload_id))
        try:
            os.pwrite(journal, JournalEntry(0, EMPTY_SHA256).to_line(), 0)
            os.fsync(journal)
        finally:
            os.close(journal)
        os.close(_create_file(self.data_path(upload_id)))
        sync_folder(self.folder)

    def last_entry(self, upload_id: str) -> JournalEntry:
        """Return how much of the upload is durable. Raises UploadMissing."""
        try:
            fd = os.open(self.journal_path(upload_id), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise UploadMissing from None
        try:
            return _read_last_entry(fd)[0]
        finally:
            os.close(fd)

    def open_writer(self, upload_id: str) -> ChunkWriter:
        """Lock the upload and open it for writing after its last durable byte.

        Raises:
            UploadLocked: Another writer has it, in this process or in another.
            UploadMissing: It has no bytes here.
            SpoolCorrupted: Saved bytes have changed on disk.
            OSError: The disk fails.
        """
        try:
            fd = os.open(self.data_path(upload_id), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise UploadMissing from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Between the open and the lock, another request may have finished and removed the file.
            if os.fstat(fd).st_nlink == 0:
                raise UploadMissing
            journal = os.open(self.journal_path(upload_id), os.O_RDWR | os.O_CLOEXEC)
        except BlockingIOError:
            os.close(fd)
            raise UploadLocked from None
        except FileNotFoundError:
            os.close(fd)
            raise UploadMissing from None
        except BaseException:
            os.close(fd)
            raise
        try:
            entry, journal_end = _read_last_entry(journal)
            running_hash = self._resume_hash(upload_id, fd, journal, entry)
            return ChunkWriter(self, upload_id, fd, journal, journal_end, entry, running_hash)
        except BaseException:
            os.close(journal)
            os.close(fd)
            raise

    def remove(self, upload_id: str) -> None:
        """Delete an upload's bytes and journal. The caller has made sure that nobody needs them."""
        with self._lock:
            self._running_hashes.pop(upload_id, None)
        self.data_path(upload_id).unlink(missing_ok=True)
        self.journal_path(upload_id).unlink(missing_ok=True)

    def cache_hash(self, upload_id: str, offset: int, running_hash: _Hash) -> None:
        """Keep a running hash in memory until the next chunk."""
        with self._lock:
            self._running_hashes[upload_id] = (offset, running_hash)
            self._running_hashes.move_to_end(upload_id)
            while len(self._running_hashes) > _MAX_RUNNING_HASHES:
                self._running_hashes.popitem(last=False)

    def _resume_hash(self, upload_id: str, fd: int, journal: int, entry: JournalEntry) -> _Hash:
        """Return the running hash at the journal's end, from memory or from the bytes on disk."""
        with self._lock:
            offset, running_hash = self._running_hashes.pop(upload_id, (0, None))
        if running_hash and offset <= entry.offset:
            if offset == entry.offset and running_hash.hexdigest() == entry.sha256:
                return running_hash
            try:
                # Another process wrote chunks since: only those are read.
                return _replay_journal(fd, journal, offset, running_hash)
            except SpoolCorrupted:
                # The memory may be older than the journal, whose tail may have been cut back and
                # written anew since. Only a full reading decides.
                pass
        try:
            return _replay_journal(fd, journal, 0, hashlib.sha256())
        except SpoolCorrupted as error:
            os.ftruncate(journal, error.journal_position)
            os.fsync(journal)
            raise


class ChunkWriter:
    """One upload, locked for writing after its last durable byte.

    Close it. What was not saved by then is cut off again.

    Attributes:
        entry: How much of the upload is durable.
        offset: Where the next byte goes.
    """

    def __init__(
        self,
        spool: Spool,
        upload_id: str,
        fd: int,
        journal: int,
        journal_end: int,
        entry: JournalEntry,
        running_hash: _Hash,
    ) -> None:
        self._spool = spool
        self._upload_id = upload_id
        self._fd = fd
        self._journal = journal
        self._journal_end = journal_end
        self._running_hash = running_hash
        self._hash_at_entry = running_hash.copy()
        self._chunk_hash: _Digest | None = None
        self._reserve_percent = 0
        self.entry = entry
        self.offset = entry.offset

    def prepare(self, *, size: int, algorithm: str = "", reserve_percent: int = 0) -> None:
        """Check that the chunk fits on the disk, and begin its checksum.

        Args:
            size: How many bytes are announced, 0 when unknown.
            algorithm: The checksum to make, "" for none.
            reserve_percent: The share of the disk that this sender must leave free.

        Raises:
            OSError: There is no room (ENOSPC, EFBIG).
        """
        self._reserve_percent = reserve_percent
        if size:
            try:
                self._require_space(size)
                # Only what a chunk usually has: an announcement alone must not fill the disk.
                _preallocate(self._fd, self.offset, min(size, _MAX_PREALLOCATED))
            except OSError:
                # Give back what was allocated before the disk was full.
                os.ftruncate(self._fd, self.entry.offset)
                raise
        self._chunk_hash = hashlib.new(algorithm) if algorithm else None

    def write(self, blocks: Sequence[bytes]) -> None:
        """Append bytes and hash them. Raises OSError; after that only `close()` makes sense."""
        # Also here: a chunk need not say how long it is.
        self._require_space(sum(len(block) for block in blocks))
        write_all(self._fd, blocks, self.offset)
        for block in blocks:
            self._running_hash.update(block)
            if self._chunk_hash is not None:
                self._chunk_hash.update(block)
            self.offset += len(block)

    def _require_space(self, size: int) -> None:
        if not has_free_share(self._fd, self._reserve_percent, size):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def matches_checksum(self, digest: bytes) -> bool:
        """Return whether the bytes of this chunk hash to what the sender said."""
        return self._chunk_hash is not None and self._chunk_hash.digest() == digest

    def save(self) -> JournalEntry:
        """Make all written bytes durable. Raises OSError: then nothing more is durable."""
        if self.offset > self.entry.offset:
            entry = JournalEntry(self.offset, self._running_hash.hexdigest())
            # In this order: after a power cut, a journal line must never stand for lost bytes.
            os.fdatasync(self._fd)
            os.pwrite(self._journal, entry.to_line(), self._journal_end)
            os.fdatasync(self._journal)
            self._journal_end += _LINE_BYTES
            self._hash_at_entry = self._running_hash.copy()
            self.entry = entry
        return self.entry

    @property
    def is_closed(self) -> bool:
        """Whether the upload was unlocked."""
        return self._fd < 0

    def close(self) -> None:
        """Unlock the upload, and cut off what was not saved."""
        if self._fd < 0:
            return
        try:
            if os.fstat(self._fd).st_size != self.entry.offset:
                os.ftruncate(self._fd, self.entry.offset)
            self._spool.cache_hash(self._upload_id, self.entry.offset, self._hash_at_entry)
        finally:
            os.close(self._journal)
            os.close(self._fd)  # this ends the lock
            self._fd = -1

    def finalise_file(self) -> Path:
        """Cut the file to what is saved, make it read-only and durable, and return where it is."""
        os.ftruncate(self._fd, self.entry.offset)
        os.fchmod(self._fd, 0o400)
        os.fsync(self._fd)
        return self._spool.data_path(self._upload_id)


def _create_file(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _parse_line(line: bytes) -> JournalEntry | None:
    """Return a line's entry, or None for a line that a crash has torn."""
    is_whole = len(line) == _LINE_BYTES and line[20:21] == b" " and line[-1:] == b"\n"
    if not is_whole or not line[:20].isdigit():
        return None
    return JournalEntry(int(line[:20]), line[21:-1].decode("ascii", "replace"))


def _read_last_entry(journal: int) -> tuple[JournalEntry, int]:
    """Return the last whole line's entry, and where the next line goes.

    Raises:
        UploadMissing: The journal has no whole line, so it never was one.
    """
    # A torn line at the end is ignored, and overwritten by the next.
    position = os.fstat(journal).st_size // _LINE_BYTES * _LINE_BYTES
    while position > 0:
        if entry := _parse_line(os.pread(journal, _LINE_BYTES, position - _LINE_BYTES)):
            return entry, position
        position -= _LINE_BYTES
    raise UploadMissing


def _read_entries(journal: int) -> Iterator[tuple[int, JournalEntry]]:
    """Yield each entry with its position; a torn line ends the journal."""
    position = 0
    while entry := _parse_line(os.pread(journal, _LINE_BYTES, position)):
        yield position, entry
        position += _LINE_BYTES


def _replay_journal(fd: int, journal: int, offset: int, running_hash: _Hash) -> _Hash:
    """Hash the file from `offset` to the journal's end, comparing it with each line.

    Raises:
        SpoolCorrupted: The bytes before a line are not those it was written for.
    """
    for position, entry in _read_entries(journal):
        if entry.offset < offset:
            continue
        is_there = _hash_range(running_hash, fd, offset, entry.offset)
        if not is_there or running_hash.hexdigest() != entry.sha256:
            raise SpoolCorrupted(offset=offset, journal_position=position)
        offset = entry.offset
    return running_hash


def _hash_range(running_hash: _Hash, fd: int, start: int, stop: int) -> bool:
    """Hash a stretch of the file. Returns False when the file ends before it."""
    while start < stop:
        block = os.pread(fd, min(_READ_BYTES, stop - start), start)
        if not block:
            return False
        running_hash.update(block)
        start += len(block)
    return True


def _preallocate(fd: int, offset: int, size: int) -> None:
    """Reserve disk space, where the file system can. Raises OSError where there is none."""
    try:
        os.posix_fallocate(fd, offset, size)
    except OSError as error:
        if error.errno not in {errno.EOPNOTSUPP, errno.EINVAL}:
            raise
