"""kill -9 in mid upload: what was acknowledged is there, and the resumed file is the file, or the
piece is refused.
"""

import hashlib
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from threading import Timer

import pytest

from tests.records.evidence.uploads.server import Server, Tus

PIECE = 1024**2


@pytest.mark.parametrize("is_checked", [True, False], ids=["checked", "plain"])
def test_killed_at_random_points(
    is_checked: bool, fresh_server: Callable[..., Server], token: Callable[..., str]
) -> None:
    film = os.urandom(12 * PIECE + 12345)
    sha256 = hashlib.sha256(film).hexdigest()
    chance = random.Random(20260303)
    tus = Tus(fresh_server(), token())
    path = tus.create(len(film), metadata={"sha256": sha256}).headers["location"]
    acknowledged = [0]
    for _ in range(3):
        killer = Timer(chance.uniform(0.0, 0.06), tus.server.kill)
        killer.start()
        with suppress(OSError, HTTPException):
            _send(tus, path, film, acknowledged, is_checked)
        killer.join()
        tus.server.start()
        offset = tus.head(path).offset
        assert offset >= acknowledged[-1], "a byte that was acknowledged is gone"
        acknowledged.append(offset)
    _send(tus, path, film, acknowledged, is_checked)
    assert tus.head(path).headers["bluelamp-sha256"] == sha256
    with tus.server.store.open(sha256) as original:
        assert original.read() == film


def _send(tus: Tus, path: str, film: bytes, acknowledged: list[int], is_checked: bool) -> None:
    """Send pieces until the file is there, noting each offset that was acknowledged."""
    while (offset := acknowledged[-1]) < len(film):
        answer = tus.patch(
            path, offset, film[offset : offset + PIECE], checksum="sha256" if is_checked else ""
        )
        assert answer.status == 204, answer
        acknowledged.append(answer.offset)


def test_killed_between_the_last_byte_and_the_record(
    fresh_server: Callable[..., Server], token: Callable[..., str]
) -> None:
    film = os.urandom(5000)
    tus = Tus(fresh_server(), token())
    path = tus.create(len(film)).headers["location"]
    upload_id = path.rsplit("/", 1)[1]
    tus.patch(path, 0, film[:4000])
    tus.server.kill()
    # what the server leaves behind when it dies after the journal's last line: all bytes, no item
    data = tus.server.store.incoming / f"upload-{upload_id}"
    data.write_bytes(film)
    with data.with_name(f"{data.name}.journal").open("ab") as journal:
        journal.write(b"%020d %s\n" % (5000, hashlib.sha256(film).hexdigest().encode()))
    tus.server.start()
    found = tus.head(path)
    assert (found.offset, found.headers["bluelamp-sha256"]) == (
        5000,
        hashlib.sha256(film).hexdigest(),
    )
    assert tus.server.store.exists(hashlib.sha256(film).hexdigest())


def test_saved_bytes_that_changed_while_the_server_was_down(
    fresh_server: Callable[..., Server], token: Callable[..., str]
) -> None:
    film = os.urandom(9000)
    tus = Tus(fresh_server(), token())
    path = tus.create(len(film)).headers["location"]
    tus.patch(path, 0, film[:3000])
    tus.patch(path, 3000, film[3000:6000])
    tus.server.kill()
    with (tus.server.store.incoming / f"upload-{path.rsplit('/', 1)[1]}").open("r+b") as data:
        data.seek(4000)
        data.write(bytes([film[4000] ^ 1]))
    tus.server.start()
    refused = tus.patch(path, 6000, film[6000:])
    assert (refused.status, refused.offset) == (409, 3000)
    assert tus.head(path).offset == 3000
    assert (
        tus.patch(path, 3000, film[3000:]).headers["bluelamp-sha256"]
        == hashlib.sha256(film).hexdigest()
    )


def test_a_long_piece_is_saved_on_the_way(
    fresh_server: Callable[..., Server], token: Callable[..., str]
) -> None:
    film = os.urandom(40 * PIECE)
    tus = Tus(fresh_server(), token())
    path = tus.create(len(film) + 1).headers["location"]
    with tus.begin_patch(path, 0, len(film) + 1) as wire:
        wire.sendall(film)
        deadline = time.monotonic() + 20
        while tus.head(path).offset < 32 * PIECE and time.monotonic() < deadline:
            time.sleep(0.05)
        tus.server.kill()
    tus.server.start()
    offset = tus.head(path).offset
    assert 32 * PIECE <= offset <= 40 * PIECE
    whole = film + b"!"
    assert (
        tus.patch(path, offset, whole[offset:]).headers["bluelamp-sha256"]
        == hashlib.sha256(whole).hexdigest()
    )
