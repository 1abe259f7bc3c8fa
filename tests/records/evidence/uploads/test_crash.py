"""kill -9 in mid upload: what was acknowledged is there, and the resumed file is the right file, or
the chunk is refused.
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

from tests.records.evidence.uploads.server import TusClient, UploadServer

CHUNK = 1024**2


@pytest.mark.parametrize("is_checked", [True, False], ids=["checked", "plain"])
def test_killed_at_random_points(
    is_checked: bool, fresh_server: Callable[..., UploadServer], token: Callable[..., str]
) -> None:
    data = os.urandom(12 * CHUNK + 12345)
    sha256 = hashlib.sha256(data).hexdigest()
    randomness = random.Random(20260303)
    tus = TusClient(fresh_server(), token())
    path = tus.create(len(data), metadata={"sha256": sha256}).headers["location"]
    acknowledged = [0]
    for _ in range(3):
        killer = Timer(randomness.uniform(0.0, 0.06), tus.server.kill)
        killer.start()
        with suppress(OSError, HTTPException):
            _send(tus, path, data, acknowledged, is_checked)
        killer.join()
        tus.server.start()
        offset = tus.head(path).offset
        assert offset >= acknowledged[-1], "a byte that was acknowledged is gone"
        acknowledged.append(offset)
    _send(tus, path, data, acknowledged, is_checked)
    assert tus.head(path).headers["bluelamp-sha256"] == sha256
    with tus.server.store.open(sha256) as original:
        assert original.read() == data


def _send(
    tus: TusClient, path: str, data: bytes, acknowledged: list[int], is_checked: bool
) -> None:
    """Send chunks until the file is there, noting each offset that was acknowledged."""
    while (offset := acknowledged[-1]) < len(data):
        response = tus.patch(
            path, offset, data[offset : offset + CHUNK], checksum="sha256" if is_checked else ""
        )
        assert response.status == 204, response
        acknowledged.append(response.offset)


def test_killed_between_the_last_byte_and_the_record(
    fresh_server: Callable[..., UploadServer], token: Callable[..., str]
) -> None:
    data = os.urandom(5000)
    tus = TusClient(fresh_server(), token())
    path = tus.create(len(data)).headers["location"]
    upload_id = path.rsplit("/", 1)[1]
    tus.patch(path, 0, data[:4000])
    tus.server.kill()
    # What the server leaves behind when it dies after the journal's last line: all bytes, no item.
    path_on_disk = tus.server.store.incoming_folder / f"upload-{upload_id}"
    path_on_disk.write_bytes(data)
    with path_on_disk.with_name(f"{path_on_disk.name}.journal").open("ab") as journal:
        journal.write(b"%020d %s\n" % (5000, hashlib.sha256(data).hexdigest().encode()))
    tus.server.start()
    status = tus.head(path)
    assert (status.offset, status.headers["bluelamp-sha256"]) == (
        5000,
        hashlib.sha256(data).hexdigest(),
    )
    assert tus.server.store.exists(hashlib.sha256(data).hexdigest())


def test_saved_bytes_changed_while_the_server_was_down(
    fresh_server: Callable[..., UploadServer], token: Callable[..., str]
) -> None:
    data = os.urandom(9000)
    tus = TusClient(fresh_server(), token())
    path = tus.create(len(data)).headers["location"]
    tus.patch(path, 0, data[:3000])
    tus.patch(path, 3000, data[3000:6000])
    tus.server.kill()
    with (tus.server.store.incoming_folder / f"upload-{path.rsplit('/', 1)[1]}").open(
        "r+b"
    ) as file:
        file.seek(4000)
        file.write(bytes([data[4000] ^ 1]))
    tus.server.start()
    refused = tus.patch(path, 6000, data[6000:])
    assert (refused.status, refused.offset) == (409, 3000)
    assert tus.head(path).offset == 3000
    assert (
        tus.patch(path, 3000, data[3000:]).headers["bluelamp-sha256"]
        == hashlib.sha256(data).hexdigest()
    )


def test_long_chunk_is_saved_on_the_way(
    fresh_server: Callable[..., UploadServer], token: Callable[..., str]
) -> None:
    data = os.urandom(40 * CHUNK)
    tus = TusClient(fresh_server(), token())
    path = tus.create(len(data) + 1).headers["location"]
    with tus.begin_patch(path, 0, len(data) + 1) as connection:
        connection.sendall(data)
        deadline = time.monotonic() + 20
        while tus.head(path).offset < 32 * CHUNK and time.monotonic() < deadline:
            time.sleep(0.05)
        tus.server.kill()
    tus.server.start()
    offset = tus.head(path).offset
    assert 32 * CHUNK <= offset <= 40 * CHUNK
    whole = data + b"!"
    assert (
        tus.patch(path, offset, whole[offset:]).headers["bluelamp-sha256"]
        == hashlib.sha256(whole).hexdigest()
    )
