"""Guns: where one stands on a certificate, and its serial number as it is compared."""

import re
import unicodedata
from enum import StrEnum


class GunStatus(StrEnum):
    """Where a gun stands on a certificate."""

    AUTHORISED = "authorised"
    """The holder may acquire one such gun."""
    HELD = "held"
    LENT = "lent"
    """Lent or hired out: still on the owner's certificate, to come back."""
    DISPOSED = "disposed"


OWNED = (GunStatus.HELD, GunStatus.LENT)
"""Where a gun stands that the holder has, or will get back."""


def serial_key(serial_number: str) -> str:
    """Return a serial number as it is compared: letters and digits, O as 0 and I as 1.

    Both sides of a transfer write it down, and one of them from a worn frame.

    >>> serial_key("ab-12 34O"), serial_key("I-99")
    ('AB12340', '199')
    """
    # Copied from engraved metal and old papers: look-alikes count as the same.
    plain = unicodedata.normalize("NFKC", serial_number).upper()
    return re.sub(r"[^A-Z0-9]", "", plain).translate(str.maketrans("OIL", "011"))
