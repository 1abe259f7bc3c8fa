"""Decisions about evidence as pure functions.

Authority: NPCC (ACPO) Good Practice Guide for Digital Evidence, the four principles: no action
changes the original (1); whoever opens it is competent and can explain it (2); a record of all
processes applied is kept, so that a third party can repeat them (3). Forensic Science Regulator,
statutory Code of Practice v2 (in force 2 October 2025): each handling is recorded with who, from,
to, why and when.
"""

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

VIEW_WINDOW = timedelta(hours=1)
TOKEN_LIFE = timedelta(hours=24)
UPLOAD_LIFE = timedelta(days=7)
STAGED_LIFE = timedelta(days=1)
MOST_COMING = 20  # for one purpose at once: new tokens must not open ever more of them
LONGEST_NAME = 200


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


class ScanVerdict(StrEnum):
    """What a virus scanner said. Bytes are never clean for want of a scanner."""

    NOT_SCANNED = "not_scanned"
    CLEAN = "clean"
    INFECTED = "infected"


class UploadState(StrEnum):
    """Where an upload is: coming in, an item, refused because its bytes were not what was
    announced, or ended.
    """

    COMING = "coming"
    RECEIVED = "received"
    REFUSED = "refused"
    ENDED = "ended"


def is_new_view(*, last_viewed_at: datetime | None, at: datetime) -> bool:
    """Say whether a look at a preview is a line of continuity of its own.

    One line for each person, item and hour keeps continuity readable in court (principle 3); every
    look is on the audit record all the same.
    """
    return last_viewed_at is None or at - last_viewed_at >= VIEW_WINDOW


def plain_filename(name: str) -> str:
    """Return the name a file came under, without folders and control characters, cut to 200
    characters.

    It is a label only and never becomes a path here.

    >>> plain_filename("C:\\\\Users\\\\esi\\\\car\\u202egpj.exe")
    'cargpj.exe'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()
    if len(kept) > LONGEST_NAME:
        stem, dot, suffix = kept.rpartition(".")
        kept = (
            kept[:LONGEST_NAME]
            if not dot or len(suffix) > 10
            else stem[: LONGEST_NAME - len(suffix) - 1] + dot + suffix
        )
    return kept or "unnamed"
