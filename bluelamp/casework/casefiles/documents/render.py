"""Turning a form and its data into an archival, tagged PDF with typst.

Every PDF is PDF/A-2a (archival, accessible) and PDF/UA-1, uses only the fonts shipped here, and is
the same bytes for the same data. typst refuses to write a PDF that would break either standard.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

HERE = Path(str(files("bluelamp.casework.casefiles.documents")))
STANDARDS: list[Any] = ["a-2a", "ua-1"]
TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: shown as numbers, so that what is read is
what was written.
"""
UNBROKEN = re.compile(r"\S{48}(?=\S)")


@lru_cache(maxsize=1)
def _coverage() -> tuple[tuple[int, ...], tuple[int, ...]]:
    lines = (HERE / "fonts" / "coverage.txt").read_text(encoding="ascii").split()
    pairs = [tuple(int(end, 16) for end in line.split("-")) for line in lines]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def can_draw(character: str) -> bool:
    """Whether the shipped fonts have a glyph for this one character."""
    if character in TURNS_TEXT:
        return False
    starts, ends = _coverage()
    place = bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]


def printable(text: str) -> str:
    """The text as it can be printed: what no font here draws becomes its Unicode number, such as
    `[U+1F600]`.

    Line endings become `\\n`, a tab four spaces, and very long words get places where a line may
    break.
    """
    characters: list[str] = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "):
        lone_mark = unicodedata.combining(character) and (
            not characters or not characters[-1].isalpha()
        )
        if character == "\n" or (can_draw(character) and not lone_mark):
            characters.append(character)
        else:
            characters.append(f"[U+{ord(character):04X}]")
    return UNBROKEN.sub(lambda run: run.group() + "\u200b", "".join(characters))


def _printable_in(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable_in(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable_in(inner) for inner in value]
    return value


def render(*, form: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF of a form in `templates/`. `made_at` is an aware instant and dates the document.

    `data["signature"]`, where there is one, is SVG and is passed on untouched. Raises
    `typst.TypstError` where the result would not be valid PDF/A and PDF/UA.
    """
    shown: dict[str, Any] = {key: _printable_in(value) for key, value in data.items()}
    if "signature" in data:
        shown["signature"] = data["signature"]
    written = json.dumps(shown, ensure_ascii=False)
    shown["unshown"] = "[U+" in written
    pdf = typst.compile(
        HERE / "templates" / f"{form}.typ",
        root=HERE,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(shown, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf
