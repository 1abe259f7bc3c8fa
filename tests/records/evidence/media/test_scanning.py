"""How a virus scanner's answer is read, and what no answer or a nonsensical one means."""

import socket
import threading
from pathlib import Path

import pytest

from bluelamp.records.evidence.media.scanning import ScanResult, scan_file
from tests import media_samples
from tests.scanner import EICAR


def _scan_bytes(folder: Path, data: bytes, address: str, **options: float) -> ScanResult:
    path = folder / "original"
    path.write_bytes(data)
    return scan_file(path, clamd_address=address, **options)  # type: ignore[arg-type]


def test_it_works(tmp_path: Path, clamd: str) -> None:
    result = _scan_bytes(tmp_path, media_samples.rotated_jpeg_with_gps(), clamd)
    assert (result.outcome, result.signature, result.reason) == ("clean", "", "")
    assert result.engine.startswith("ClamAV ")


def test_eicar_is_infected(tmp_path: Path, clamd: str) -> None:
    result = _scan_bytes(tmp_path, EICAR, clamd)
    assert result.outcome == "infected"
    assert "Eicar-Test-Signature" in result.signature


def test_an_empty_file_is_clean(tmp_path: Path, clamd: str) -> None:
    assert _scan_bytes(tmp_path, b"", clamd).outcome == "clean"


def test_more_than_clamd_takes_is_not_scan_bytes(tmp_path: Path, clamd: str) -> None:
    result = _scan_bytes(tmp_path, bytes(8 * 1024 * 1024), clamd)
    assert result.outcome == "not_scanned"
    assert result.reason in (
        "The file is larger than the virus scanner accepts.",
        "The virus scanner stopped before it had checked the whole file.",
    )


def test_file_over_our_limit_is_not_offered(tmp_path: Path, clamd: str) -> None:
    path = tmp_path / "original"
    path.write_bytes(bytes(2 * 1024 * 1024))
    result = scan_file(path, clamd_address=clamd, max_file_bytes=1024 * 1024)
    assert result.outcome == "not_scanned"
    assert result.reason == "The file is larger than 1 MB, the most that the virus scanner checks."


def test_no_scanner_means_not_scanned(tmp_path: Path) -> None:
    result = _scan_bytes(tmp_path, b"words", "")
    assert result == ScanResult(outcome="not_scanned", reason="No virus scanner is set up.")


@pytest.mark.parametrize(
    "address", ["unix:/nowhere/clamd.socket", "127.0.0.1:1", "nonsense", "host:port"]
)
def test_unreachable_scanner_means_not_scanned(tmp_path: Path, address: str) -> None:
    result = _scan_bytes(tmp_path, b"words", address)
    assert result == ScanResult(
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
    with _FakeClamd(answer) as address:
        assert _scan_bytes(tmp_path, b"words", address).outcome == outcome


def test_silent_scanner_is_not_waited_for(tmp_path: Path) -> None:
    with _FakeClamd(None) as address:
        result = _scan_bytes(tmp_path, b"words", address, timeout_seconds=0.3)
    assert result == ScanResult(
        outcome="not_scanned", reason="The virus scanner did not answer in time."
    )


class _FakeClamd:
    """A listener on loopback that answers VERSION as clamd does, and INSTREAM with `answer`, or
    never where that is None.
    """

    def __init__(self, answer: bytes | None) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> str:
        self._thread.start()
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        for _ in range(2):
            connection, _address = self._listener.accept()
            with connection:
                if connection.recv(9) == b"zVERSION\x00":
                    connection.sendall(b"ClamAV fake\x00")
                    continue
                while not connection.recv(65536).endswith(bytes(4)):
                    pass
                if self._answer is None:
                    self._is_over.wait()
                else:
                    connection.sendall(self._answer)
