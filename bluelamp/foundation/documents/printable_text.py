"""Text as the fonts in `fonts/` can print it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

FONTS = Path(str(files("bluelamp.foundation.documents"))) / "fonts"
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
