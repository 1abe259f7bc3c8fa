"""Postcodes as Royal Mail writes them.

Royal Mail, *Programmers' guide to the Postcode Address File*, "Postcode format": an outward code in
one of six shapes, a space, and an inward code of a digit and two letters, neither of them C, I, K,
M, O or V.
"""

from __future__ import annotations

import re
from itertools import product

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

# Letters and digits that a hand or an eye confuses.
_LOOKALIKES = {
    "O": "O0", "0": "0O", "I": "I1", "1": "1I", "L": "L1", "S": "S5", "5": "5S", "Z": "Z2", "2": "2Z",
    "B": "B8", "8": "8B", "Q": "QO0",
}  # fmt: skip


def compact(text: str) -> str:
    """Capitals and digits alone: how a postcode is compared. Everything else that was typed is
    dropped.
    """
    return "".join(each for each in text.upper() if each.isascii() and each.isalnum())


def parse_postcode(text: str) -> str | None:
    """The postcode as it is written, `SE15 4QL`, or None if the text has not the shape of one."""
    found = _FORMAT.fullmatch(compact(text))
    return f"{found['outward']} {found['inward']}" if found else None


def display(postcode: str) -> str:
    """A compact postcode with its space. Raises ValueError if it is not one."""
    if (shown := parse_postcode(postcode)) is None:
        raise ValueError(f"{postcode!r} is not a postcode.")
    return shown


def readings(text: str) -> tuple[str, ...]:
    """Compact postcodes that the text may be meant for: O for 0, I for 1 and the like, the fewest
    changes first.

    The text itself comes first if it has the right shape. At most seven characters are read, so at
    most 3**7 readings are tried.
    """
    typed = compact(text)
    if not 5 <= len(typed) <= 7:
        return ()
    tried = (
        "".join(each) for each in product(*(_LOOKALIKES.get(letter, letter) for letter in typed))
    )
    shaped = {each for each in tried if _FORMAT.fullmatch(each)}
    return tuple(
        sorted(
            shaped, key=lambda each: (sum(a != b for a, b in zip(each, typed, strict=True)), each)
        )
    )


def looks_like_postcode(text: str) -> bool:
    """Whether someone who typed this has begun a postcode: a letter or two, then a digit."""
    return re.match(r"[A-Z]{1,2}\d", compact(text)) is not None
