"""The numbers that the police and the courts know people, arrests and cases by.

Each parser forgives case and spacing, and returns the number written in the one canonical way, or
None where the text is not such a number. The check letter of the three national identifiers is the
same sum: digits mod 23, looked up in an alphabet without I, O and S (Ministry of Justice,
`hmpps-person-record` `PNCIdentifier.kt` and `CROIdentifier.kt`; `bichard7-next-core` `Asn.ts`;
forms as in the POLE Data Dictionary).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import plain_characters
from bluelamp.records.reference.rules.postcodes import alphanumeric_upper

MAX_VRM_LENGTH = 11  # POLE
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"

_PNC = re.compile(r"(?P<year>\d{4}|\d{2})/?(?P<serial>\d{1,7})(?P<check>[A-Z])")
_CRO = re.compile(r"(?P<serial>\d{1,6})/(?P<year>\d{2})(?P<check>[A-Z])")
_CRO_SF = re.compile(r"SF(?P<year>\d{2})/?(?P<serial>\d{1,6})(?P<check>[A-Z])")
_ASN = re.compile(
    r"(?P<year>\d{2})(?P<top>[A-Z0-9]?)(?P<force>\d{2}|[A-Z0-9]{2})(?P<unit>[A-Z0-9]{2})(?P<system>[A-Z0-9]{2})"
    r"(?P<serial>\d{11})(?P<check>[A-HJ-NP-RT-Z])"
)
_PTIURN = re.compile(
    r"(?P<force>\d{2})(?P<station>[A-Z]{2})(?P<serial>\d{5})(?P<year>\d{2})(?P<split>-M|-\d{1,2})?"
)
_CRIME_NUMBER = re.compile(r"(?P<force>\d{2})/(?P<serial>\d{7})/(?P<year>\d{2})")
# As people copy one from a text, a letter or somebody's voice.
_TYPED_CRIME_NUMBER = re.compile(
    r"(?:(?:CRIME|REFERENCE|REF|NUMBER|NO|CRN|CR)\b[\s.:#-]*)*"
    r"(?P<force>\d{1,2})(?:[\s/\\.,|_-]+(?P<serial>\d{1,7})[\s/\\.,|_-]+|(?P<joined>\d{7}))"
    r"(?P<year>(?:20)?\d{2})[\s.]*",
    re.ASCII,
)


def check_letter(digits: str) -> str:
    """Return the check letter of a PNC, CRO or arrest number that has these digits."""
    # 23 letters: I, O and S look like 1, 0 and 5.
    return CHECK_LETTERS[int(digits) % 23]


def parse_pnc(text: str, *, year: int) -> str | None:
    """Return a PNC identifier as `YYYY/NNNNNNND`: `81/34U` is 1981/0000034U.

    Args:
        text: What was typed.
        year: The present year. A year of two digits up to its own is in this century, one after it
            in the last.
    """
    if not (match := _PNC.fullmatch(_without_spaces(text))):
        return None
    full = match["year"]
    if len(full) == 2:
        # Nobody is in the register with a year to come, so a greater one is of the last century.
        full = f"{20 if int(full) <= year % 100 else 19}{full}"
    serial = match["serial"].zfill(7)
    if check_letter(full[2:] + serial) != match["check"]:
        return None
    return f"{full}/{serial}{match['check']}"


def parse_cro(text: str) -> str | None:
    """Return a CRO number as `NNNNNN/YYD`.

    A single fingerprint form's is `SFYY/NNNNNND`, without leading zeros.
    """
    normalised = _without_spaces(text)
    if match := _CRO_SF.fullmatch(normalised):
        serial = match["serial"].lstrip("0") or "0"
        if check_letter(match["year"] + serial) == match["check"]:
            return f"SF{match['year']}/{serial}{match['check']}"
        return None
    if match := _CRO.fullmatch(normalised):
        serial = match["serial"].zfill(6)
        if check_letter(match["year"] + serial) == match["check"]:
            return f"{serial}/{match['year']}{match['check']}"
    return None


def parse_asn(text: str) -> str | None:
    """Return an arrest/summons number as `YY/FFUU/SS/nD`.

    It may be typed so, or as its 20 or 21 characters in one.
    """
    normalised = _without_spaces(text)
    if normalised.count("/") == 3:
        head, serial = normalised.rsplit("/", 1)
        normalised = head.replace("/", "") + serial[:-1].zfill(11) + serial[-1:]
    if not (match := _ASN.fullmatch(normalised)):
        return None
    # The check letter is over force and system (each only where it is a number), year and serial.
    numbers = "".join(part for part in (match["force"], match["system"]) if part.isdigit())
    if check_letter(numbers + match["year"] + match["serial"]) != match["check"]:
        return None
    owner = f"{match['top']}{match['force']}{match['unit']}"
    return f"{match['year']}/{owner}/{match['system']}/{int(match['serial'])}{match['check']}"


def parse_ptiurn(text: str) -> str | None:
    """Return a pre-trial issue unique reference number: `FFSSnnnnnyy`.

    Its parts are force, station, serial and year.

    Form as in the Ministry of Justice's Digital Case File schema 1.2; `-M` and `-n` mark the parts
    of a split case.
    """
    normalised = _without_spaces(text).replace("/", "")
    return normalised if _PTIURN.fullmatch(normalised) else None


def parse_vrm(text: str) -> str | None:
    """Return a vehicle registration as POLE stores it: 1 to 11 capitals and digits, no spaces.

    >>> parse_vrm(" lb16 xkw ")
    'LB16XKW'
    """
    vrm = alphanumeric_upper(text)
    return vrm if 1 <= len(vrm) <= MAX_VRM_LENGTH else None


def check_vrm(text: str, *, field: str = "vrm") -> Problem | None:
    """Return what is wrong with a vehicle registration, None if nothing is."""
    if parse_vrm(text):
        return None
    if alphanumeric_upper(text):
        return Problem("reference.vrm_too_long", field, {"max_length": MAX_VRM_LENGTH})
    return Problem("reference.vrm_missing", field)


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeNumberParts:
    """A recorded crime's number, `01/NNNNNNN/YY`: force, serial in that force and year, year (four
    digits).
    """

    force: str
    serial: int
    year: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{2}", self.force):
            raise ValueError(f"A force code is two digits, not {self.force!r}.")
        if not 1 <= self.serial <= 9_999_999:
            raise ValueError(f"A crime number's serial is 1 to 9,999,999, not {self.serial}.")
        if not 2000 <= self.year <= 2099:
            raise ValueError(f"A crime number's year is 2000 to 2099, not {self.year}.")

    def __str__(self) -> str:
        return f"{self.force}/{self.serial:07d}/{self.year % 100:02d}"


def parse_crime_number(text: str) -> CrimeNumberParts | None:
    """Return the parts of `01/NNNNNNN/YY`: the Metropolitan Police's form since February 2024."""
    match = _CRIME_NUMBER.fullmatch(_without_spaces(text))
    if not match or int(match["serial"]) == 0:
        return None
    return CrimeNumberParts(
        force=match["force"], serial=int(match["serial"]), year=2000 + int(match["year"])
    )


