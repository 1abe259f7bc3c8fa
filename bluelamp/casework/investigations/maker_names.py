"""Compares the name on a statement with the name on record of the person who is said to make it.

The officer app compares them in the same way before anybody signs
(`officer-app/src/capture/maker-names.ts`); `contracts/vectors/maker-names.json` holds both to it.
"""

import re
from enum import StrEnum

from bluelamp.foundation.kernel.text import tokens

_LEAST_LENGTH_TO_MISSPELL = 4
_LATIN = re.compile(r"[a-z]")


class NameMatch(StrEnum):
    """What two names say about whether they are one person's."""

    SAME = "same"
    UNCLEAR = "unclear"
    DIFFERENT = "different"


def compare_names(maker_name: str, name_on_record: str) -> NameMatch:
    """Say whether a statement's maker can be the person on record.

    One person's words must not be served as another's (Criminal Justice Act 1967, section 9). Names
    of which every word of the shorter is in the longer, or an initial or one letter away, are the
    same. One word alone does not tell a daughter from her mother, and a name in another script
    cannot be compared: the officer who is there is to say.
    """
    maker, known = tokens(maker_name), tokens(name_on_record)
    if not known:
        return NameMatch.SAME
    shorter, longer = sorted((maker, known), key=len)
    has_common_word = any(_is_near(word, other) for word in shorter for other in longer)
    if has_common_word and all(
        any(_is_near(word, other) or _is_initial(word, other) for other in longer)
        for word in shorter
    ):
        return NameMatch.SAME
    is_comparable = all(_LATIN.search("".join(words)) for words in (maker, known))
    has_initials_only = any(_is_initial(word, other) for word in shorter for other in longer)
    if has_common_word or has_initials_only or not is_comparable:
        return NameMatch.UNCLEAR
    return NameMatch.DIFFERENT


def _is_initial(word: str, other: str) -> bool:
    return 1 in (len(word), len(other)) and word[0] == other[0]


def _is_near(word: str, other: str) -> bool:
    """Say whether two words are the same but for one letter that is other, missing or more."""
    if word == other:
        return len(word) > 1
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) < _LEAST_LENGTH_TO_MISSPELL or len(longer) - len(shorter) > 1:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    is_same_length = len(shorter) == len(longer)
    return shorter[start + 1 if is_same_length else start :] == longer[start + 1 :]
