"""The stand-in authority, held to RFC 3161 by OpenSSL: another program asks it and checks its
answers.
"""

import shutil
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from asn1crypto import tsp

from sandbox.tsa import Authority, serve
from sandbox.tsa.authority import Rejection

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="OpenSSL is not installed")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    server = serve(folder=tmp_path / "tsa")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)


def ask(address: str, query: bytes) -> httpx.Response:
    return httpx.post(
        address, content=query, headers={"Content-Type": "application/timestamp-query"}
    )


@needs_openssl
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_it_works(address: str, tmp_path: Path, digest: str) -> None:
    data, query, reply = tmp_path / "data", tmp_path / "query.tsq", tmp_path / "reply.tsr"
    data.write_bytes(b"a checkpoint\n")
    assert (
        openssl("ts", "-query", "-data", data, f"-{digest}", "-cert", "-out", query).returncode == 0
    )
    answer = ask(address, query.read_bytes())
    assert answer.headers["Content-Type"] == "application/timestamp-reply"
    reply.write_bytes(answer.content)
    root = tmp_path / "root.pem"
    chain = httpx.get(address + "chain.pem").text
    root.write_text("-----BEGIN" + chain.rsplit("-----BEGIN", 1)[1])
    against: list[str | Path]
    for against in (["-data", data], ["-queryfile", query]):
        seen = openssl("ts", "-verify", *against, "-in", reply, "-CAfile", root)
        assert seen.returncode == 0, seen.stderr
        assert "Verification: OK" in seen.stdout
    data.write_bytes(b"another checkpoint\n")
    assert openssl("ts", "-verify", "-data", data, "-in", reply, "-CAfile", root).returncode != 0


@needs_openssl
def test_certificates_are_left_out_unless_asked_for(address: str, tmp_path: Path) -> None:
    query = tmp_path / "query.tsq"
    assert openssl("ts", "-query", "-digest", "00" * 32, "-sha256", "-out", query).returncode == 0
    token = tsp.TimeStampResp.load(ask(address, query.read_bytes()).content)["time_stamp_token"]
    assert token["content"]["certificates"].native is None


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"req_policy": "1.2.3"}, "unaccepted_policy"),
        (
            {
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "md5"},
                    "hashed_message": bytes(16),
                }
            },
            "bad_alg",
        ),
        (
            {
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": b"short",
                }
            },
            "bad_data_format",
        ),
        (
            {"extensions": [{"extn_id": "1.2.3", "critical": True, "extn_value": b"\x05\x00"}]},
            "unaccepted_extensions",
        ),
    ],
)
def test_what_it_cannot_do_is_rejected_with_a_reason(
    tmp_path: Path, change: dict[str, object], failure: str
) -> None:
    sound = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)},
    }
    answer = Authority.in_folder(tmp_path).respond(tsp.TimeStampReq(sound | change).dump())
    status = Rejection.load(answer)["status"]
    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {failure}
    assert status["status_string"].native


@pytest.mark.parametrize("query", [b"", b"\x30", b"hello", b"\x30\x03\x02\x01\x01", bytes(500)])
def test_nonsense_is_rejected(address: str, query: bytes) -> None:
    answer = ask(address, query)
    assert answer.status_code == 200
    assert Rejection.load(answer.content)["status"]["fail_info"].native == {"bad_data_format"}


def test_other_content_is_refused(address: str) -> None:
    assert (
        httpx.post(address, content=b"{}", headers={"Content-Type": "text/plain"}).status_code
        == 415
    )
    assert ask(address, bytes(20_000)).status_code == 413
    assert httpx.get(address).status_code == 404


def test_the_authority_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    first, second = (Authority.in_folder(tmp_path) for _ in range(2))
    assert first.chain == second.chain
    assert stat.S_IMODE((tmp_path / "tsa.key").stat().st_mode) == 0o600
