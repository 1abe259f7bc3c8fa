"""Where each thing lies in the package: folder and file names that every file system takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from bluelamp.casework.casefiles.facts import CaseFacts, ExhibitFacts

RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{n}" for n in range(1, 10)),
    *(f"lpt{n}" for n in range(1, 10)),
}
LONGEST = 120


def safe_filename(name: str) -> str:
    """The file name as received, made safe: no folders, no control characters, at most 120 bytes,
    its ending kept.

    An empty or unusable name becomes `original`. Names that Windows keeps for devices get an
    underscore in front.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(
        c if c.isalnum() or unicodedata.combining(c) or c in " ._-()+,=@" else "_" for c in last
    )
    kept = kept.strip(" .").encode("utf-8", "replace").decode("utf-8")
    if not kept.strip("_"):
        return "original"
    stem, dot, ending = kept.rpartition(".")
    stem, ending = (stem, dot + ending) if dot and len(ending) <= 12 else (kept, "")
    if stem.split(".")[0].lower() in RESERVED:
        stem = "_" + stem
    while len((stem + ending).encode()) > LONGEST:
        stem = stem[:-1]
    return stem + ending


def unlike(names: Iterable[str]) -> list[str]:
    """The names, each made unlike the ones before it whatever the letter case, by a number before
    its ending.
    """
    used: set[str] = set()
    result: list[str] = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (name, "")
        candidate, count = name, 2
        while candidate.casefold() in used:
            candidate, count = f"{stem}-{count}{ending}", count + 1
        used.add(candidate.casefold())
        result.append(candidate)
    return result


def exhibit_folders(exhibits: Iterable[ExhibitFacts]) -> dict[UUID, str]:
    """The folder of each exhibit by item id: `AB/1` lies in `AB-1`; two that would share one are
    told apart.
    """
    listed = list(exhibits)
    plain = [safe_filename(exhibit.reference.replace("/", "-")) for exhibit in listed]
    return {exhibit.item_id: folder for exhibit, folder in zip(listed, unlike(plain), strict=True)}


def original_paths(facts: CaseFacts) -> dict[UUID, str]:
    """Where each exhibit's original lies in the package, by item id."""
    folders = exhibit_folders(facts.exhibits)
    return {
        exhibit.item_id: f"data/exhibits/{folders[exhibit.item_id]}/original/{safe_filename(exhibit.filename)}"
        for exhibit in facts.exhibits
    }


def preview_paths(facts: CaseFacts) -> dict[tuple[UUID, str], str]:
    """Where each preview lies in the package, by item id and SHA-256."""
    folders = exhibit_folders(facts.exhibits)
    paths: dict[tuple[UUID, str], str] = {}
    for exhibit in facts.exhibits:
        names = unlike(safe_filename(preview.name) for preview in exhibit.previews)
        for preview, name in zip(exhibit.previews, names, strict=True):
            paths[exhibit.item_id, preview.sha256] = (
                f"data/exhibits/{folders[exhibit.item_id]}/previews/{name}"
            )
    return paths
