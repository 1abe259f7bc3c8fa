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


def check_letter(digits: str) -> str:
    """The letter that closes a PNC, CRO or arrest number; `digits` is what it is computed over."""
    return CHECK_LETTERS[int(digits) % 23]


def parse_pnc(text: str, *, year: int) -> str | None:
    """A PNC identifier as `YYYY/NNNNNNND`; `81/34U` is 1981/0000034U.

    A year of two digits is this century's up to `year` (the present one), and the last one's after
    it.
    """
    if not (found := _PNC.fullmatch(_squeeze(text))):
        return None
    full = found["year"]
    if len(full) == 2:
        full = f"{20 if int(full) <= year % 100 else 19}{full}"
    serial = found["serial"].zfill(7)
    if check_letter(full[2:] + serial) != found["check"]:
        return None
    return f"{full}/{serial}{found['check']}"


def parse_cro(text: str) -> str | None:
    """A CRO number as `NNNNNN/YYD`, or `SFYY/NNNNNND` for a single fingerprint form (no leading
    zeros).
    """
    squeezed = _squeeze(text)
    if found := _CRO_SF.fullmatch(squeezed):
        serial = found["serial"].lstrip("0") or "0"
        if check_letter(found["year"] + serial) == found["check"]:
            return f"SF{found['year']}/{serial}{found['check']}"
        return None
    if found := _CRO.fullmatch(squeezed):
        serial = found["serial"].zfill(6)
        if check_letter(found["year"] + serial) == found["check"]:
            return f"{serial}/{found['year']}{found['check']}"
    return None


def parse_asn(text: str) -> str | None:
    """An arrest/summons number as `YY/FFUU/SS/nD`, from that or from its 20 or 21 characters in
    one.

    The check letter is over force, system (each where it is a number), year and 11-digit serial.
    """
    squeezed = _squeeze(text)
    if squeezed.count("/") == 3:
        head, serial = squeezed.rsplit("/", 1)
        squeezed = head.replace("/", "") + serial[:-1].zfill(11) + serial[-1:]
    if not (found := _ASN.fullmatch(squeezed)):
        return None
    numbers = "".join(part for part in (found["force"], found["system"]) if part.isdigit())
    if check_letter(numbers + found["year"] + found["serial"]) != found["check"]:
        return None
    owner = f"{found['top']}{found['force']}{found['unit']}"
    return f"{found['year']}/{owner}/{found['system']}/{int(found['serial'])}{found['check']}"


def parse_ptiurn(text: str) -> str | None:
    """A pre-trial issue unique reference number, `FFSSnnnnnyy`: force, station, serial, year.

    Form as in the Ministry of Justice's Digital Case File schema 1.2; `-M` and `-n` mark the parts
    of a split case.
    """
    squeezed = _squeeze(text).replace("/", "")
    return squeezed if _PTIURN.fullmatch(squeezed) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeNumber:
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


def parse_crime_number(text: str) -> CrimeNumber | None:
    """The parts of `01/NNNNNNN/YY` (the Metropolitan Police's form since February 2024), or
    None.
    """
    found = _CRIME_NUMBER.fullmatch(_squeeze(text))
    if not found or int(found["serial"]) == 0:
        return None
    return CrimeNumber(
        force=found["force"], serial=int(found["serial"]), year=2000 + int(found["year"])
    )


def format_crime_number(*, force: str, serial: int, year: int) -> str:
    """`01/0001234/26` from its parts. ValueError where a part is out of range."""
    return str(CrimeNumber(force=force, serial=serial, year=year))


def _squeeze(text: str) -> str:
    """Capitals without spaces, digits only as ASCII; anything else stays, and fails the pattern."""
    squeezed = "".join(text.split()).upper()
    return squeezed if squeezed.isascii() else ""
