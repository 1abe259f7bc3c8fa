"""The journal beside an upload says what is saved, and nothing else does."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from bluelamp.foundation.kernel.passing import LEFT_FREE
from bluelamp.records.evidence.uploads.incoming import (
    EMPTY_SHA256,
    Busy,
    Damaged,
    Gone,
    Incoming,
    Mark,
)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def incoming(tmp_path: Path) -> Incoming:
    folder = Incoming(tmp_path)
    folder.create("a")
    return folder


def save(incoming: Incoming, data: bytes) -> Mark:
    piece = incoming.open("a")
    piece.write([data])
    mark = piece.save()
    piece.close()
    return mark


def test_it_works(incoming: Incoming) -> None:
    assert incoming.saved("a") == Mark(0, EMPTY_SHA256)
    assert save(incoming, b"abc") == Mark(3, sha(b"abc"))
    assert save(incoming, b"def") == incoming.saved("a") == Mark(6, sha(b"abcdef"))


def test_what_was_not_saved_is_void(incoming: Incoming) -> None:
    save(incoming, b"abc")
    piece = incoming.open("a")
    piece.expect(size=1000)
    piece.write([b"never saved"])
    piece.close()
    assert incoming.saved("a").offset == 3
    assert incoming.data("a").read_bytes() == b"abc"
    assert save(incoming, b"def").sha256 == sha(b"abcdef")


def test_announcing_much_sets_little_aside(incoming: Incoming) -> None:
    save(incoming, b"abc")
    piece = incoming.open("a")
    piece.expect(size=2 * 1024**3)
    assert incoming.data("a").stat().st_size < 100 * 1024**2
    piece.close()
    assert incoming.data("a").stat().st_size == 3


def test_some_of_the_disk_is_left_for_the_rest(incoming: Incoming) -> None:
    disk = os.statvfs(incoming.folder)
    piece = incoming.open("a")
    with pytest.raises(OSError) as full:
        piece.expect(size=disk.f_bavail * disk.f_frsize - LEFT_FREE // 2)
    assert full.value.errno == errno.ENOSPC
    piece.close()


def test_one_writer_at_a_time(incoming: Incoming) -> None:
    piece = incoming.open("a")
    with pytest.raises(Busy):
        incoming.open("a")
    with pytest.raises(Busy):
        Incoming(incoming.folder).open("a")
    piece.close()
    incoming.open("a").close()


def test_a_line_torn_by_a_crash_does_not_count(incoming: Incoming) -> None:
    save(incoming, b"abc")
    with incoming.journal("a").open("ab") as journal:
        journal.write(b"00000000000000000009 abcd")
    with incoming.data("a").open("ab") as data:
        data.write(b"unsaved")
    fresh = Incoming(incoming.folder)
    assert fresh.saved("a").offset == 3
    assert save(fresh, b"def") == Mark(6, sha(b"abcdef"))
    assert Incoming(incoming.folder).saved("a") == Mark(6, sha(b"abcdef"))


def test_another_process_in_between(incoming: Incoming) -> None:
    save(incoming, b"abc")
    other = Incoming(incoming.folder)
    save(other, b"def")
    assert save(incoming, b"ghi") == Mark(9, sha(b"abcdefghi"))
    assert save(other, b"jkl") == Mark(12, sha(b"abcdefghijkl"))


@pytest.mark.parametrize("harm", ["flip", "cut"])
def test_saved_bytes_that_changed_take_the_offset_back(incoming: Incoming, harm: str) -> None:
    save(incoming, b"abc")
    save(incoming, b"def")
    save(incoming, b"ghi")
    with incoming.data("a").open("r+b") as data:
        if harm == "flip":
            data.seek(4)
            data.write(b"X")
        else:
            data.truncate(5)
    fresh = Incoming(incoming.folder)
    with pytest.raises(Damaged) as damage:
        fresh.open("a")
    assert damage.value.offset == fresh.saved("a").offset == 3
    assert save(fresh, b"defghi") == Mark(9, sha(b"abcdefghi"))


def test_removed(incoming: Incoming) -> None:
    incoming.remove("a")
    for ask in (incoming.open, incoming.saved):
        with pytest.raises(Gone):
            ask("a")
    assert not list(incoming.folder.iterdir())
