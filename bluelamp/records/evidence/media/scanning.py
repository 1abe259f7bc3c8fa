"""Asking a virus scanner. What was not scanned through is "not scanned", with the reason: never
clean.

The danger: a scanner that says OK to bytes it did not look at. clamd does so for a file over its
MaxFileSize or MaxScanSize unless AlertExceedsMax is on, so nothing above `largest` is offered to
it, and its answer that a limit was exceeded counts as not scanned. How it can still fail: a clamd
whose MaxFileSize is below `largest` and whose AlertExceedsMax is off. Set `AlertExceedsMax yes`.

INSTREAM is spoken here and not through the `clamd` package, whose `send` may send less than it was
given without noticing; clamd would then scan other bytes than ours.
"""

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from bluelamp.records.evidence.media.facts import MIB

CHUNK = 256 * 1024
LARGEST = 100 * MIB
"""clamd's own default for MaxFileSize and StreamMaxLength (clamd.conf(5), ClamAV 1.x), in bytes."""


@dataclass(frozen=True, kw_only=True)
class ScanVerdict:
    """A scanner's answer. `signature` names what was found; `engine` names the scanner and its
    database; `reason` says in plain words why there was no scan.
    """

    outcome: Literal["clean", "infected", "not_scanned"]
    signature: str = ""
    engine: str = ""
    reason: str = ""


def scan(
    path: Path, *, clamd_address: str, seconds: float = 120.0, largest: int = LARGEST
) -> ScanVerdict:
    """Have the file at `path` scanned by clamd.

    `clamd_address` is "" where there is none, "unix:/path" or "/path" for a socket, or "host:port".
    `seconds` is the longest wait for any one answer. `largest` is the MaxFileSize of that clamd, in
    bytes. Never raises for anything clamd does; OSError only where the file itself cannot be read.
    """
    if not clamd_address:
        return ScanVerdict(outcome="not_scanned", reason="No virus scanner is set up.")
    with path.open("rb") as source:
        if path.stat().st_size > largest:
            words = (
                f"The file is larger than the {largest // MIB} MB that the virus scanner looks at."
            )
            return ScanVerdict(outcome="not_scanned", reason=words)
        try:
            engine = _ask_version(clamd_address, seconds)
            answer = _stream(clamd_address, seconds, source)
        except _SourceUnreadable as wrong:
            raise OSError(str(wrong)) from wrong
        except TimeoutError:
            return ScanVerdict(
                outcome="not_scanned", reason="The virus scanner did not answer in time."
            )
        except (OSError, ValueError):
            return ScanVerdict(
                outcome="not_scanned", reason="The virus scanner could not be reached."
            )
    return _verdict(answer, engine)


class _SourceUnreadable(Exception):
    """The file, and not clamd, failed while it was being sent."""


def _connect(address: str, seconds: float) -> socket.socket:
    """Raises OSError where nothing answers, ValueError where the address is none."""
    path = address.removeprefix("unix:")
    if path.startswith("/"):
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.settimeout(seconds)
        try:
            door.connect(path)
        except OSError:
            door.close()
            raise
        return door
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _ask_version(address: str, seconds: float) -> str:
    with _connect(address, seconds) as door:
        door.sendall(b"zVERSION\x00")
        return _line(door)


def _stream(address: str, seconds: float, source: BinaryIO) -> str:
    """Send the file and fetch the answer. clamd may answer and hang up before it has read
    everything.
    """
    with _connect(address, seconds) as door:
        try:
            door.sendall(b"zINSTREAM\x00")
            while chunk := _read(source):
                door.sendall(len(chunk).to_bytes(4, "big"))
                door.sendall(chunk)
            door.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            return _line(door)
        except ConnectionResetError:
            return ""


def _read(source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK)
    except OSError as wrong:
        raise _SourceUnreadable(str(wrong)) from wrong


def _line(door: socket.socket) -> str:
    """One answer of at most 4 KB, up to its NUL or the end."""
    said = b""
    while b"\x00" not in said and len(said) < 4096:
        more = door.recv(4096)
        if not more:
            break
        said += more
    text = said.partition(b"\x00")[0].decode("utf-8", errors="replace")
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _verdict(answer: str, engine: str) -> ScanVerdict:
    """Read clamd's answer: "stream: OK", "stream: NAME FOUND", or words that end in ERROR
    (clamd(8)).
    """
    if answer == "stream: OK":
        return ScanVerdict(outcome="clean", engine=engine)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        signature = answer.removeprefix("stream: ").removesuffix(" FOUND")
        if signature.startswith("Heuristics.Limits.Exceeded"):
            words = "The file is more than the virus scanner looks through."
            return ScanVerdict(outcome="not_scanned", engine=engine, reason=words)
        return ScanVerdict(outcome="infected", signature=signature, engine=engine)
    if "size limit exceeded" in answer:
        words = "The file is larger than the virus scanner accepts."
        return ScanVerdict(outcome="not_scanned", engine=engine, reason=words)
    words = "The virus scanner stopped before it had looked at the whole file."
    return ScanVerdict(outcome="not_scanned", engine=engine, reason=words)
