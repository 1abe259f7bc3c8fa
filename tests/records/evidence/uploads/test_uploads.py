"""A file arrives by tus, whole and once, or a plain answer says why not."""

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
from tests.records.evidence.uploads.server import Server, Tus

VIDEO = os.urandom(300_000)
SHA256 = hashlib.sha256(VIDEO).hexdigest()


def sent(tus: Tus, data: bytes, **metadata: str) -> str:
    """Send a file in two pieces and return where it went."""
    path = tus.create(len(data), metadata=metadata).headers["location"]
    half = len(data) // 2
    assert tus.patch(path, 0, data[:half]).status == 204
    assert tus.patch(path, half, data[half:]).status == 204
    return path


def test_it_works(tus: Tus) -> None:
    item_id = str(uuid4())
    begun = tus.create(
        len(VIDEO),
        metadata={
            "filename": "clip.mp4",
            "filetype": "video/mp4",
            "item": item_id,
            "sha256": SHA256,
        },
    )
    assert (begun.status, begun.headers["tus-resumable"]) == (201, "1.0.0")
    assert "GMT" in begun.headers["upload-expires"]
    path = begun.headers["location"]
    assert (tus.head(path).offset, tus.head(path).headers["upload-length"]) == (0, "300000")
    first = tus.patch(path, 0, VIDEO[:200_000], checksum="sha256")
    assert (first.status, first.offset, tus.head(path).offset) == (204, 200_000, 200_000)
    last = tus.patch(path, 200_000, VIDEO[200_000:], checksum="sha1")
    assert (last.status, last.offset) == (204, 300_000)
    assert (last.headers["bluelamp-item"], last.headers["bluelamp-sha256"]) == (item_id, SHA256)
    with tus.server.store.open(SHA256) as original:
        assert original.read() == VIDEO
    kept = tus.server.store.path(SHA256)
    assert kept
    assert kept.stat().st_mode & 0o777 == 0o444
    item = tus.server.sql(
        "SELECT filename, media_type_claimed, purpose, device_sha256 FROM evidence_item WHERE id=%s",
        item_id,
    )
    assert item == [("clip.mp4", "video/mp4", "report:1", SHA256)]
    verbs = "SELECT verb FROM evidence_continuity WHERE item_id=%s ORDER BY sequence"
    assert tus.server.sql(verbs, item_id) == [("received",), ("sealed",)]
    assert not list(tus.server.store.incoming.glob(f"*{path.rsplit('/', 1)[1]}*"))


def test_a_sender_who_missed_the_last_answer(tus: Tus) -> None:
    path = sent(tus, VIDEO, filename="clip.mp4")
    for again in (tus.head(path), tus.patch(path, len(VIDEO), b"")):
        assert (again.offset, again.headers["bluelamp-sha256"]) == (len(VIDEO), SHA256)
    assert tus.patch(path, 0, VIDEO).status == 409


def test_what_the_server_offers(server: Server) -> None:
    offer = server.call("OPTIONS", "/uploads/")
    assert offer.status == 204
    assert offer.headers["tus-version"] == "1.0.0"
    extensions = offer.headers["tus-extension"].split(",")
    assert extensions == [
        "creation",
        "creation-with-upload",
        "checksum",
        "termination",
        "expiration",
    ]
    assert offer.headers["tus-checksum-algorithm"] == "sha1,sha256"
    assert int(offer.headers["tus-max-size"]) > 0


def test_creation_with_upload(tus: Tus) -> None:
    begun = tus.create(len(VIDEO), VIDEO[:1000], content_type="application/offset+octet-stream")
    assert (begun.status, begun.offset) == (201, 1000)
    assert tus.patch(begun.headers["location"], 1000, VIDEO[1000:]).status == 204
    whole = tus.create(len(VIDEO), VIDEO, content_type="application/offset+octet-stream")
    assert (whole.status, whole.offset, whole.headers["bluelamp-sha256"]) == (
        201,
        len(VIDEO),
        SHA256,
    )


def test_metadata_comes_back_without_the_token(tus: Tus) -> None:
    made = tus.create(
        10, metadata={"filename": "Ünïcode.jpg", "token": tus.token}, upload_token="-"
    )
    said = tus.head(made.headers["location"]).headers["upload-metadata"]
    assert said == "filename w5xuw69jb2RlLmpwZw=="


