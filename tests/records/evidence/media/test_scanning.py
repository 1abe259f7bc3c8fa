"""What a virus scanner says, and what is made of it when it says nothing or nonsense."""

import socket
import threading
from pathlib import Path

import pytest

from bluelamp.records.evidence.media.scanning import ScanVerdict, scan
from tests import media_samples
from tests.scanner import EICAR


def _scanned(folder: Path, data: bytes, address: str, **how: float) -> ScanVerdict:
    path = folder / "original"
    path.write_bytes(data)
    return scan(path, clamd_address=address, **how)  # type: ignore[arg-type]


def test_it_works(tmp_path: Path, clamd: str) -> None:
    verdict = _scanned(tmp_path, media_samples.rotated_jpeg_with_gps(), clamd)
    assert (verdict.outcome, verdict.signature, verdict.reason) == ("clean", "", "")
    assert verdict.engine.startswith("ClamAV ")


def test_eicar_is_found(tmp_path: Path, clamd: str) -> None:
    verdict = _scanned(tmp_path, EICAR, clamd)
    assert verdict.outcome == "infected"
    assert "Eicar-Test-Signature" in verdict.signature


def test_an_empty_file_is_clean(tmp_path: Path, clamd: str) -> None:
    assert _scanned(tmp_path, b"", clamd).outcome == "clean"


def test_more_than_clamd_takes_is_not_scanned(tmp_path: Path, clamd: str) -> None:
    verdict = _scanned(tmp_path, bytes(8 * 1024 * 1024), clamd)
    assert verdict.outcome == "not_scanned"
    assert verdict.reason in (
        "The file is larger than the virus scanner accepts.",
        "The virus scanner stopped before it had looked at the whole file.",
    )


def test_more_than_is_looked_at_is_never_offered(tmp_path: Path, clamd: str) -> None:
    path = tmp_path / "original"
    path.write_bytes(bytes(2 * 1024 * 1024))
    verdict = scan(path, clamd_address=clamd, largest=1024 * 1024)
    assert verdict.outcome == "not_scanned"
    assert verdict.reason == "The file is larger than the 1 MB that the virus scanner looks at."


def test_without_a_scanner_nothing_is_clean(tmp_path: Path) -> None:
    verdict = _scanned(tmp_path, b"words", "")
    assert verdict == ScanVerdict(outcome="not_scanned", reason="No virus scanner is set up.")


@pytest.mark.parametrize(
    "address", ["unix:/nowhere/clamd.socket", "127.0.0.1:1", "nonsense", "host:port"]
)
def test_a_scanner_that_is_not_there_is_not_clean(tmp_path: Path, address: str) -> None:
    verdict = _scanned(tmp_path, b"words", address)
    assert verdict == ScanVerdict(
        outcome="not_scanned", reason="The virus scanner could not be reached."
    )


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"stream: OK\x00", "clean"),
        (b"stream: Win.Test FOUND\x00", "infected"),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\x00", "not_scanned"),
        (b"INSTREAM size limit exceeded. ERROR\x00", "not_scanned"),
        (b"stream: OK but not really\x00", "not_scanned"),
        (b"stream: lstat() failed ERROR\x00", "not_scanned"),
        (b"", "not_scanned"),
        (b"\xff\xfe\x00", "not_scanned"),
        (b"A" * 9000, "not_scanned"),
    ],
)
def test_only_one_answer_means_clean(tmp_path: Path, answer: bytes, outcome: str) -> None:
    with _Pretender(answer) as address:
        assert _scanned(tmp_path, b"words", address).outcome == outcome


def test_a_scanner_that_falls_silent_is_not_waited_for(tmp_path: Path) -> None:
    with _Pretender(None) as address:
        verdict = _scanned(tmp_path, b"words", address, seconds=0.3)
    assert verdict == ScanVerdict(
        outcome="not_scanned", reason="The virus scanner did not answer in time."
    )


class _Pretender:
    """A listener on loopback that answers VERSION as clamd does and INSTREAM as it is told, or
    never (None).
    """

    def __init__(self, answer: bytes | None) -> None:
        self._answer = answer
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> str:
        self._thread.start()
        host, port = self._door.getsockname()
        return f"{host}:{port}"

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._door.close()

    def _serve(self) -> None:
        for _ in range(2):
            caller, _address = self._door.accept()
            with caller:
                if caller.recv(9) == b"zVERSION\x00":
                    caller.sendall(b"ClamAV pretended\x00")
                    continue
                while not caller.recv(65536).endswith(bytes(4)):
                    pass
                if self._answer is None:
                    self._ended.wait()
                else:
                    caller.sendall(self._answer)
