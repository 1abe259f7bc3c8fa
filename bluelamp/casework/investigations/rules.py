"""Statements, exhibit references and arrest numbers: pure functions and the words of the forms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from bluelamp.records.people.rules import PlaceDetails, fold
from bluelamp.records.reference.rules import check_letter

LONGEST_WORDING = 2500  # SPI: the offence wording of a charge
DECLARATION_WORDS = (
    # Criminal Justice Act 1967 section 9(2)(b); Criminal Procedure Rules 16.2: both halves must be
    # there.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementBackDetails:
    """The back of an MG11 as told. Dates not available are said even if there are none ("none")."""

    address: PlaceDetails | None = None
    phone: str = ""
    email: str = ""
    dates_not_available: str
    is_willing_to_attend: bool
    needs_special_measures: bool
    vps: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneStatement:
    """A statement as a device sealed it. `age` is stated only under 18; `signature` is {width,
    height, strokes}.

    `device_at` and `signed_at` are what the device's clock said. `corrects` names the statement
    this one corrects.
    """

    statement_id: UUID
    crime_id: UUID
    person_id: UUID
    maker_name: str
    age: int | None = None
    occupation: str = ""
    text: str
    declaration: str
    pages: int | None = None
    is_read_over: bool
    signed_at: datetime
    signature: dict[str, Any]
    taken_at_place: str = ""
    device_id: UUID
    device_at: datetime
    back: StatementBackDetails
    kind: str = StatementKind.STATEMENT
    corrects: UUID | None = None


def is_signature(signature: object) -> bool:
    """Say whether somebody signed: a box with a size, and a stroke of two points or more in it."""
    if not isinstance(signature, dict):
        return False
    size = (signature.get("width"), signature.get("height"))
    strokes = signature.get("strokes")
    if not all(isinstance(each, int | float) and each > 0 for each in size) or not isinstance(
        strokes, list
    ):
        return False
    return any(isinstance(stroke, list) and sum(map(_is_point, stroke)) >= 2 for stroke in strokes)


def _is_point(point: object) -> bool:
    return isinstance(point, dict) and all(
        isinstance(point.get(axis), int | float) for axis in "xy"
    )


def is_declaration(text: str) -> bool:
    """Say whether a declaration holds the two things the law asks of it (Criminal Procedure Rules
    16.2).
    """
    said = " ".join(text.split()).casefold()
    return all(part in said for part in DECLARATION_WORDS)


def initials_of(name: str) -> str:
    """Return the initials of a producing person: AB for Ada Bello; X where a name has no letter to
    take.
    """
    parts = [part for part in re.split(r"[\s-]+", name) if part and part[0].isalpha()]
    return "".join(part[0] for part in parts).upper()[:4] or "X"


def initials_in_case(name: str, *, producer_key: str, taken: Mapping[str, str]) -> str:
    """Return the initials that stand for a producer in a case; `taken` maps initials to producer
    keys.

    A namesake gets further letters of the last name, one at a time, then letters in order
    (practice; the reference must identify the exhibit clearly: Criminal Procedure Rules 16.3).
    """
    if own := next((initials for initials, key in taken.items() if key == producer_key), None):
        return own
    initials = initials_of(name)
    if initials not in taken:
        return initials
    last = "".join(fold(name)[-1:]).upper()
    for letters in (
        *(last[1:end] for end in range(2, len(last) + 1)),
        *"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ):
        longer = f"{initials}{letters}"[:12]
        if longer not in taken:
            return longer
    return f"{initials}{len(taken)}"[:12]


def asn_for(*, force: str, unit: str, year: int, serial: int) -> str:
    """Return an arrest/summons number, `YY/FFUU/SS/nD`: the eleven-digit serial's check letter is
    over force, system, year and serial (`bichard7-next-core` Asn.ts). The system is 01, the crime
    and custody system.
    """
    year %= 100
    check = check_letter(f"{force}01{year:02d}{serial:011d}")
    return f"{year:02d}/{force}{unit}/01/{serial}{check}"
