"""File names that every file system accepts. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bluelamp.records.evidence.verify.leftovers import is_leftover

WINDOWS_DEVICE_NAMES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{n}" for n in range(1, 10)),
    *(f"lpt{n}" for n in range(1, 10)),
}
# Well below the 255 that file systems allow, because a number may be added to make it unique.
MAX_NAME_BYTES = 120


def safe_filename(name: str) -> str:
    """Return a received file name made safe: no folders, no control characters, at most 120 bytes.

    The extension is kept. An empty or unusable name becomes `original`. Names that Windows
    reserves for devices get an underscore in front, and so do those that Windows and macOS give to
    files of their own: whoever checks a package leaves such files alone.
    """
    last_part = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    cleaned = "".join(
        c if c.isalnum() or unicodedata.combining(c) or c in " ._-()+,=@" else "_"
        for c in last_part
    )
    # Encoding with "replace" removes lone surrogates, which no file system takes.
    cleaned = cleaned.strip(" .").encode("utf-8", "replace").decode("utf-8")
    if not cleaned.strip("_"):
        return "original"
    stem, dot, extension = cleaned.rpartition(".")
    # A long "extension" is part of the name: a full stop in a sentence.
    stem, extension = (stem, dot + extension) if dot and len(extension) <= 12 else (cleaned, "")
    if stem.split(".")[0].lower() in WINDOWS_DEVICE_NAMES or is_leftover(stem + extension):
        stem = "_" + stem
    # Bytes, not characters: file systems limit the encoded name.
    while len((stem + extension).encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return stem + extension


def deduplicate_names(names: Iterable[str]) -> list[str]:
    """Return the names with a number before the extension of each that is already in the list.

    Upper and lower case count as the same, because they do on Windows and on a Mac.

    >>> deduplicate_names(["a.jpg", "A.jpg", "b"])
    ['a.jpg', 'A-2.jpg', 'b']
    """
    used: set[str] = set()
    result: list[str] = []
    for name in names:
        stem, dot, extension = name.rpartition(".")
        # ".profile" is a whole name and no extension.
        stem, extension = (stem, dot + extension) if stem else (name, "")
        candidate, count = name, 2
        # Windows and macOS take A.jpg and a.jpg for one file.
        while candidate.casefold() in used:
            candidate, count = f"{stem}-{count}{extension}", count + 1
        used.add(candidate.casefold())
        result.append(candidate)
    return result