def test_override_for_clients_without_patch(tus: Tus) -> None:
    path = tus.create(5).headers["location"]
    piece = {
        "x_http_method_override": "PATCH",
        "upload_offset": "0",
        "content_type": "application/offset+octet-stream",
    }
    assert tus.call("POST", path, b"hello", **piece).status == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_that_changed_on_its_way(tus: Tus, algorithm: str) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    tus.patch(path, 0, VIDEO[:1000])
    wrong = {"sha1": "sha1 " + "A" * 27 + "=", "sha256": "sha256 " + "A" * 43 + "="}[algorithm]
    assert tus.patch(path, 1000, VIDEO[1000:], upload_checksum=wrong).status == 460
    assert tus.head(path).offset == 1000
    last = tus.patch(path, 1000, VIDEO[1000:], checksum=algorithm)
    assert (last.status, last.headers["bluelamp-sha256"]) == (204, SHA256)


def test_the_same_piece_twice(tus: Tus) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    assert tus.patch(path, 0, VIDEO[:1000]).status == 204
    again = tus.patch(path, 0, VIDEO[:1000])
    assert (again.status, again.offset) == (409, 1000)
    assert tus.patch(path, 1000, VIDEO[1000:]).headers["bluelamp-sha256"] == SHA256


def test_a_file_that_is_not_what_the_device_hashed(tus: Tus) -> None:
    other = os.urandom(5000)
    path = tus.create(len(other), metadata={"sha256": SHA256}).headers["location"]
    assert tus.patch(path, 0, other).status == 460
    assert tus.head(path).status == 410
    assert not tus.server.store.exists(hashlib.sha256(other).hexdigest())
    assert not list(tus.server.store.incoming.glob(f"*{path.rsplit('/', 1)[1]}*"))


def test_an_item_that_is_here_already(tus: Tus) -> None:
    item_id = str(uuid4())
    sent(tus, VIDEO, item=item_id, sha256=SHA256)
    again = tus.create(len(VIDEO), metadata={"item": item_id, "sha256": SHA256})
    assert (again.status, again.offset, again.headers["bluelamp-sha256"]) == (
        201,
        len(VIDEO),
        SHA256,
    )
    assert tus.head(again.headers["location"]).offset == len(VIDEO)
    assert tus.create(len(VIDEO), metadata={"item": item_id, "sha256": "0" * 64}).status == 409
    assert tus.create(len(VIDEO) + 1, metadata={"item": item_id, "sha256": SHA256}).status == 409
    assert tus.server.sql("SELECT count(*) FROM evidence_item WHERE id=%s", item_id) == [(1,)]


def test_two_uploads_of_one_item_with_different_bytes(tus: Tus) -> None:
    item_id = str(uuid4())
    first, second = (
        tus.create(5, metadata={"item": item_id}).headers["location"] for _ in range(2)
    )
    assert tus.patch(first, 0, b"first").status == 204
    assert tus.patch(second, 0, b"other").status == 409
    assert tus.head(second).status == 410


def test_a_lost_signal_keeps_what_came(tus: Tus) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    with tus.begin_patch(path, 0, len(VIDEO)) as wire:
        wire.sendall(VIDEO[:150_000])
        _wait_until_held(tus, path)
    offset = _settled(tus, path)
    assert 0 < offset <= 150_000
    assert tus.patch(path, offset, VIDEO[offset:]).headers["bluelamp-sha256"] == SHA256


def test_a_lost_signal_drops_a_piece_that_was_to_be_checked(tus: Tus) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    tus.patch(path, 0, VIDEO[:1000])
    with tus.begin_patch(
        path, 1000, len(VIDEO) - 1000, upload_checksum="sha1 " + "A" * 27 + "="
    ) as wire:
        wire.sendall(VIDEO[1000:150_000])
        _wait_until_held(tus, path)
    assert _settled(tus, path) == 1000
    assert tus.patch(path, 1000, VIDEO[1000:]).headers["bluelamp-sha256"] == SHA256


def _wait_until_held(tus: Tus, path: str) -> None:
    """Wait until the server has locked the upload's file, five seconds at most where locks cannot
    be read.

    To ask by trying the lock would be to take it.
    """
    locks, upload_id = Path("/proc/locks"), path.rsplit("/", 1)[1]
    inode = (tus.server.store.incoming / f"upload-{upload_id}").stat().st_ino
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if locks.exists() and f":{inode} " in locks.read_text():
            return
        time.sleep(0.01)


