"""Statements, exhibit references and arrest numbers: pure functions and the words of the forms."""

import re
from collections.abc import Mapping
from enum import StrEnum

from bluelamp.records.people.rules import fold
from bluelamp.records.reference.rules import check_letter

LONGEST_WORDING = 2500  # SPI: the offence wording of a charge
DECLARATION_WORDS = (
    # Criminal Justice Act 1967 section 9(2)(b); Criminal Procedure Rules 16.2: both halves must be there.
    "true to the best of my knowledge and belief",
    "liable to prosecution",
)


class EntryKind(StrEnum):
    ALLOCATED = "allocated"
    NOTE = "note"
    ACTION = "action"
    STATEMENT = "statement"
    SUSPECT = "suspect named"
    EXHIBIT = "exhibit"
    CHARGE = "charge"
    LINKED = "linked"


class StatementKind(StrEnum):
    STATEMENT = "statement"
    VICTIM_PERSONAL = "victim-personal-statement"


class Vps(StrEnum):
    OFFERED = "offered"
    MADE = "made"
    DECLINED = "declined"


def is_declaration(text: str) -> bool:
    """Say whether a declaration holds the two things the law asks of it (Criminal Procedure Rules 16.2)."""
    said = " ".join(text.split()).casefold()
    return all(part in said for part in DECLARATION_WORDS)


def initials_of(name: str) -> str:
    """Return the initials of a producing person: AB for Ada Bello; X where a name has no letter to take."""
    parts = [part for part in re.split(r"[\s-]+", name) if part and part[0].isalpha()]
    return "".join(part[0] for part in parts).upper()[:4] or "X"


def initials_in_case(name: str, *, producer_key: str, taken: Mapping[str, str]) -> str:
    """Return the initials that stand for a producer in a case; `taken` maps initials to producer keys.

    A namesake gets further letters of the last name, one at a time, then letters in order (practice; the
    reference must identify the exhibit clearly: Criminal Procedure Rules 16.3).
    """
    if own := next((initials for initials, key in taken.items() if key == producer_key), None):
        return own
    initials = initials_of(name)
    if initials not in taken:
        return initials
    last = "".join(fold(name)[-1:]).upper()
    for letters in (*(last[1:end] for end in range(2, len(last) + 1)), *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        longer = f"{initials}{letters}"[:12]
        if longer not in taken:
            return longer
    return f"{initials}{len(taken)}"[:12]


def asn_for(*, force: str, unit: str, year: int, serial: int) -> str:
    """Return an arrest/summons number, `YY/FFUU/SS/nD`: the eleven-digit serial's check letter is over force,
    system, year and serial (`bichard7-next-core` Asn.ts). The system is 01, the crime and custody system.
    """
    year %= 100
    check = check_letter(f"{force}01{year:02d}{serial:011d}")
    return f"{year:02d}/{force}{unit}/01/{serial}{check}"
