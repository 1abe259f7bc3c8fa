"""Decisions about evidence as pure functions.

Authority: NPCC (ACPO) Good Practice Guide for Digital Evidence, the four principles: no action
changes the original (1); whoever opens it is competent and can explain it (2); a record of all
processes applied is kept, so that a third party can repeat them (3). Forensic Science Regulator,
statutory Code of Practice v2 (in force 2 October 2025): each handling is recorded with who, from,
to, why and when.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

# Within it, looking again is one view: a page that is reloaded must not fill the record.
VIEW_WINDOW = timedelta(hours=1)
TOKEN_LIFETIME = timedelta(hours=24)
UPLOAD_LIFETIME = timedelta(days=7)
# Longer than any request lasts: an older one is from a process that died.
STAGED_FILE_LIFETIME = timedelta(days=1)
# Counted for each subject and sender, because a new token is no reason to open more uploads.
MAX_UNFINISHED_UPLOADS = 20
# What one report of the public may have, with what is still arriving for it: two of the longest
# videos, or thirty photos.
MAX_FILES_OF_PUBLIC_SUBJECT = 30
MAX_BYTES_OF_PUBLIC_SUBJECT = 40 * 10**9
# What may come from one network address within a day. A household, or a shop with its CCTV, sends
# less; a school or an office behind one address sends some reports.
QUOTA_WINDOW = timedelta(days=1)
# By address, and many people share one behind a mobile network.
MAX_UPLOADS_OF_SENDER = 600
MAX_BYTES_OF_SENDER = 100 * 10**9
# All that the public has open at once.
MAX_OPEN_PUBLIC_UPLOADS = 5000
MAX_FILENAME_LENGTH = 200
# A longer "extension" is part of the name and is cut with it: "minutes of 3.March with comments".
_MAX_EXTENSION_LENGTH = 10
_SUBJECT_KIND = re.compile(r"[a-z][a-z-]{0,19}")


class Verb(StrEnum):
    """What is done with an item. Each is one line of its continuity."""

    RECEIVED = "received"
    SEALED = "sealed"
    VIEWED = "viewed"
    COPIED = "copied"
    PREVIEWED = "previewed"
    EXHIBITED = "exhibited"
    HANDED_OVER = "handed_over"
    DISPOSED = "disposed"


class Shot(StrEnum):
    """From how near a photo or a film was taken. A scene needs an overview, and a mark a close-up
    without and one with a scale.
    """

    OVERVIEW = "overview"
    CLOSE_UP = "close-up"
    SCALE = "scale"


class ScanVerdict(StrEnum):
    """What a virus scanner decided. Bytes that no scanner has seen are never called clean."""

    NOT_SCANNED = "not_scanned"
    CLEAN = "clean"
    INFECTED = "infected"


class UploadState(StrEnum):
    """The state of an upload.

    It is arriving; or it became an item; or it was refused, because its bytes were not what was
    announced; or it ended, because the sender cancelled it or its time ran out.
    """

    ARRIVING = "arriving"
    RECEIVED = "received"
    REFUSED = "refused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that an item belongs to: its kind, such as "report" or "crime", and its id.

    Each domain makes its own subjects. Evidence only stores and compares them: it knows nothing of
    reports or crimes.
    """

    kind: str
    id: UUID

    def __post_init__(self) -> None:
        if not _SUBJECT_KIND.fullmatch(self.kind):
            raise ValueError(f"not a kind of subject: {self.kind!r}")

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    def as_columns(self) -> dict[str, Any]:
        """Return the two columns that hold a subject, for a query or for a new row."""
        return {"subject_kind": self.kind, "subject_id": self.id}

    @classmethod
    def parse(cls, text: str) -> Subject:
        """Return the subject written as `kind:id`. Raises ValueError for anything else.

        >>> Subject.parse("report:0193b2c4-0000-7000-8000-000000000001").kind
        'report'
        """
        kind, _, subject_id = text.partition(":")
        return cls(kind=kind, id=UUID(subject_id))


def is_new_view(*, last_viewed_at: datetime | None, at: datetime) -> bool:
    """Return whether opening a preview adds a line to the item's continuity.

    One line for each person, item and hour keeps continuity readable in court (principle 3). Every
    view is in the audit record all the same.
    """
    return last_viewed_at is None or at - last_viewed_at >= VIEW_WINDOW


def clean_filename(name: str) -> str:
    """Return a file's name without folders and control characters, cut to 200 characters.

    The name is only a label. It is never used as a path.

    >>> clean_filename("C:\\\\Users\\\\esi\\\\car\\u202egpj.exe")
    'cargpj.exe'
    """
    last_part = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Category C holds controls and also direction marks, which can make "exe" look like "jpg".
    cleaned = "".join(
        letter for letter in last_part if unicodedata.category(letter)[0] != "C"
    ).strip()
    if len(cleaned) <= MAX_FILENAME_LENGTH:
        return cleaned or "unnamed"
    stem, dot, extension = cleaned.rpartition(".")
    if not dot or len(extension) > _MAX_EXTENSION_LENGTH:
        return cleaned[:MAX_FILENAME_LENGTH]
    return stem[: MAX_FILENAME_LENGTH - len(extension) - 1] + dot + extension
