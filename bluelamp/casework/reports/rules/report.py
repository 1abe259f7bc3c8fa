"""What may be reported and how it is asked: pure functions and the words of the form.

NCRS = National Crime Recording Standard (Home Office Crime Recording Rules, general rules A).
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from bluelamp.records.people.rules import Contact, email_error, phone_error
from bluelamp.records.reference.rules import compact

DRAFT_LASTS = timedelta(days=14)
RECORD_WITHIN = timedelta(hours=24)  # NCRS: from the time of the report
TRIAGE_WITHIN = timedelta(minutes=45)  # Single Online Home: control-room triage of an online report


LONGEST_NARRATIVE = 4000  # Single Online Home: incidentDescription
MOST_ITEMS = 30


class Channel(StrEnum):
    WEB = "web"
    API = "api"
    OFFICER = "officer"


class ReportState(StrEnum):
    NEW = "new"
    RECORDED = "recorded"
    NOT_CRIME = "not-crime"


class Role(StrEnum):
    """How the person reporting was involved (Single Online Home, `howInvolvedInCrime`)."""

    VICTIM = "victim"
    WITNESS = "witness"
    ON_BEHALF = "on-behalf"
    BUSINESS = "business"


ROLES: dict[str, str] = {
    Role.VICTIM: "It happened to me",
    Role.WITNESS: "I saw it or know about it",
    Role.ON_BEHALF: "I am reporting for somebody else",
    Role.BUSINESS: "I am reporting for a business",
}

# What a person says happened; the crime desk chooses the offence. `suggests`: words the desk's
# search starts with.
KINDS: dict[str, tuple[str, str]] = {
    "criminal-damage": ("Something was damaged", "criminal damage"),
    "burglary": ("Someone broke in to a building", "burglary"),
    "vehicle-theft": ("A vehicle was stolen", "theft of vehicle"),
    "theft-from-vehicle": ("Something was stolen from a vehicle", "theft from vehicle"),
    "cycle-theft": ("A bicycle was stolen", "theft pedal cycle"),
    "theft": ("Something else was stolen", "theft"),
    "robbery": ("Something was taken by force or threat", "robbery"),
    "assault": ("Someone was hurt or attacked", "assault"),
    "harassment": ("Threats, harassment or stalking", "harassment"),
    "domestic-abuse": ("Abuse by a partner or family member", "controlling or coercive"),
    "sexual-offence": ("A sexual offence", "sexual assault"),
    "hate-crime": ("Someone was targeted for who they are", "racially religiously aggravated"),
    "antisocial-behaviour": ("Antisocial behaviour", "public order"),
    "other": ("Something else", ""),
}

# Kinds and words that deserve quick eyes. In our judgement, from the risk flags of the Single
# Online Home form; it only orders the desk's queue, so it may be wrong in both directions and
# nothing is decided by it.
HIGH_HARM_KINDS = frozenset(
    {"domestic-abuse", "sexual-offence", "hate-crime", "robbery", "harassment"}
)
_HIGH_HARM_WORDS = re.compile(
    r"\b(kni(fe|ves)|stabb?\w*|machete|guns?|firearm|shot|shoot\w*|acid|rap(e|ed|ing)|sexual\w*|strangl\w*|"
    r"chok(ed|ing)|kidnap\w*|hostage|kill\w*|suicid\w*|self[- ]?harm\w*|murder\w*|stalk\w*|blackmail\w*|"
    r"traffick\w*|slave\w*|petrol bomb|arson|child|children|baby|afraid|scared|terrified|threaten\w*|"
    r"racist|homophobic|transphobic|unconscious|bleeding)\b",
    re.IGNORECASE,
)


def is_high_harm(*, kind: str, narrative: str) -> bool:
    """Say whether a report goes to the top of the crime desk's queue."""
    return kind in HIGH_HARM_KINDS or _HIGH_HARM_WORDS.search(narrative) is not None


# References: 40 random bits in Crockford's base 32 and its check symbol, in threes: BL-7K2-M9Q-XA4.
# https://www.crockford.com/base32.html. Values whose check symbol is not a letter or digit are not
# issued, so that every reference can be said; the check catches any one wrong symbol and any two
# changed over.
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = _SYMBOLS + "*~$=U"
REFERENCE_BITS = 40


