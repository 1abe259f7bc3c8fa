"""What a file from a phone holds, and what may be done with it. Pure.

Authority: Criminal Procedure and Investigations Act 1996, Code of Practice 5.1: material must be
kept, so what is stuck on a phone has to come off it; UK GDPR article 5(1)(f) and Data Protection
Act 2018, section 40: on its way nobody else may read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

MAX_ENTRIES = 2_000
MAX_CAPTURE_BYTES = 2 * 1024**2
"""As of a capture that a phone sends."""
MAX_REASON_LENGTH = 300
SUBJECT_KIND = "phone-file"


class FileState(StrEnum):
    """How far a file is."""

    ANNOUNCED = "announced"
    """A colleague's phone is sending it."""
    WAITING = "waiting"
    """It was read, and somebody at the desk decides."""
    BRINGING_IN = "bringing-in"
    DONE = "done"
    REFUSED = "refused"
    """It could not be read, and nothing of it was taken."""


class Outcome(StrEnum):
    """What became of one capture of a file."""

    WAITING = "waiting"
    RECEIVED = "received"
    BEFORE = "before"
    """The server had it already."""
    REFUSED = "refused"


class Fault(StrEnum):
    """Why a file can't be taken. Each is a sentence in `messages.py`."""

    NOT_A_PHONE_FILE = "not_a_phone_file"
    DAMAGED = "damaged"
    OTHER_FORCE = "other_force"
    KEY_UNKNOWN = "key_unknown"
    PHONE_UNKNOWN = "phone_unknown"
    SIGNATURE_WRONG = "signature_wrong"
    TOO_MANY = "too_many"
    EMPTY = "empty"


class FileRejected(Exception):
    """A file is not one that a phone of this force saved, as it saved it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands in front of a file, for everybody to read.

    Attributes:
        file_id: The id that the phone made for the file.
        force: The PNC code of the force that it is encrypted for.
        key_id: Which of the force's keys.
        ephemeral: The point of the key pair that the phone made for this file alone, uncompressed.
        device_id: The phone.
        chunk: The bytes of each chunk but the last, before they are encrypted.
        raw: The header's own bytes, to which the file's key and its signature are bound.
    """

    file_id: UUID
    force: str
    key_id: str
    ephemeral: bytes
    device_id: UUID
    chunk: int
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """The photo, video or document of a capture. `size` is in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One capture in a file.

    Attributes:
        id: The capture.
        officer_id: Who recorded it.
        sha256: The hash of its bytes, in lower-case hexadecimal.
        size: How many bytes it has.
        file: Its photo, video or document, if it has one.
        problem: Why the phone could not send it; "" where nothing kept it.
    """

    id: UUID
    officer_id: UUID
    sha256: str
    size: int
    file: AttachedFile | None
    problem: str

    @property
    def all_bytes(self) -> int:
        """Return how many bytes of the contents are this capture's."""
        return self.size + (self.file.size if self.file else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The list of what a file holds, which the phone signed.

    `saved_at` is by the phone's own clock.
    """

    saved_at: datetime
    app: str
    entries: tuple[Entry, ...]
    raw: bytes
    signature: bytes


def build_signed_text(*, header_sha256: str, manifest_sha256: str) -> bytes:
    """Return what a phone signs of a file. Both hashes are in lower-case hexadecimal."""
    return "\n".join((FORMAT, header_sha256, manifest_sha256)).encode()


FORMAT = "bluelamp-phone-file-1"
