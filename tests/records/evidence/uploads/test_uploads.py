"""Files sent by tus: each arrives whole and once, or a plain response says why it does not."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from tests.records.evidence.uploads.server import TusClient, UploadServer

VIDEO = os.urandom(300_000)
SHA256 = hashlib.sha256(VIDEO).hexdigest()


def upload_file(tus: TusClient, data: bytes, **metadata: str) -> str:
    """Send a file in two chunks and return its address."""
    path = tus.create(len(data), metadata=metadata).headers["location"]
    half = len(data) // 2
    assert tus.patch(path, 0, data[:half]).status == 204
    assert tus.patch(path, half, data[half:]).status == 204
    return path


def test_it_works(tus: TusClient) -> None:
    item_id = str(uuid4())
    created = tus.create(
        len(VIDEO),
        metadata={
            "filename": "clip.mp4",
            "filetype": "video/mp4",
            "item": item_id,
            "sha256": SHA256,
        },
    )
    assert (created.status, created.headers["tus-resumable"]) == (201, "1.0.0")
    assert "GMT" in created.headers["upload-expires"]
    path = created.headers["location"]
    assert (tus.head(path).offset, tus.head(path).headers["upload-length"]) == (0, "300000")
    first = tus.patch(path, 0, VIDEO[:200_000], checksum="sha256")
    assert (first.status, first.offset, tus.head(path).offset) == (204, 200_000, 200_000)
    last = tus.patch(path, 200_000, VIDEO[200_000:], checksum="sha1")
    assert (last.status, last.offset) == (204, 300_000)
    assert (last.headers["bluelamp-item"], last.headers["bluelamp-sha256"]) == (item_id, SHA256)
    with tus.server.store.open(SHA256) as original:
        assert original.read() == VIDEO
    stored = tus.server.store.path(SHA256)
    assert stored
    assert stored.stat().st_mode & 0o777 == 0o400
    item = tus.server.sql(
        "SELECT filename, media_type_claimed, subject_kind, device_sha256 FROM evidence_item "
        "WHERE id=%s",
        item_id,
    )
    assert item == [("clip.mp4", "video/mp4", "report", SHA256)]
    verbs = "SELECT verb FROM evidence_continuity WHERE item_id=%s ORDER BY sequence"
    assert tus.server.sql(verbs, item_id) == [("received",), ("sealed",)]
    assert not list(tus.server.store.incoming_folder.glob(f"*{path.rsplit('/', 1)[1]}*"))


def test_sender_who_missed_the_last_response(tus: TusClient) -> None:
    path = upload_file(tus, VIDEO, filename="clip.mp4")
    for response in (tus.head(path), tus.patch(path, len(VIDEO), b"")):
        assert (response.offset, response.headers["bluelamp-sha256"]) == (len(VIDEO), SHA256)
    assert tus.patch(path, 0, VIDEO).status == 409


@pytest.mark.parametrize("asked", ["close", ""])
def test_a_phone_on_a_bad_line_is_not_given_the_connection_again(
    tus: TusClient, asked: str
) -> None:
    """On a used one a browser sends what breaks off again by itself, from the first byte."""
    headers = {"upload_connection": asked or "-"}
    created = tus.create(len(VIDEO), **headers)
    path = created.headers["location"]
    wrong = tus.patch(path, 7, VIDEO[:1000], **headers)
    assert wrong.status == 409
    answers = [created, tus.call("HEAD", path, **headers), tus.patch(path, 0, VIDEO[:9], **headers)]
    for answer in [*answers, wrong] if asked else answers:
        assert answer.headers.get("connection", "") == asked


def test_options(server: UploadServer) -> None:
    response = server.call("OPTIONS", "/uploads/")
    assert response.status == 204
    assert response.headers["tus-version"] == "1.0.0"
    extensions = response.headers["tus-extension"].split(",")
    assert extensions == [
        "creation",
        "creation-with-upload",
        "checksum",
        "termination",
        "expiration",
    ]
    assert response.headers["tus-checksum-algorithm"] == "sha1,sha256"
    assert int(response.headers["tus-max-size"]) > 0


def test_creation_with_upload(tus: TusClient) -> None:
    created = tus.create(len(VIDEO), VIDEO[:1000], content_type="application/offset+octet-stream")
    assert (created.status, created.offset) == (201, 1000)
    assert tus.patch(created.headers["location"], 1000, VIDEO[1000:]).status == 204
    in_one = tus.create(len(VIDEO), VIDEO, content_type="application/offset+octet-stream")
    assert (in_one.status, in_one.offset, in_one.headers["bluelamp-sha256"]) == (
        201,
        len(VIDEO),
        SHA256,
    )


def test_metadata_is_returned_without_the_token(tus: TusClient) -> None:
    created = tus.create(
        10, metadata={"filename": "Ünïcode.jpg", "token": tus.token}, upload_token="-"
    )
    metadata = tus.head(created.headers["location"]).headers["upload-metadata"]
    assert metadata == "filename w5xuw69jb2RlLmpwZw=="


def test_method_override(tus: TusClient) -> None:
    path = tus.create(5).headers["location"]
    headers = {
        "x_http_method_override": "PATCH",
        "upload_offset": "0",
        "content_type": "application/offset+octet-stream",
    }
    assert tus.call("POST", path, b"hello", **headers).status == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_chunk_with_a_wrong_checksum(tus: TusClient, algorithm: str) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    tus.patch(path, 0, VIDEO[:1000])
    wrong = {"sha1": "sha1 " + "A" * 27 + "=", "sha256": "sha256 " + "A" * 43 + "="}[algorithm]
    assert tus.patch(path, 1000, VIDEO[1000:], upload_checksum=wrong).status == 460
    assert tus.head(path).offset == 1000
    last = tus.patch(path, 1000, VIDEO[1000:], checksum=algorithm)
    assert (last.status, last.headers["bluelamp-sha256"]) == (204, SHA256)


def test_same_chunk_twice(tus: TusClient) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    assert tus.patch(path, 0, VIDEO[:1000]).status == 204
    second = tus.patch(path, 0, VIDEO[:1000])
    assert (second.status, second.offset) == (409, 1000)
    assert tus.patch(path, 1000, VIDEO[1000:]).headers["bluelamp-sha256"] == SHA256


def test_file_is_not_what_the_device_hashed(tus: TusClient) -> None:
    other = os.urandom(5000)
    path = tus.create(len(other), metadata={"sha256": SHA256}).headers["location"]
    assert tus.patch(path, 0, other).status == 460
    assert tus.head(path).status == 410
    assert not tus.server.store.exists(hashlib.sha256(other).hexdigest())
    assert not list(tus.server.store.incoming_folder.glob(f"*{path.rsplit('/', 1)[1]}*"))


def test_item_is_here_already(tus: TusClient) -> None:
    item_id = str(uuid4())
    upload_file(tus, VIDEO, item=item_id, sha256=SHA256)
    second = tus.create(len(VIDEO), metadata={"item": item_id, "sha256": SHA256})
    assert (second.status, second.offset, second.headers["bluelamp-sha256"]) == (
        201,
        len(VIDEO),
        SHA256,
    )
    assert tus.head(second.headers["location"]).offset == len(VIDEO)
    assert tus.create(len(VIDEO), metadata={"item": item_id, "sha256": "0" * 64}).status == 409
    assert tus.create(len(VIDEO) + 1, metadata={"item": item_id, "sha256": SHA256}).status == 409
    assert tus.server.sql("SELECT count(*) FROM evidence_item WHERE id=%s", item_id) == [(1,)]


def test_two_uploads_of_one_item_with_different_bytes(tus: TusClient) -> None:
    item_id = str(uuid4())
    first, second = (
        tus.create(5, metadata={"item": item_id}).headers["location"] for _ in range(2)
    )
    # the second took the place of the first, which its sender may have lost
    assert tus.patch(first, 0, b"first").status == 410
    assert tus.patch(second, 0, b"other").status == 204
    assert tus.create(5, metadata={"item": item_id, "sha256": "0" * 64}).status == 409


def test_upload_is_not_replaced_while_a_chunk_of_it_arrives(tus: TusClient) -> None:
    metadata = {"item": str(uuid4())}
    path = tus.create(len(VIDEO), metadata=metadata).headers["location"]
    with tus.begin_patch(path, 0, len(VIDEO)) as connection:
        connection.sendall(VIDEO[:1000])
        _wait_until_locked(tus, path)
        assert tus.create(len(VIDEO), metadata=metadata).status == 423
        connection.sendall(VIDEO[1000:])
        assert b" 204 " in connection.recv(4096)


def test_lost_signal_keeps_what_arrived(tus: TusClient) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    with tus.begin_patch(path, 0, len(VIDEO)) as connection:
        connection.sendall(VIDEO[:150_000])
        _wait_until_locked(tus, path)
    offset = _wait_until_unlocked(tus, path)
    assert 0 < offset <= 150_000
    assert tus.patch(path, offset, VIDEO[offset:]).headers["bluelamp-sha256"] == SHA256


def test_lost_signal_drops_a_chunk_with_a_checksum(tus: TusClient) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    tus.patch(path, 0, VIDEO[:1000])
    with tus.begin_patch(
        path, 1000, len(VIDEO) - 1000, upload_checksum="sha1 " + "A" * 27 + "="
    ) as connection:
        connection.sendall(VIDEO[1000:150_000])
        _wait_until_locked(tus, path)
    assert _wait_until_unlocked(tus, path) == 1000
    assert tus.patch(path, 1000, VIDEO[1000:]).headers["bluelamp-sha256"] == SHA256


def _wait_until_locked(tus: TusClient, path: str) -> None:
    """Wait until the server has locked the upload's file.

    Trying the lock would take it, so this reads the list of locks. Where there is none it waits
    five seconds.
    """
    locks, upload_id = Path("/proc/locks"), path.rsplit("/", 1)[1]
    inode = (tus.server.store.incoming_folder / f"upload-{upload_id}").stat().st_ino
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if locks.exists() and f":{inode} " in locks.read_text():
            return
        time.sleep(0.01)


def _wait_until_unlocked(tus: TusClient, path: str) -> int:
    """Wait until the server has noticed that the connection was cut, and return the offset."""
    for _ in range(200):
        offset = tus.head(path).offset
        probe = tus.patch(path, offset, b"")
        if probe.status == 204:
            return probe.offset
        time.sleep(0.02)
    raise AssertionError("the server still has the upload locked")


def test_two_chunks_at_once(tus: TusClient) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    with tus.begin_patch(path, 0, len(VIDEO)) as connection:
        connection.sendall(VIDEO[:1000])
        _wait_until_locked(tus, path)
        assert tus.patch(path, 0, VIDEO).status == 423
        assert tus.call("DELETE", path).status == 423
        connection.sendall(VIDEO[1000:])
        assert b" 204 " in connection.recv(4096)
    assert tus.head(path).headers["bluelamp-sha256"] == SHA256


def test_many_senders_of_one_chunk(tus: TusClient) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    with ThreadPoolExecutor(8) as senders:
        statuses = list(senders.map(lambda _: tus.patch(path, 0, VIDEO).status, range(8)))
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 423}
    assert tus.head(path).headers["bluelamp-sha256"] == SHA256


def test_delete(tus: TusClient) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    tus.patch(path, 0, VIDEO[:1000])
    assert tus.call("DELETE", path).status == 204
    assert tus.head(path).status == 410
    assert tus.patch(path, 1000, VIDEO[1000:]).status == 410
    assert not list(tus.server.store.incoming_folder.glob(f"*{path.rsplit('/', 1)[1]}*"))


def test_expired_upload(tus: TusClient) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    upload_id = path.rsplit("/", 1)[1]
    tus.server.sql(
        "UPDATE evidence_upload SET expires_at = now() - interval '1 second' WHERE id=%s", upload_id
    )
    assert tus.head(path).status == 410
    assert tus.patch(path, 0, VIDEO).status == 410


def test_other_peoples_uploads(
    tus: TusClient,
    token: Callable[..., str],
    femi: Actor,
    dev: Actor,
    add_account: Callable[[Actor], None],
) -> None:
    add_account(femi)
    add_account(dev)
    path = tus.create(len(VIDEO)).headers["location"]
    for other_token in (token(actor=femi), token(actor=dev), token(report=2)):
        stranger = TusClient(tus.server, other_token)
        assert stranger.head(path).status == 404
        assert stranger.patch(path, 0, VIDEO).status == 404
        assert stranger.call("DELETE", path).status == 404
    assert (
        TusClient(tus.server, token()).head(path).status == 200
    )  # the same person for the same report, later


def test_tokens(tus: TusClient, token: Callable[..., str]) -> None:
    assert TusClient(tus.server, "-").create(10).status == 401
    assert TusClient(tus.server, tus.token[:-2] + "xx").create(10).status == 403
    assert TusClient(tus.server, token(at=now() - timedelta(hours=25))).create(10).status == 403
    small = TusClient(tus.server, token(max_bytes=10, max_files=2))
    assert small.create(11).status == 413
    assert [small.create(10).status for _ in range(3)] == [201, 201, 422]
    item_id = uuid4()
    bound = TusClient(tus.server, token(item_id=item_id, sha256=SHA256))
    assert bound.create(len(VIDEO), metadata={"item": str(uuid4())}).status == 409
    assert bound.create(len(VIDEO), metadata={"sha256": "0" * 64}).status == 409
    path = bound.create(len(VIDEO)).headers["location"]
    assert bound.patch(path, 0, VIDEO).headers["bluelamp-item"] == str(item_id)


def test_delete_of_a_complete_upload_keeps_the_item(tus: TusClient) -> None:
    metadata = {"item": str(uuid4()), "sha256": SHA256}
    path = upload_file(tus, VIDEO, **metadata)
    assert tus.call("DELETE", path).status == 204
    assert tus.head(path).status == 410
    assert tus.call("DELETE", path).status == 410
    assert tus.create(len(VIDEO), metadata=metadata).offset == len(VIDEO), "it is here already"


def test_difficult_file_names(
    server: UploadServer, token: Callable[..., str], shared_data: Path, importer: Actor
) -> None:
    tus = TusClient(server, token(actor=importer, max_files=1000))
    names = json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8"))

    def create(name: str) -> int:
        return tus.create(1, metadata={"filename": name}).status

    with ThreadPoolExecutor(4) as senders:
        statuses = list(senders.map(create, names))
    assert len(names) > 400
    assert [name for name, status in zip(names, statuses, strict=True) if status != 201] == []


def test_full_disk(fresh_server: Callable[..., UploadServer], token: Callable[..., str]) -> None:
    starved = TusClient(fresh_server(TEST_FILE_LIMIT="100000"), token())
    path = starved.create(len(VIDEO)).headers["location"]
    assert starved.patch(path, 0, VIDEO[:50_000]).status == 204
    full = starved.patch(path, 50_000, VIDEO[50_000:])
    assert (full.status, full.headers["content-type"]) == (507, "application/problem+json")
    assert starved.head(path).offset == 50_000
    assert (
        starved.server.store.incoming_folder.joinpath(f"upload-{path.rsplit('/', 1)[1]}")
        .stat()
        .st_size
        == 50_000
    )
    starved.server.kill()
    starved.server.environment = {}
    starved.server.start()
    assert starved.patch(path, 50_000, VIDEO[50_000:]).headers["bluelamp-sha256"] == SHA256
