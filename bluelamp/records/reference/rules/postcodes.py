"""Postcodes as Royal Mail writes them.

Royal Mail, *Programmers' guide to the Postcode Address File*, "Postcode format": an outward code in
one of six shapes, a space, and an inward code of a digit and two letters, neither of them C, I, K,
M, O or V.
"""

from __future__ import annotations

import re
from itertools import product

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import plain_characters

# What is not quite a postcode is kept as it was typed, up to the length of the longest one.
MAX_POSTCODE_LENGTH = 8

_FORMAT = re.compile(
    r"""(?P<outward>
          GIR(?=0AA$)                                               # the one exception
        | [A-PR-UWYZ]\d{1,2}                                        # A9, A99
        | [A-PR-UWYZ][A-HK-Y]\d{1,2}                                # AA9, AA99
        | [A-PR-UWYZ]\d[ABCDEFGHJKPSTUW]                            # A9A
        | [A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY]                       # AA9A
        )
        (?P<inward>\d[ABD-HJLNP-UW-Z]{2})""",
    re.VERBOSE,
)

# Letters and digits that people mistake for each other.
_LOOKALIKES = {
    "O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1", "S": "S5", "5": "5S", "Z": "Z2",
    "2": "2Z", "B": "B8", "8": "8B", "Q": "QO0",
}  # fmt: skip


def alphanumeric_upper(text: str) -> str:
    """Return the letters and digits of a text in capitals, and nothing else.

    This is how postcodes and registrations are compared.
    """
    return "".join(
        char for char in plain_characters(text).upper() if char.isascii() and char.isalnum()
    )


def parse_postcode(text: str) -> str | None:
    """Return a postcode as it is written, `SE15 4QL`, or None if it has not the shape of one."""
    match = _FORMAT.fullmatch(alphanumeric_upper(text))
    return f"{match['outward']} {match['inward']}" if match else None


def normalise_postcode(text: str) -> str:
    """Return a postcode as it is written, or the text in capitals where it is not one.

    People often know only half of a postcode, or mistype one letter: that is kept too.

    >>> normalise_postcode("se154ql"), normalise_postcode(" se15 ")
    ('SE15 4QL', 'SE15')
    """
    return parse_postcode(text) or " ".join(text.upper().split())[:MAX_POSTCODE_LENGTH]


def check_postcode(text: str, *, field: str = "postcode") -> Problem | None:
    """Return a problem where a text is too long for a postcode or half of one."""
    if len(alphanumeric_upper(text)) > MAX_POSTCODE_LENGTH:
        return Problem("reference.postcode_invalid", field)
    return None


def format_postcode(postcode: str) -> str:
    """Return a postcode with its space.

    Raises:
        ValueError: It is not a postcode.
    """
    if (formatted := parse_postcode(postcode)) is None:
        raise ValueError(f"{postcode!r} is not a postcode.")
    return formatted


def postcode_candidates(text: str) -> tuple[str, ...]:
    """Return postcodes without their space that the text may be meant for.

    O is tried for 0, I for 1 and the like, the fewest changes first: the text itself comes first
    if it has the right shape. At most seven characters are read, so there are at most 3**7 to try.
    """
    normalised = alphanumeric_upper(text)
    # Every letter may be meant for two or three: longer text would make millions of candidates.
    if not 5 <= len(normalised) <= 7:
        return ()
    spellings = (
        "".join(chars)
        for chars in product(*(_LOOKALIKES.get(letter, letter) for letter in normalised))
    )
    candidates = {spelling for spelling in spellings if _FORMAT.fullmatch(spelling)}

    def change_count(candidate: str) -> int:
        return sum(a != b for a, b in zip(candidate, normalised, strict=True))

    return tuple(sorted(candidates, key=lambda candidate: (change_count(candidate), candidate)))


def looks_like_postcode(text: str) -> bool:
    """Return whether a text begins like a postcode: a letter or two, then a digit."""
    return re.match(r"[A-Z]{1,2}\d", alphanumeric_upper(text)) is not None
