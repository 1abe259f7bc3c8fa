"""Statements, exhibit references, charges and arrest numbers: pure functions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NotRequired, TypedDict
from uuid import UUID

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import tokens
from bluelamp.records.people.rules import LocationInput
from bluelamp.records.reference.rules import check_letter, parse_asn

ASN_SERIES = "asn"  # the kind of the number series, as `kernel.series` keeps it
MAX_WORDING_LENGTH = 2500  # SPI: the offence wording of a charge
MAX_STATEMENT_LENGTH = 200_000  # characters
MAX_DECLARATION_LENGTH = 4000
MAX_STATEMENT_PAGES = 10_000
# The length of the column.
MAX_INITIALS_LENGTH = 12
_COLUMNS = 85
_LINES_FIRST_PAGE = 30
_LINES_NEXT_PAGE = 42
# "This statement (consisting of 2 page(s) each signed by me)": the wording of the MG11.
_DECLARED_PAGES = re.compile(r"consisting\s+of\s+(\d{1,5})\s+page", re.IGNORECASE)
ADULT_AGE = 18  # years; a statement gives the maker's age only below it
USUAL_HEARING_TIME = time(10)
DECLARATION_PHRASES = (
    # Only these two phrases are looked for: the words between them differ by edition of the form.
    # Criminal Justice Act 1967 section 9(2)(b); Criminal Procedure Rules 16.2: both halves must be
    # there.
    "true to the best of my knowledge and belief",
    "liable to prosecution",
)


class EntryKind(StrEnum):
    ALLOCATED = "allocated"
    NOTE = "note"
    ACTION = "action"
    RESULT = "result"
    STATEMENT = "statement"
    SUSPECT = "suspect named"
    EXHIBIT = "exhibit"
    CHARGE = "charge"
    LINKED = "linked"


class StatementKind(StrEnum):
    STATEMENT = "statement"
    VICTIM_PERSONAL = "victim-personal-statement"
    BUSINESS_IMPACT = "impact-statement-for-business"


class Vps(StrEnum):
    """What became of the offer to make a victim personal statement."""

    OFFERED = "offered"
    MADE = "made"
    DECLINED = "declined"


class SignaturePoint(TypedDict):
    """A point of a signature: position in pixels, and milliseconds since the first point."""

    x: float
    y: float
    t: NotRequired[float]


class Signature(TypedDict):
    """A signature as it was drawn: the size of the box in pixels, and the strokes in order."""

    width: float
    height: float
    strokes: list[list[SignaturePoint]]


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneAnswer:
    """What came of an action, as a device captured it. `device_at` is what its clock said."""

    answer_id: UUID
    action_id: UUID
    text: str
    device_id: UUID
    device_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneStatementBack:
    """The back of an MG11 as a device captured it.

    `dates_not_available` is never empty: the maker who is always available says "none". A
    consent is None where nobody asked.
    """

    address: LocationInput | None = None
    phone: str = ""
    email: str = ""
    dates_not_available: str
    is_willing_to_attend: bool
    needs_special_measures: bool
    vps: str
    ensure_attendance: str = ""
    particular_needs: str = ""
    guardian_name: str = ""
    guardian_contact: str = ""
    is_vps_leaflet_given: bool | None = None
    consents_to_medical_records: bool | None = None
    consents_to_defence: bool | None = None
    consents_to_civil_proceedings: bool | None = None
    consents_to_support: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneStatement:
    """A statement as a device sealed it.

    `age` is stated only under 18. `device_at` is what the device's clock said, `made_at` what the
    app made of it, and `sent_at` what the clock said when it was sent (`kernel.device_clock`).
    `signed_at` is corrected like `made_at`. `corrects` is the id of the statement that this one
    corrects. `is_maker_confirmed` says that the officer confirmed that the maker is the person on
    record, whose name is not quite the same (`maker_names`). `copy_means` is "email" or "sms" where
    the maker wants a copy and said that it is safe to send one to that address on the back.
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
    signature: Signature
    taken_at_place: str = ""
    device_id: UUID
    device_at: datetime
    back: SceneStatementBack
    kind: str = StatementKind.STATEMENT
    corrects: UUID | None = None
    made_at: datetime | None = None
    sent_at: datetime | None = None
    officer_signature: Signature | None = None
    original_language: str = ""
    original_text: str = ""
    interpreter_name: str = ""
    is_maker_confirmed: bool = False
    copy_means: str = ""
    copy_language: str = "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCharge:
    """A charge to record, with the first hearing.

    Days and times are London's. `asn` is the arrest/summons number that was given, or "" for the
    next one; `unit` is the station in the next one, two letters or digits.
    """

    suspect_person_id: UUID
    offence_code: str
    wording: str
    charged_on: date
    court_ou_code: str
    hearing_on: date
    hearing_starts: time = USUAL_HEARING_TIME
    arrested_on: date | None = None
    asn: str = ""
    unit: str = "ZD"


