"""A package sealed from the real log by a real authority over HTTP, and then verified."""

import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.foundation.kernel.merkle_log.checkpoint import VerifierKey
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogStamp
from bluelamp.records.evidence.bag import STAMPED_FILES
from bluelamp.records.evidence.fsck import fsck
from bluelamp.records.evidence.models import PublishedKey, SealedPackage
from bluelamp.records.evidence.sealing import (
    StampUnavailable,
    request_stamp,
    seal_package,
    write_sealed_bag,
)
from bluelamp.records.evidence.verify import verify_package
from tests.records.evidence.packages import FORCE_NAME, INFO, URN, Exhibit

pytestmark = pytest.mark.django_db


def running(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def rows(exhibit: Exhibit) -> list[tuple[UUID, bytes]]:
    return [
        (
            UUID(str(entry["id"])),
            json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(),
        )
        for entry in exhibit.continuity()
    ]


def test_it_works(tsa: str, tmp_path: Path, at: datetime) -> None:
    exhibit = Exhibit("AB/1", "photo.jpg", b"\xff\xd8 a photo", new_id())
    entries = rows(exhibit)
    log.integrate(log="continuity", entries=rows(Exhibit("CD/1", "other.jpg", b"", new_id())))
    path = "data/exhibits/AB-1/original/photo.jpg"
    sha256 = hashlib.sha256(exhibit.content).hexdigest()
    listed = {
        "reference": "AB/1",
        "item_id": str(exhibit.item),
        "sha256": sha256,
        "size": len(exhibit.content),
        "original": path,
        "continuity": [json.loads(line) for _, line in entries],
    }
    case = json.dumps(
        {"urn": URN, "force_name": FORCE_NAME, "exhibits": [listed], "documents": []}
    ).encode()
    write_sealed_bag(
        folder=tmp_path / "package",
        files={path: exhibit.content, "data/case.json": case},
        info=INFO,
        items={exhibit.item: entries},
        force="01",
        at=at,
    )
    checks = list(verify_package(tmp_path / "package"))
    assert [str(check) for check in checks if not check.passed] == []
    key = VerifierKey.parse((tmp_path / "package/seal/keys").read_text().strip())
    assert str(key) == str(log.signer("continuity").verifier)
    assert LogCheckpoint.objects.get().size == 9
    assert [check for check in fsck() if "package" in check.name and not check.passed] == []
    assert SealedPackage.objects.get().files.keys() == set(STAMPED_FILES)
    assert set(PublishedKey.objects.values_list("kind", flat=True)) == {"log", "time_stamps"}


def test_the_same_checkpoint_is_stamped_once(tsa: str, at: datetime) -> None:
    exhibit = Exhibit("AB/1", "photo.jpg", b"", new_id())
    items = {exhibit.item: rows(exhibit)}
    package = (new_id(), b"{}")
    seals = [seal_package(package=package, items=items, at=at) for _ in range(2)]
    assert seals[0] == seals[1]
    assert LogStamp.objects.count() == 1


def test_without_a_stamp_there_is_no_seal(settings: object, tmp_path: Path, at: datetime) -> None:
    exhibit = Exhibit("AB/1", "photo.jpg", b"", new_id())
    for url, words in (
        ("", "BLUELAMP_TSA_URL is empty"),
        ("http://127.0.0.1:1/", "did not answer"),
    ):
        settings.BLUELAMP_TSA_URL = url  # type: ignore[attr-defined]
        with pytest.raises(StampUnavailable, match=words):
            write_sealed_bag(
                folder=tmp_path / "package",
                files={},
                info=INFO,
                items={exhibit.item: rows(exhibit)},
                force="01",
                at=at,
            )
    assert not (tmp_path / "package").exists()


def test_an_answer_to_another_request_is_refused(authority: str) -> None:
    earlier = request_stamp(b"note", url=authority)

    class Replay(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(earlier)))
            self.end_headers()
            self.wfile.write(earlier)

        def log_message(self, format: str, *args: object) -> None:
            pass

    replaying = running(ThreadingHTTPServer(("127.0.0.1", 0), Replay))
    url = next(replaying)
    try:
        with pytest.raises(StampUnavailable, match="nonce differs"):
            request_stamp(b"note", url=url)
        with pytest.raises(StampUnavailable, match="something other"):
            request_stamp(b"another note", url=url)
    finally:
        next(replaying, None)


def test_a_redirect_of_the_authority_is_not_followed() -> None:
    paths: list[str] = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            paths.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with pytest.raises(StampUnavailable):
            request_stamp(b"a note", url=f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert paths == ["/"]