def _settled(tus: Tus, path: str) -> int:
    """Return the offset once the server has noticed that the connection was cut."""
    for _ in range(200):
        offset = tus.head(path).offset
        probe = tus.patch(path, offset, b"")
        if probe.status == 204:
            return probe.offset
        time.sleep(0.02)
    raise AssertionError("the server still holds the upload")


def test_two_pieces_at_once(tus: Tus) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    with tus.begin_patch(path, 0, len(VIDEO)) as wire:
        wire.sendall(VIDEO[:1000])
        _wait_until_held(tus, path)
        assert tus.patch(path, 0, VIDEO).status == 423
        assert tus.call("DELETE", path).status == 423
        wire.sendall(VIDEO[1000:])
        assert b" 204 " in wire.recv(4096)
    assert tus.head(path).headers["bluelamp-sha256"] == SHA256


def test_many_senders_of_one_piece(tus: Tus) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    with ThreadPoolExecutor(8) as senders:
        statuses = list(senders.map(lambda _: tus.patch(path, 0, VIDEO).status, range(8)))
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 423}
    assert tus.head(path).headers["bluelamp-sha256"] == SHA256


def test_giving_up(tus: Tus) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    tus.patch(path, 0, VIDEO[:1000])
    assert tus.call("DELETE", path).status == 204
    assert tus.head(path).status == 410
    assert tus.patch(path, 1000, VIDEO[1000:]).status == 410
    assert not list(tus.server.store.incoming.glob(f"*{path.rsplit('/', 1)[1]}*"))


def test_left_too_long(tus: Tus) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    upload_id = path.rsplit("/", 1)[1]
    tus.server.sql(
        "UPDATE evidence_upload SET expires_at = now() - interval '1 second' WHERE id=%s", upload_id
    )
    assert tus.head(path).status == 410
    assert tus.patch(path, 0, VIDEO).status == 410


def test_other_peoples_uploads(
    tus: Tus, token: Callable[..., str], femi: Actor, dev: Actor
) -> None:
    path = tus.create(len(VIDEO)).headers["location"]
    for other in (token(actor=femi), token(actor=dev), token(purpose="report:2")):
        stranger = Tus(tus.server, other)
        assert stranger.head(path).status == 404
        assert stranger.patch(path, 0, VIDEO).status == 404
        assert stranger.call("DELETE", path).status == 404
    assert (
        Tus(tus.server, token()).head(path).status == 200
    )  # the same person for the same report, later


def test_tokens(tus: Tus, token: Callable[..., str]) -> None:
    assert Tus(tus.server, "-").create(10).status == 401
    assert Tus(tus.server, tus.token[:-2] + "xx").create(10).status == 403
    assert Tus(tus.server, token(at=now() - timedelta(hours=25))).create(10).status == 403
    small = Tus(tus.server, token(max_bytes=10, max_files=2))
    assert small.create(11).status == 413
    assert [small.create(10).status for _ in range(3)] == [201, 201, 422]
    item_id = uuid4()
    bound = Tus(tus.server, token(item_id=item_id, sha256=SHA256))
    assert bound.create(len(VIDEO), metadata={"item": str(uuid4())}).status == 409
    assert bound.create(len(VIDEO), metadata={"sha256": "0" * 64}).status == 409
    path = bound.create(len(VIDEO)).headers["location"]
    assert bound.patch(path, 0, VIDEO).headers["bluelamp-item"] == str(item_id)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (412, {"tus_resumable": "0.2.2"}),
        (412, {"tus_resumable": "-"}),
        (400, {"upload_length": "-"}),
        (400, {"upload_length": "-1"}),
        (400, {"upload_length": "1e3"}),
        (413, {"upload_length": "9" * 30}),
        (413, {"upload_length": "9" * 5000}),
        (413, {"upload_length": "9" * 17}),
        (422, {"upload_length": "0"}),
        (400, {"upload_defer_length": "1"}),
        (400, {"upload_metadata": "filename ???"}),
        (400, {"upload_metadata": "filename /w=="}),
        (400, {"upload_metadata": "a YQ==,a YQ=="}),
        (400, {"upload_metadata": "filename AA=="}),
        (400, {"upload_metadata": "sha256 YQ=="}),
        (400, {"upload_metadata": "item YQ=="}),
    ],
)
def test_creations_that_cannot_be(tus: Tus, status: int, headers: dict[str, str]) -> None:
    answer = tus.call("POST", "/uploads/", b"", **{"upload_length": "10", **headers})
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["tus-resumable"] == "1.0.0"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (415, {"content_type": "application/octet-stream"}),
        (400, {"upload_offset": "-"}),
        (400, {"upload_offset": "x"}),
        (409, {"upload_offset": "5"}),
        (409, {"upload_offset": "8"}),
        (409, {"upload_offset": "9" * 30}),
        (400, {"upload_checksum": "md5 AAAA"}),
        (400, {"upload_checksum": "sha1 AAAA"}),
        (400, {"upload_checksum": "sha1 ???"}),
    ],
)
def test_pieces_that_cannot_be(tus: Tus, status: int, headers: dict[str, str]) -> None:
    path = tus.create(10).headers["location"]
    good = {"upload_offset": "0", "content_type": "application/offset+octet-stream"}
    assert tus.call("PATCH", path, b"hello", **{**good, **headers}).status == status
    assert tus.head(path).offset == 0


