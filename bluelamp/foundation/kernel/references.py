"""References that people read out: random bits in Crockford's base 32, with a check symbol.

https://www.crockford.com/base32.html. The check symbol catches any one wrong symbol and any two
that changed places.
"""

import re

from bluelamp.foundation.kernel.text import plain_characters

# What people put between the parts of a reference: it says nothing.
_BETWEEN = re.compile(r"[\s/\-]+")
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = SYMBOLS + "*~$=U"
_BITS_OF_SYMBOL = 5


def join_reference(text: str, separator: str) -> str:
    """Return a reference in capitals, with one separator between its parts, however it was typed.

    The one reader of every reference that people type: letters of other widths, the dashes of a
    word processor, slashes, odd spaces and what copying leaves between are all the same.

    >>> join_reference(" fl\u2014 01 /0000123\u00a026", "/"), join_reference("cr\u201312-26", "/")
    ('FL/01/0000123/26', 'CR/12/26')
    """
    return _BETWEEN.sub(separator, plain_characters(text).upper()).strip(separator)


def encode_number(number: int, *, symbols: int) -> str | None:
    """Return a number as so many symbols and a check symbol.

    None where the check symbol is not a letter or digit: such a number is not issued, so that each
    reference can be read out on the phone.

    >>> encode_number(1, symbols=4), encode_number(32, symbols=4)
    ('00011', None)
    """
    check = _CHECK[number % 37]
    if check not in SYMBOLS:
        return None
    shifts = range(_BITS_OF_SYMBOL * (symbols - 1), -1, -_BITS_OF_SYMBOL)
    return "".join(SYMBOLS[number >> shift & 31] for shift in shifts) + check


def decode_number(text: str, *, symbols: int) -> int | None:
    """Return the number of symbols with their check symbol, or None if they are none.

    O is read as 0, I and L as 1. Hyphens and spaces must be gone.

    >>> decode_number("ooOl1", symbols=4), decode_number("00012", symbols=4)
    (1, None)
    """
    # Crockford's base 32 has none of these letters, because people read them as digits.
    digits = text.upper().translate(str.maketrans("OIL", "011"))
    if len(digits) != symbols + 1 or any(digit not in SYMBOLS for digit in digits):
        return None
    number = 0
    for digit in digits[:-1]:
        number = number * 32 + SYMBOLS.index(digit)
    return number if _CHECK[number % 37] == digits[-1] else None
