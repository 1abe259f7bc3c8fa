"""References: those of applications that are not sent yet, and how people type either kind."""

import re

from bluelamp.foundation.kernel.references import decode_number, encode_number, join_reference
from bluelamp.services.firearms.rules.applications import normalise_number, normalise_reference

SENT, SAVED, HELD = "firearms.application", "firearms.saved", "firearms.certificate"
"""What a code opens: an application that was sent, one that is not finished, or a certificate."""
_SYMBOLS = 8
REFERENCE_BITS = 5 * _SYMBOLS
_APPLICATION = re.compile(r"FL/[0-9A-Z]{2,4}/\d{7}/\d{2}")
CERTIFICATE_NUMBER = re.compile(r"[0-9A-Z]{2,4}-[FSDVET]-\d{7}-\d{2}")


def saved_reference(number: int) -> str | None:
    """Return the reference of a saved application, None for a number that has none.

    >>> saved_reference(1)
    'FA-000-000-011'
    """
    symbols = encode_number(number, symbols=_SYMBOLS)
    return f"FA-{symbols[:3]}-{symbols[3:6]}-{symbols[6:]}" if symbols else None


def parse_reference(text: str) -> str:
    """Return a reference as it is stored, of an application or a certificate; "" if it is neither.

    >>> parse_reference("fa 000 000 011"), parse_reference("fl-01-0000123-26")
    ('FA-000-000-011', 'FL/01/0000123/26')
    >>> parse_reference("01\u2013f\u20130000123\u00a026")
    '01-F-0000123-26'
    """
    certificate = normalise_number(text)
    # An application's reference has no single letter in it, so neither is taken for the other.
    if CERTIFICATE_NUMBER.fullmatch(certificate):
        return certificate
    application = normalise_reference(text)
    if _APPLICATION.fullmatch(application):
        return application
    symbols = join_reference(text, "")
    # The prefix tells it from a report's reference, which has the same alphabet.
    if symbols.startswith("FA") and (number := decode_number(symbols[2:], symbols=_SYMBOLS)):
        return saved_reference(number) or ""
    return ""