def parse_typed_crime_number(text: str) -> CrimeNumberParts | None:
    """Return the parts of a crime number however somebody writes it, or None if it is not one.

    Any separator will do, or none; leading zeros may be missing. Eleven digits in one may be a
    phone number too, so this is for a place where only a reference can be meant.

    >>> str(parse_typed_crime_number("crime no. 01-302-26"))
    '01/0000302/26'
    >>> str(parse_typed_crime_number("01000030226"))
    '01/0000302/26'
    """
    match = _TYPED_CRIME_NUMBER.fullmatch(plain_characters(text).upper())
    serial = int(match["serial"] or match["joined"]) if match else 0
    if match is None or serial == 0:
        return None
    return CrimeNumberParts(
        force=match["force"].zfill(2), serial=serial, year=2000 + int(match["year"][-2:])
    )


def format_crime_number(*, force: str, serial: int, year: int) -> str:
    """Return `01/0001234/26` from its parts. Raises ValueError where a part is out of range."""
    return str(CrimeNumberParts(force=force, serial=serial, year=year))


def _without_spaces(text: str) -> str:
    """Return a text in capitals without spaces; "" where it is not ASCII, so that no pattern fits.

    `\\d` in a pattern would also match digits of other scripts.
    """
    normalised = "".join(plain_characters(text).split()).upper()
    return normalised if normalised.isascii() else ""
