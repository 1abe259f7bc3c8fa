"""Encounters: their references, the copy that somebody may ask for, and grades of risk.

PACE = Police and Criminal Evidence Act 1984.
"""

import calendar
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from bluelamp.foundation.forms.rules import QuestionSet
from bluelamp.foundation.kernel.references import decode_number, encode_number
from bluelamp.foundation.kernel.text import plain_characters

STOP_SEARCH_SET = "stop-search"
RISK_SET = "domestic-abuse-topics"
"""The name of the questionnaire: a force loads its own as a later version of this name."""

RECEIPT_TEMPLATE = "record-copy"
"""The message with the link to the record, for whoever asked for it."""

REFERENCE_SYMBOLS = 10
# 50 bits, the most that a JavaScript number holds in whole symbols: the phone makes the reference
# itself, from the id alone, so that it can show it before there is any signal.
_REFERENCE_NUMBERS = 2**50
_COPY_MONTHS = 3


class EncounterKind(StrEnum):
    """What kind of encounter it was."""

    STOP_SEARCH = "stop-search"
    RISK_ASSESSMENT = "risk-assessment"
    STOP_ACCOUNT = "stop-account"
    VEHICLE_STOP = "vehicle-stop"
    PROPERTY_FOUND = "property-found"
    MISSING_PERSON = "missing-person"
    SUDDEN_DEATH = "sudden-death"


SCENE_KINDS = frozenset(EncounterKind) - {EncounterKind.RISK_ASSESSMENT}
"""What officers record at the scene. Each has the question set of its own name."""


class RiskGrade(StrEnum):
    """How great the risk is, in an officer's professional judgement."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


PREFIXES: Mapping[EncounterKind, str] = {
    EncounterKind.STOP_SEARCH: "SS",
    EncounterKind.RISK_ASSESSMENT: "RA",
    EncounterKind.STOP_ACCOUNT: "SA",
    EncounterKind.VEHICLE_STOP: "VS",
    EncounterKind.PROPERTY_FOUND: "PF",
    EncounterKind.MISSING_PERSON: "MP",
    EncounterKind.SUDDEN_DEATH: "SD",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneEncounter:
    """An encounter as an officer's device captured it, perhaps offline.

    `values` are the answers to `question_set` at `version`. `device_at` is what the device's clock
    said, `made_at` what the app made of it, and `sent_at` what the clock said when it was sent
    (`kernel.device_clock`): they decide only the time of what had "just" happened.
    `copy_secret` is in the link that the phone shows to whoever was searched; "" for none.
    `receipt_to` is the mobile number or e-mail address that they gave for that link only, and
    `receipt_language` the language of the message.
    """

    encounter_id: UUID
    question_set: str
    version: int
    values: Mapping[str, object]
    device_id: UUID
    device_at: datetime
    made_at: datetime | None = None
    sent_at: datetime | None = None
    copy_secret: str = ""
    receipt_to: str = ""
    receipt_language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectedEncounter:
    """A record as its officer corrects it: nothing is changed, a new version follows.

    `reference` is that of the version which is corrected, and `reason` why. `device_id` and
    `device_at` are of the phone that it was corrected on, None at the desk.
    """

    encounter_id: UUID
    reference: str
    version: int
    values: Mapping[str, object]
    reason: str
    device_id: UUID | None = None
    device_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedEncounter:
    """The encounter that was recorded. `is_new` is False where the same capture came before."""

    encounter_id: UUID
    reference: str
    is_new: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAssessment:
    """A risk assessment that an officer has made.

    `corrects_id` is the assessment that this one corrects: nothing is changed, a new version
    follows it. `grade_reason` is why the officer graded it so.
    """

    encounter_id: UUID
    version: int
    values: Mapping[str, object] = field(default_factory=dict)
    grade: str
    grade_reason: str
    corrects_id: UUID | None = None


def encounter_reference(encounter_id: UUID, kind: EncounterKind) -> str:
    """Return an encounter's reference, which its id alone decides: SS-7K2M-9QXA-4PB.

    >>> encounter_reference(UUID("0197c0de-0000-7000-8000-000000000001"), EncounterKind.STOP_SEARCH)
    'SS-0000-0000-011'
    """
    number = int(encounter_id) % _REFERENCE_NUMBERS
    # The next number that is issued: at most five steps.
    while (digits := encode_number(number, symbols=REFERENCE_SYMBOLS)) is None:
        number = (number + 1) % _REFERENCE_NUMBERS
    return f"{PREFIXES[kind]}-{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def parse_encounter_reference(text: str) -> str | None:
    """Return a typed reference as it is written, or None if it is none.

    >>> parse_encounter_reference("ss 0000 oooo 011"), parse_encounter_reference("SS-0000-0000-012")
    ('SS-0000-0000-011', None)
    """
    typed = "".join(filter(str.isalnum, plain_characters(text).upper()))
    prefix, digits = typed[:2], typed[2:]
    # isalnum() also lets other scripts' digits through.
    if prefix not in PREFIXES.values() or not digits.isascii():
        return None
    if (number := decode_number(digits, symbols=REFERENCE_SYMBOLS)) is None:
        return None
    written = encode_number(number, symbols=REFERENCE_SYMBOLS) or ""
    return f"{prefix}-{written[:4]}-{written[4:8]}-{written[8:]}"


def hash_copy_secret(secret: str) -> str:
    """Return what is kept of the secret of a link to a copy, as SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def has_receipt(kind: str, *, is_stop_receipt_given: bool) -> bool:
    """Return whether somebody can read the record of an encounter by a link that they were given.

    Whoever was searched has a right to a copy (PACE s.3(7) to (9)). Code A, section 4, requires no
    record of a stop and account and no receipt for it: a force may choose to give one.

    Args:
        kind: The kind of encounter.
        is_stop_receipt_given: Whether the force has chosen to.
    """
    return kind == EncounterKind.STOP_SEARCH or (
        kind == EncounterKind.STOP_ACCOUNT and is_stop_receipt_given
    )


def last_day_for_copy(searched_on: date) -> date:
    """Return the last day on which somebody may ask for a copy of the record of their search.

    PACE s.3(7) to (9): before the end of the 3 months that begin with the date of the search.

    >>> last_day_for_copy(date(2026, 11, 27)), last_day_for_copy(date(2026, 11, 30))
    (datetime.date(2027, 2, 26), datetime.date(2027, 2, 28))
    """
    months = searched_on.year * 12 + searched_on.month - 1 + _COPY_MONTHS
    year, month = months // 12, months % 12 + 1
    days_in_month = calendar.monthrange(year, month)[1]
    # A period of months ends with the day before the corresponding day. Where the last month has
    # no such day, it ends with that month.
    if searched_on.day > days_in_month:
        return date(year, month, days_in_month)
    return date(year, month, searched_on.day) - timedelta(days=1)


def count_yes(question_set: QuestionSet, values: Mapping[str, Any]) -> int:
    """Return how many answers are yes. It is shown as a count, and never as a grade.

    Answers about a person, such as whether it is safe to write to them, are no signs of a risk.
    """
    people = {name for name, thing in question_set.things.items() if thing.kind == "person"}
    return sum(
        values.get(question.id) == "yes"
        for question in question_set.questions
        if question.becomes.partition(".")[0] not in people
    )
