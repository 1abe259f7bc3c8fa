"""The journal beside an upload says what is saved, and nothing else does."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from bluelamp.foundation.kernel.transient import RESERVED_BYTES
from bluelamp.records.evidence.uploads.errors import SpoolCorrupted, UploadLocked, UploadMissing
from bluelamp.records.evidence.uploads.spool import EMPTY_SHA256, JournalEntry, Spool


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    spool = Spool(tmp_path)
    spool.create("a")
    return spool


def save(spool: Spool, data: bytes) -> JournalEntry:
    writer = spool.open_writer("a")
    writer.write([data])
    entry = writer.save()
    writer.close()
    return entry


def test_it_works(spool: Spool) -> None:
    assert spool.last_entry("a") == JournalEntry(0, EMPTY_SHA256)
    assert save(spool, b"abc") == JournalEntry(3, sha256(b"abc"))
    assert save(spool, b"def") == spool.last_entry("a") == JournalEntry(6, sha256(b"abcdef"))


def test_unsaved_bytes_are_cut_off(spool: Spool) -> None:
    save(spool, b"abc")
    writer = spool.open_writer("a")
    writer.prepare(size=1000)
    writer.write([b"never saved"])
    writer.close()
    assert spool.last_entry("a").offset == 3
    assert spool.data_path("a").read_bytes() == b"abc"
    assert save(spool, b"def").sha256 == sha256(b"abcdef")


def test_announcing_a_large_chunk_allocates_little(spool: Spool) -> None:
    save(spool, b"abc")
    writer = spool.open_writer("a")
    writer.prepare(size=2 * 1024**3)
    assert spool.data_path("a").stat().st_size < 100 * 1024**2
    writer.close()
    assert spool.data_path("a").stat().st_size == 3


def test_reserve_on_the_disk_is_left_free(spool: Spool) -> None:
    disk = os.statvfs(spool.folder)
    writer = spool.open_writer("a")
    with pytest.raises(OSError) as error:
        writer.prepare(size=disk.f_bavail * disk.f_frsize - RESERVED_BYTES // 2)
    assert error.value.errno == errno.ENOSPC
    writer.close()


def test_one_writer_at_a_time(spool: Spool) -> None:
    writer = spool.open_writer("a")
    with pytest.raises(UploadLocked):
        spool.open_writer("a")
    with pytest.raises(UploadLocked):
        Spool(spool.folder).open_writer("a")
    writer.close()
    spool.open_writer("a").close()


def test_torn_journal_line_does_not_count(spool: Spool) -> None:
    save(spool, b"abc")
    with spool.journal_path("a").open("ab") as journal:
        journal.write(b"00000000000000000009 abcd")
    with spool.data_path("a").open("ab") as data:
        data.write(b"unsaved")
    fresh = Spool(spool.folder)
    assert fresh.last_entry("a").offset == 3
    assert save(fresh, b"def") == JournalEntry(6, sha256(b"abcdef"))
    assert Spool(spool.folder).last_entry("a") == JournalEntry(6, sha256(b"abcdef"))


def test_another_process_writes_in_between(spool: Spool) -> None:
    save(spool, b"abc")
    other = Spool(spool.folder)
    save(other, b"def")
    assert save(spool, b"ghi") == JournalEntry(9, sha256(b"abcdefghi"))
    assert save(other, b"jkl") == JournalEntry(12, sha256(b"abcdefghijkl"))


@pytest.mark.parametrize("harm", ["flip", "cut"])
def test_changed_bytes_take_the_offset_back(spool: Spool, harm: str) -> None:
    save(spool, b"abc")
    save(spool, b"def")
    save(spool, b"ghi")
    with spool.data_path("a").open("r+b") as data:
        if harm == "flip":
            data.seek(4)
            data.write(b"X")
        else:
            data.truncate(5)
    fresh = Spool(spool.folder)
    with pytest.raises(SpoolCorrupted) as error:
        fresh.open_writer("a")
    assert error.value.offset == fresh.last_entry("a").offset == 3
    assert save(fresh, b"defghi") == JournalEntry(9, sha256(b"abcdefghi"))


def test_removed(spool: Spool) -> None:
    spool.remove("a")
    for method in (spool.open_writer, spool.last_entry):
        with pytest.raises(UploadMissing):
            method("a")
    assert not list(spool.folder.iterdir())