def check_charge(charge: NewCharge, *, today: date) -> list[Problem]:
    """Return what is wrong with a charge by itself, without looking anything up.

    Args:
        charge: The charge as it was typed.
        today: The day in London.
    """
    problems = []
    if not charge.wording.strip():
        problems.append(Problem("investigations.wording_missing", "wording"))
    if charge.charged_on > today:
        problems.append(Problem("investigations.charged_in_future", "charged_on"))
    if charge.arrested_on and charge.arrested_on > charge.charged_on:
        problems.append(Problem("investigations.arrested_after_charge", "arrested_on"))
    # The same day is right: somebody charged in custody may be before the court at once.
    if charge.hearing_on < charge.charged_on:
        problems.append(Problem("investigations.hearing_before_charge", "hearing_on"))
    if charge.asn.strip() and parse_asn(charge.asn) is None:
        problems.append(Problem("investigations.asn_invalid", "asn"))
    if not (len(charge.unit) == 2 and charge.unit.isascii() and charge.unit.isalnum()):
        problems.append(Problem("investigations.unit_invalid", "unit"))
    return problems


def check_statement(statement: SceneStatement) -> list[Problem]:
    """Return why a statement can't be taken as it is: what the law requires, and limits.

    Authority: Criminal Justice Act 1967 section 9; Criminal Procedure Rules 16.2.
    """
    problems = []
    if not statement.maker_name.strip():
        problems.append(Problem("investigations.maker_name_missing", "maker_name"))
    if not statement.text.strip():
        problems.append(Problem("investigations.statement_missing", "text"))
    if len(statement.text.strip()) > MAX_STATEMENT_LENGTH:
        problems.append(
            Problem(
                "investigations.statement_too_long", "text", {"max_length": MAX_STATEMENT_LENGTH}
            )
        )
    is_short = len(statement.declaration) <= MAX_DECLARATION_LENGTH
    if not is_short or not is_valid_declaration(statement.declaration):
        problems.append(Problem("investigations.declaration_invalid", "declaration"))
    if not is_valid_signature(statement.signature):
        problems.append(Problem("investigations.signature_missing", "signature"))
    # Older versions of the app do not ask the officer to sign.
    if statement.officer_signature and not is_valid_signature(statement.officer_signature):
        problems.append(Problem("investigations.officer_signature_invalid", "officer_signature"))
    if statement.age is not None and not 0 <= statement.age < ADULT_AGE:
        problems.append(Problem("investigations.age_not_under_18", "age"))
    if statement.pages is not None and not 1 <= statement.pages <= MAX_STATEMENT_PAGES:
        problems.append(Problem("investigations.pages_invalid", "pages"))
    # A text that is too long has a problem already, and is not worth counting.
    elif not problems and statement.pages and not _is_page_count_true(statement):
        problems.append(Problem("investigations.pages_differ", "pages"))
    # The maker declares that it is true: they must have heard or read what they sign (Criminal
    # Procedure Rules 16.2; the MG11's own certificate).
    if not statement.is_read_over:
        problems.append(Problem("investigations.not_read_over", "read_over"))
    if statement.kind not in set(StatementKind):
        problems.append(Problem("investigations.statement_kind_unknown", "kind"))
    # A maker signs what they said, and the English text stands for it in court (Criminal Procedure
    # Rules 16.2; the interpreter has to be named).
    if statement.original_language and not statement.interpreter_name.strip():
        problems.append(Problem("investigations.interpreter_missing", "interpreter_name"))
    if len(statement.original_text.strip()) > MAX_STATEMENT_LENGTH:
        problems.append(
            Problem(
                "investigations.statement_too_long",
                "original_text",
                {"max_length": MAX_STATEMENT_LENGTH},
            )
        )
    if statement.back.vps not in set(Vps):
        problems.append(Problem("investigations.vps_missing", "vps"))
    if not statement.back.dates_not_available.strip():
        problems.append(Problem("investigations.dates_missing", "dates_not_available"))
    return problems


def _is_page_count_true(statement: SceneStatement) -> bool:
    """Say whether the page count is that of the text, and the one that the declaration names."""
    declared = _DECLARED_PAGES.search(statement.declaration)
    if declared and int(declared[1]) != statement.pages:
        return False
    return statement.pages == count_pages(statement.text)


