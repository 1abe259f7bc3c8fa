"""The numbers that makers put on things: IMEI, VIN, frame and serial numbers.

Each parser forgives case, spaces and punctuation, and returns the number in the one way in which it
is stored and compared. The same table of examples holds these and the officer app's
(`contracts/vectors/forms-identifiers.json`).

Authorities: IMEI and IMEISV, 3GPP TS 23.003, clause 6, with the Luhn sum of its annex B. VIN, ISO
3779 (17 characters, never I, O or Q), and its check digit, 49 CFR 565.15(c), which binds makers in
North America only. Longest identifier, POLE DS_100.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import plain_characters

MAX_IDENTIFIER_LENGTH = 35  # POLE DS_100
MIN_IDENTIFIER_LENGTH = 3
MAX_VIN_LENGTH = 17
IMEI_DEVICE_DIGITS = 14  # which phone it is; a check digit or a software version follows

_PUNCTUATION = re.compile(r"[\s./\\_:#-]")
# What is printed before the number, and copied with it.
_LABELS = {
    "imei": re.compile(r"IMEI(?:\s*(?:SIM\s*)?[12]\s*:)?[\s:.#]*"),
    "vin": re.compile(r"(?:VIN|CHASSIS)\b(?:\s*(?:NUMBER|NO)\b)?[\s:.#]*"),
    "frame": re.compile(r"FRAME\b(?:\s*(?:NUMBER|NO)\b)?[\s:.#]*"),
    "serial": re.compile(r"(?:S/N\b|SN\s*[:#]|SERIAL\b)(?:\s*(?:NUMBER|NO)\b)?[\s:.#]*"),
}
# ISO 3779 leaves these letters out because people read them as digits.
_VIN_LOOKALIKES = str.maketrans("IOQ", "100")
_DIGIT_LOOKALIKES = str.maketrans("ILOQ", "1100")
# Each letter's value, in rows of the published table.
_VIN_ROWS = ("ABCDEFGH", "JKLMN P R", " STUVWXYZ")
_VIN_VALUES = {str(number): number for number in range(10)} | {
    letter: place for row in _VIN_ROWS for place, letter in enumerate(row, start=1) if letter != " "
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# First digits of payment cards (ISO/IEC 7812), by how many digits there are.
_CARD = re.compile(
    r"3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[68]\d)\d{11}(?:\d\d)?"  # Diners Club
    r"|4\d{12}(?:\d{3}){0,2}"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12}(?:\d{3})?",  # Discover, UnionPay
    re.ASCII,
)
# JCB's numbers look as those of phones do (35…), so that only a serial number is held to them.
_JCB_CARD = re.compile(r"35(?:2[89]|[3-8]\d)\d{12}", re.ASCII)


def parse_imei(text: str) -> str | None:
    """Return a phone's IMEI: 15 digits with a right check digit, or 14 or 16 without one.

    What was given is kept: nobody can prove 14 digits, or 16 (with a software version). Compare
    phones by their first `IMEI_DEVICE_DIGITS`.

    >>> parse_imei("IMEI: 49-015420-323751-8"), parse_imei("490154203237519")
    ('490154203237518', None)
    """
    digits = _normalise("imei", text).translate(_DIGIT_LOOKALIKES)
    return digits if _check_imei(digits) is None else None


def parse_vin(text: str) -> str | None:
    """Return a vehicle identification number; its check digit counts if the maker must have one.

    >>> parse_vin("1m8gdm9axkp042788"), parse_vin("1M8GDM9A5KP042788")
    ('1M8GDM9AXKP042788', None)
    """
    vin = _normalise("vin", text).translate(_VIN_LOOKALIKES)
    return vin if _check_vin(vin) is None else None


def parse_serial(text: str) -> str | None:
    """Return a serial number in capitals without punctuation, None where it can't be one."""
    serial = _normalise("serial", text)
    return serial if _check_serial(serial) is None else None


def parse_frame_number(text: str) -> str | None:
    """Return a bicycle's frame number in capitals without punctuation, None if it can't be one."""
    frame = _normalise("frame", text)
    return frame if _check_serial(frame) is None else None


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    # From the right, because the check digit is the last, and every second digit counts twice.
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    # 18 counts as 1 + 8.
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def is_card_number(digits: str) -> bool:
    """Say whether a number is as a payment card's, which must not be stored."""
    return bool(_CARD.fullmatch(digits) or _JCB_CARD.fullmatch(digits)) and passes_luhn(digits)


IDENTIFIER_PARSERS: Mapping[str, Callable[[str], str | None]] = {
    "imei": parse_imei,
    "vin": parse_vin,
    "frame": parse_frame_number,
    "serial": parse_serial,
}


def check_identifier(scheme: str, text: str, *, field: str) -> Problem | None:
    """Return what is wrong with an identifier, None if nothing is.

    Args:
        scheme: A key of IDENTIFIER_PARSERS.
        text: What was typed; "" is a problem too.
        field: The field it was typed in.
    """
    normalised = _normalise(scheme, text)
    if not normalised:
        return Problem(f"reference.{scheme}_missing", field)
    if scheme == "imei":
        code = _check_imei(normalised.translate(_DIGIT_LOOKALIKES))
    elif scheme == "vin":
        code = _check_vin(normalised.translate(_VIN_LOOKALIKES))
    else:
        code = _check_serial(normalised)
    if code is None:
        return None
    if code == "card":
        return Problem("reference.card_number", field)
    params = {"max_length": MAX_IDENTIFIER_LENGTH} if code == "too_long" else {}
    return Problem(f"reference.{scheme}_{code}", field, params)


def _normalise(scheme: str, text: str) -> str:
    """Return a typed identifier in capitals without its label, spaces and punctuation."""
    capitals = plain_characters(text).upper()
    if label := _LABELS[scheme].match(capitals):
        capitals = capitals[label.end() :]
    return _PUNCTUATION.sub("", capitals)


def _check_imei(digits: str) -> str | None:
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (14, 15, 16):
        return "length"
    if _CARD.fullmatch(digits) and passes_luhn(digits):
        return "card"
    # Fifteen zeros pass the sum, and are what some broken phones show.
    if len(set(digits)) == 1 or (len(digits) == 15 and not passes_luhn(digits)):
        return "invalid"
    return None


def _check_vin(vin: str) -> str | None:
    if len(vin) != MAX_VIN_LENGTH or not vin.isascii() or not vin.isalnum():
        return "length"
    # Seventeen ones pass the sum too.
    if len(set(vin)) == 1:
        return "invalid"
    # 1 to 5 are the makers of North America; elsewhere this place has any character.
    if vin[0] in "12345":
        total = sum(_VIN_VALUES[char] * _VIN_WEIGHTS[place] for place, char in enumerate(vin))
        if vin[8] != "0123456789X"[total % 11]:
            return "invalid"
    return None


def _check_serial(serial: str) -> str | None:
    if not serial.isascii() or not serial.isalnum() or len(serial) < MIN_IDENTIFIER_LENGTH:
        return "invalid"
    if is_card_number(serial):
        return "card"
    return "too_long" if len(serial) > MAX_IDENTIFIER_LENGTH else None