def reference_for(number: int) -> str | None:
    """Return the reference of a random number of 40 bits, or None where that number is not
    issued.
    """
    check = _CHECK[number % 37]
    if check not in _SYMBOLS:
        return None
    digits = "".join(_SYMBOLS[number >> shift & 31] for shift in range(35, -1, -5)) + check
    return f"BL-{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def parse_reference(text: str) -> str | None:
    """Return a typed reference as it is written, or None if it is not one.

    Case, spaces, hyphens and a missing BL do not matter; O is read as 0, I and L as 1.
    """
    squeezed = "".join(char for char in text.upper() if char.isascii() and char.isalnum())
    squeezed = squeezed.removeprefix("BL") if len(squeezed) > 9 else squeezed
    digits = squeezed.translate(str.maketrans("OIL", "011"))
    if len(digits) != 9 or any(digit not in _SYMBOLS for digit in digits):
        return None
    number = 0
    for digit in digits[:8]:
        number = number * 32 + _SYMBOLS.index(digit)
    reference = reference_for(number)
    return reference if reference is not None and reference[-1] == digits[8] else None


@dataclass(frozen=True, kw_only=True)
class ReportAnswers:
    """A whole report as told. Instants are aware; eastings and northings metres; "" or None where
    not answered.
    """

    kind: str
    narrative: str
    role: str = Role.VICTIM
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    is_time_unsure: bool = False
    address: str = ""
    postcode: str = ""
    place_detail: str = ""
    easting: int | None = None
    northing: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    given_name: str
    family_name: str
    business_name: str = ""
    born_on: date | None = None
    email: str = ""
    phone: str = ""
    home_address: str = ""
    home_postcode: str = ""
    contact_preference: str = ""
    is_safe_to_contact: bool = True
    language: str = ""
    vrm: str = ""
    is_declared_true: bool = False

    def as_told(self) -> dict[str, Any]:
        """Return every answer by its name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def check_answers(answers: ReportAnswers, *, at: datetime) -> dict[str, str]:
    """Return what is to be put right in a whole report, however it came: a sentence for each
    field.
    """
    errors: dict[str, str] = {}
    if answers.kind not in KINDS:
        errors["kind"] = "Choose what happened."
    if answers.role not in ROLES:
        errors["role"] = "Choose how you were involved."
    if not 1 <= len(answers.narrative.strip()) <= LONGEST_NARRATIVE:
        errors["narrative"] = (
            f"Tell us what happened, in {LONGEST_NARRATIVE:,} characters or fewer."
        )
    if answers.occurred_from and answers.occurred_from > at + timedelta(minutes=5):
        errors["occurred_from"] = "The date and time must be in the past."
    if (
        answers.occurred_from
        and answers.occurred_to
        and answers.occurred_to < answers.occurred_from
    ):
        errors["occurred_to"] = "The later date and time must come after the earlier one."
    if not (answers.email.strip() or answers.phone.strip()):
        errors["email"] = "Enter an email address or a phone number, so that we can reach you."
    if answers.email.strip() and (wrong := email_error(answers.email.strip())):
        errors["email"] = wrong
    if answers.phone.strip() and (wrong := phone_error(answers.phone.strip())):
        errors["phone"] = wrong
    if answers.contact_preference and answers.contact_preference not in set(Contact):
        errors["contact_preference"] = "Choose how you would like us to reach you."
    if len(answers.place_detail) > 400:
        errors["place_detail"] = "The detail of the place must be 400 characters or fewer."
    if answers.vrm.strip() and not 1 <= len(compact(answers.vrm)) <= 11:
        errors["vrm"] = "A registration number has 1 to 11 letters and digits."
    if not answers.is_declared_true:
        errors["is_declared_true"] = (
            "Confirm that what you have told us is true, as far as you know."
        )
    return errors


def item_purpose(report_id: UUID) -> str:
    """Return the purpose that items are taken in under when they come with a report."""
    return f"report:{report_id}"


def canonical_sha256(answers: ReportAnswers, item_ids: Iterable[UUID]) -> str:
    """Return the hash a report is recognised by when it is sent twice."""
    text = json.dumps(
        [answers.as_told(), [str(each) for each in item_ids]],
        sort_keys=True,
        default=str,
        ensure_ascii=True,
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """How long a report has waited, against the two targets. Both are `timedelta`, below zero when
    overdue.
    """

    triage_left: timedelta
    record_left: timedelta

    @property
    def is_triage_late(self) -> bool:
        """Say whether 45 minutes have passed."""
        return self.triage_left < timedelta()

    @property
    def is_record_late(self) -> bool:
        """Say whether 24 hours have passed."""
        return self.record_left < timedelta()


def clock_of(*, received_at: datetime, at: datetime) -> Clock:
    """Return the two clocks of a report: the 24 hours run from receipt, not from recording
    (NCRS).
    """
    waited = at - received_at
    return Clock(triage_left=TRIAGE_WITHIN - waited, record_left=RECORD_WITHIN - waited)