def count_pages(text: str) -> int:
    """Return how many pages of an MG11 a text fills, as the officer app counts them when it is
    signed (`officer-app/src/capture/statement.ts`): 85 characters a line, 30 lines on the first
    page and 42 on each after it.
    """
    # As JavaScript counts characters: one outside the basic plane, as an emoji, is two.
    lengths = (len(line.encode("utf-16-le", "surrogatepass")) // 2 for line in text.split("\n"))
    lines = sum(max(1, -(-length // _COLUMNS)) for length in lengths)
    return 1 + max(0, -(-(lines - _LINES_FIRST_PAGE) // _LINES_NEXT_PAGE))


def is_valid_signature(signature: object) -> bool:
    """Say whether somebody signed: a box with a size, and a stroke of two points or more in it."""
    if not isinstance(signature, dict):
        return False
    size = (signature.get("width"), signature.get("height"))
    strokes = signature.get("strokes")
    has_size = all(isinstance(side, int | float) and side > 0 for side in size)
    if not has_size or not isinstance(strokes, list):
        return False
    # One point is a finger that touched the box by mistake.
    return any(isinstance(stroke, list) and sum(map(_is_point, stroke)) >= 2 for stroke in strokes)


def _is_point(point: object) -> bool:
    return isinstance(point, dict) and all(
        isinstance(point.get(axis), int | float) for axis in "xy"
    )


def is_valid_declaration(text: str) -> bool:
    """Say whether a declaration holds both things that the law requires (Criminal Procedure Rules
    16.2).
    """
    # Phones wrap the text as it fits: line breaks are no part of the wording.
    folded = " ".join(text.split()).casefold()
    return all(phrase in folded for phrase in DECLARATION_PHRASES)


def initials_from_name(name: str) -> str:
    """Return the initials of a producing person, four at most, or X for a name without a letter.

    >>> initials_from_name("Ada Bello")
    'AB'
    """
    # Both parts of a double-barrelled name count: Ann-Marie Cole is AMC.
    parts = [part for part in re.split(r"[\s-]+", name) if part and part[0].isalpha()]
    return "".join(part[0] for part in parts).upper()[:4] or "X"


# The desk counts the exhibits of each case from 1. A phone without signal can't know of those, so
# what phones give begins here: the two never meet.
FIRST_PHONE_SERIAL = 101
PHONE_BLOCK = 50


def to_producer_key(name: str) -> str:
    """Return what identifies a producing person by name within a case.

    >>> to_producer_key("Ada  BELLO")
    'ada bello'
    """
    # 200 is the length of the column.
    return " ".join(tokens(name))[:200]


def parse_exhibit_reference(text: str) -> tuple[str, int] | None:
    """Return the initials and the serial of a reference, or None for what is none.

    >>> parse_exhibit_reference("AB/101")
    ('AB', 101)
    """
    match = re.fullmatch(r"([A-Z0-9]{1,12})/([1-9][0-9]{0,8})", text)
    return (match[1], int(match[2])) if match else None


def initials_unique_in_case(name: str, *, producer_key: str, taken: Mapping[str, str]) -> str:
    """Return the initials that stand for a producing person in one case, and for nobody else.

    A namesake gets further letters of the last name, one at a time, then letters in order
    (practice; the reference must identify the exhibit clearly: Criminal Procedure Rules 16.3).

    Args:
        name: The person's name.
        producer_key: What identifies the person within the case.
        taken: The initials given already, each with the producer key it stands for.
    """
    # The same person keeps the initials that they were first given in this case.
    own = next((initials for initials, key in taken.items() if key == producer_key), None)
    if own:
        return own
    initials = initials_from_name(name)
    if initials not in taken:
        return initials
    # AB, then ABE and ABEL for Ada Bello: the B is in the initials already, so begin after it.
    last_name = "".join(tokens(name)[-1:]).upper()
    beginnings = [last_name[1:end] for end in range(2, len(last_name) + 1)]
    for letters in (*beginnings, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        longer = f"{initials}{letters}"[:MAX_INITIALS_LENGTH]
        if longer not in taken:
            return longer
    # All letters are taken. Should this be taken too, the constraint on Exhibit refuses it.
    return f"{initials}{len(taken)}"[:MAX_INITIALS_LENGTH]


def build_asn(*, force: str, unit: str, year: int, serial: int) -> str:
    """Return an arrest/summons number, `YY/FFUU/SS/nD`.

    The check letter D is over force, system, year and the serial of eleven digits
    (`bichard7-next-core` Asn.ts). The system SS is 01, the crime and custody system.
    """
    # An ASN has the last two digits of the year.
    year %= 100
    check = check_letter(f"{force}01{year:02d}{serial:011d}")
    return f"{year:02d}/{force}{unit}/01/{serial}{check}"