def test_a_piece_that_is_too_long_for_the_file(tus: Tus) -> None:
    path = tus.create(10).headers["location"]
    assert tus.patch(path, 0, b"eleven byte").status == 413
    assert tus.patch(path, 0, b"eight by").status == 204
    assert tus.patch(path, 8, b"three").status == 413
    assert tus.head(path).offset == 8


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (415, {"content_type": "image/jpeg"}),
        (415, {"content_type": "-"}),
        (400, {"upload_checksum": "md5 AAAA"}),
        (400, {"upload_checksum": "sha256 AAAA"}),
    ],
)
def test_a_first_piece_that_cannot_be_begins_nothing(
    tus: Tus, status: int, headers: dict[str, str]
) -> None:
    before = set(tus.server.store.incoming.glob("upload-*"))
    good = {"content_type": "application/offset+octet-stream"}
    assert tus.create(5, b"hello", **{**good, **headers}).status == status
    assert set(tus.server.store.incoming.glob("upload-*")) == before


def test_a_first_piece_that_changed_leaves_an_upload_to_go_on_with(tus: Tus) -> None:
    wrong = {
        "content_type": "application/offset+octet-stream",
        "upload_checksum": "sha1 " + "A" * 27 + "=",
    }
    begun = tus.create(5, b"hello", **wrong)
    assert begun.status == 460
    assert tus.patch(begun.headers["location"], 0, b"hello").headers["bluelamp-item"]


def test_giving_up_what_is_complete_keeps_the_item(tus: Tus) -> None:
    said = {"item": str(uuid4()), "sha256": SHA256}
    path = sent(tus, VIDEO, **said)
    assert tus.call("DELETE", path).status == 204
    assert tus.head(path).status == 410
    assert tus.call("DELETE", path).status == 410
    assert tus.create(len(VIDEO), metadata=said).offset == len(VIDEO), "it is here already"


def test_paths_and_methods_that_are_not_there(tus: Tus) -> None:
    assert tus.head("/uploads/not-an-id").status == 404
    assert tus.head(f"/uploads/{uuid4()}").status == 404
    assert tus.call("GET", "/uploads/").status == 405
    assert tus.call("PUT", f"/uploads/{uuid4()}").status == 405


def test_names_that_make_trouble(
    server: Server, token: Callable[..., str], shared_data: Path
) -> None:
    tus = Tus(server, token(purpose="report:names", max_files=1000))
    names = json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8"))

    def create(name: str) -> int:
        return tus.create(1, metadata={"filename": name}).status

    with ThreadPoolExecutor(4) as senders:
        statuses = list(senders.map(create, names))
    assert len(names) > 400
    assert [name for name, status in zip(names, statuses, strict=True) if status != 201] == []


def test_a_full_disk(fresh_server: Callable[..., Server], token: Callable[..., str]) -> None:
    starved = Tus(fresh_server(TEST_FILE_LIMIT="100000"), token())
    path = starved.create(len(VIDEO)).headers["location"]
    assert starved.patch(path, 0, VIDEO[:50_000]).status == 204
    full = starved.patch(path, 50_000, VIDEO[50_000:])
    assert (full.status, full.headers["content-type"]) == (507, "application/problem+json")
    assert starved.head(path).offset == 50_000
    assert (
        starved.server.store.incoming.joinpath(f"upload-{path.rsplit('/', 1)[1]}").stat().st_size
        == 50_000
    )
    starved.server.kill()
    starved.server.environment = {}
    starved.server.start()
    assert starved.patch(path, 50_000, VIDEO[50_000:]).headers["bluelamp-sha256"] == SHA256
