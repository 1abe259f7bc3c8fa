"""References: those of applications that are not sent yet, and how people type either kind."""

import re

from bluelamp.foundation.kernel.references import decode_number, encode_number
from bluelamp.services.firearms.rules.applications import normalise_reference

SENT, SAVED = "firearms.application", "firearms.saved"
"""What a code opens: an application that was sent, or one that is not finished."""
_SYMBOLS = 8
REFERENCE_BITS = 5 * _SYMBOLS
_APPLICATION = re.compile(r"FL/[0-9A-Z]{2,4}/\d{7}/\d{2}")


def saved_reference(number: int) -> str | None:
    """Return the reference of a saved application, None for a number that has none.

    >>> saved_reference(1)
    'FA-000-000-011'
    """
    symbols = encode_number(number, symbols=_SYMBOLS)
    return f"FA-{symbols[:3]}-{symbols[3:6]}-{symbols[6:]}" if symbols else None


def parse_reference(text: str) -> str:
    """Return a reference as it is stored, of an application saved or sent; "" if it is neither.

    >>> parse_reference("fa 000 000 011"), parse_reference("fl-01-0000123-26")
    ('FA-000-000-011', 'FL/01/0000123/26')
    """
    application = normalise_reference(text)
    if _APPLICATION.fullmatch(application):
        return application
    symbols = re.sub(r"[\s-]", "", text).upper()
    # The prefix tells it from a report's reference, which has the same alphabet.
    if symbols.startswith("FA") and (number := decode_number(symbols[2:], symbols=_SYMBOLS)):
        return saved_reference(number) or ""
    return ""
