"""Ask a virus scanner about a file. What was not fully scanned is "not scanned", with the reason,
and never "clean".

The danger is a scanner that says OK to bytes it did not look at. clamd does so for a file over its
MaxFileSize or MaxScanSize unless AlertExceedsMax is on, so nothing above `max_file_bytes` is
offered to it, and its answer that a limit was exceeded counts as not scanned. This still fails with
a clamd whose MaxFileSize is below `max_file_bytes` and whose AlertExceedsMax is off. Set
`AlertExceedsMax yes`.

We speak INSTREAM here rather than through the `clamd` package, whose `send` may send less than it
was given without noticing; clamd would then scan other bytes than ours.
"""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from bluelamp.records.evidence.media.media_info import MIB

_CHUNK_BYTES = 256 * 1024
# clamd's own default for MaxFileSize and StreamMaxLength (clamd.conf(5), ClamAV 1.x), in bytes.
DEFAULT_MAX_FILE_BYTES = 100 * MIB
_MAX_ANSWER_BYTES = 4096


@dataclass(frozen=True, kw_only=True)
class ScanResult:
    """A virus scanner's answer.

    Attributes:
        signature: The name of what was found.
        engine: The scanner and its database.
        reason: In plain words, why there was no scan.
    """

    outcome: Literal["clean", "infected", "not_scanned"]
    signature: str = ""
    engine: str = ""
    reason: str = ""


def scan_file(
    path: Path,
    *,
    clamd_address: str,
    timeout_seconds: float = 120.0,
    max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
) -> ScanResult:
    """Have clamd scan the file at `path`. Never raises for anything that clamd does.

    Args:
        clamd_address: "" where there is none, "unix:/path" or "/path" for a socket, or "host:port".
        timeout_seconds: The longest wait for any one answer.
        max_file_bytes: The MaxFileSize of that clamd.

    Raises:
        OSError: The file itself cannot be read.
    """
    if not clamd_address:
        return _make_not_scanned_result("No virus scanner is set up.")
    with path.open("rb") as source:
        if path.stat().st_size > max_file_bytes:
            megabytes = max_file_bytes // MIB
            return _make_not_scanned_result(
                f"The file is larger than {megabytes} MB, the most that the virus scanner checks."
            )
        try:
            engine = _request_version(clamd_address, timeout_seconds)
            answer = _stream_file(clamd_address, timeout_seconds, source)
        except _SourceUnreadable as error:
            raise OSError(str(error)) from error
        except TimeoutError:
            return _make_not_scanned_result("The virus scanner did not answer in time.")
        except (OSError, ValueError):
            return _make_not_scanned_result("The virus scanner could not be reached.")
    return _interpret_answer(answer, engine)


class _SourceUnreadable(Exception):
    """The file, and not clamd, failed while it was being sent.

    Both fail with OSError, and only the scanner's failures may be answered with "not scanned".
    """


def _make_not_scanned_result(reason: str, engine: str = "") -> ScanResult:
    return ScanResult(outcome="not_scanned", reason=reason, engine=engine)


def _connect(address: str, timeout_seconds: float) -> socket.socket:
    """Return a connection to clamd.

    Raises:
        OSError: Nothing answers there.
        ValueError: The address is not one.
    """
    path = address.removeprefix("unix:")
    if path.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout_seconds)
        try:
            connection.connect(path)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout_seconds)


def _request_version(address: str, timeout_seconds: float) -> str:
    with _connect(address, timeout_seconds) as connection:
        # clamd(8): "z" says that commands and answers end with a NUL, not a line end.
        connection.sendall(b"zVERSION\x00")
        return _receive_answer(connection)


def _stream_file(address: str, timeout_seconds: float, source: BinaryIO) -> str:
    """Send the file and return clamd's answer, "" where it gave none."""
    with _connect(address, timeout_seconds) as connection:
        try:
            connection.sendall(b"zINSTREAM\x00")
            while chunk := _read_block(source):
                connection.sendall(len(chunk).to_bytes(4, "big"))
                connection.sendall(chunk)
            connection.sendall(bytes(4))  # a chunk of no bytes ends the stream
        except (BrokenPipeError, ConnectionResetError):
            # clamd may answer and hang up before it has read everything: its answer is still there.
            pass
        try:
            return _receive_answer(connection)
        except ConnectionResetError:
            return ""


def _read_block(source: BinaryIO) -> bytes:
    try:
        return source.read(_CHUNK_BYTES)
    except OSError as error:
        raise _SourceUnreadable(str(error)) from error


def _receive_answer(connection: socket.socket) -> str:
    """Return one answer of at most 4 KB, up to its NUL or the end."""
    answer = b""
    while b"\x00" not in answer and len(answer) < _MAX_ANSWER_BYTES:
        data = connection.recv(_MAX_ANSWER_BYTES)
        if not data:
            break
        answer += data
    text = answer.partition(b"\x00")[0].decode("utf-8", errors="replace")
    # The answer is kept and shown, and it may quote the file's name.
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _interpret_answer(answer: str, engine: str) -> ScanResult:
    """Return what clamd's answer means.

    It is "stream: OK", "stream: NAME FOUND", or words that end in ERROR (clamd(8)).
    """
    if answer == "stream: OK":
        return ScanResult(outcome="clean", engine=engine)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        signature = answer.removeprefix("stream: ").removesuffix(" FOUND")
        # With AlertExceedsMax clamd reports its own limits as if they were a virus.
        if signature.startswith("Heuristics.Limits.Exceeded"):
            return _make_not_scanned_result(
                "The file is more than the virus scanner can check.", engine
            )
        return ScanResult(outcome="infected", signature=signature, engine=engine)
    if "size limit exceeded" in answer:
        return _make_not_scanned_result(
            "The file is larger than the virus scanner accepts.", engine
        )
    return _make_not_scanned_result(
        "The virus scanner stopped before it had checked the whole file.", engine
    )
