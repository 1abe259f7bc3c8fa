"""Renders a template and its data as an archival, tagged PDF with typst.

Every PDF is PDF/A-2a (archival, accessible) and PDF/UA-1, uses only the fonts in `fonts/`, and is
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

FONTS = Path(str(files("bluelamp.foundation.documents"))) / "fonts"
STANDARDS: list[Any] = ["a-2a", "ua-1"]
DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that reverse the direction of the text after them. They are printed as numbers, so
that the reader sees the order that was written.
"""
# Longer words, such as web addresses, would run out of a column: they may break here.
LONG_WORD = re.compile(r"\S{48}(?=\S)")


@lru_cache(maxsize=1)
def _read_font_ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    lines = (FONTS / "coverage.txt").read_text(encoding="ascii").split()
    pairs = [tuple(int(end, 16) for end in line.split("-")) for line in lines]
    # Starts and ends apart, so that bisect can search the starts.
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def can_draw(character: str) -> bool:
    """Return True if the fonts in `fonts/` have a glyph for this one character."""
    if character in DIRECTION_CONTROLS:
        return False
    starts, ends = _read_font_ranges()
    index = bisect_right(starts, ord(character)) - 1
    return index >= 0 and ord(character) <= ends[index]


def replace_undrawable_characters(text: str) -> str:
    """Return the text as it can be printed.

    A character that no font here has becomes its Unicode number, such as `[U+1F600]`. Line endings
    become `\\n`, a tab becomes four spaces, and very long words get places where a line may break.
    """
    characters: list[str] = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "):
        # A combining mark without a letter before it would be drawn over a dotted circle.
        is_lone_mark = unicodedata.combining(character) and (
            not characters or not characters[-1].isalpha()
        )
        if character == "\n" or (can_draw(character) and not is_lone_mark):
            characters.append(character)
        else:
            characters.append(f"[U+{ord(character):04X}]")
    return LONG_WORD.sub(lambda match: match.group() + "\u200b", "".join(characters))


def _printable_in(value: Any) -> Any:
    if isinstance(value, str):
        return replace_undrawable_characters(value)
    if isinstance(value, Mapping):
        return {key: _printable_in(element) for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [_printable_in(element) for element in value]
    return value


def render(
    *,
    template: Path,
    data: Mapping[str, Any],
    made_at: datetime,
    drawings: Mapping[str, str] | None = None,
) -> bytes:
    """Return the PDF of a template.

    Args:
        template: A typst file. It may import others of its folder.
        data: What the template reads.
        made_at: An aware instant, which dates the document.
        drawings: SVG by name, passed on unchanged beside the data.

    Raises:
        typst.TypstError: The result would not be valid PDF/A and PDF/UA.
    """
    inputs: dict[str, Any] = {key: _printable_in(value) for key, value in data.items()}
    # The form explains the numbers if there is one in it.
    has_undrawn = "[U+" in json.dumps(inputs, ensure_ascii=False)
    inputs |= {**(drawings or {}), "has_undrawn": has_undrawn}
    pdf = typst.compile(
        template,
        root=template.parent,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(inputs, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        # Not the clock: the same data must give the same bytes.
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf
