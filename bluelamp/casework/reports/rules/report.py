"""What is true of whole reports: kinds, references, deadlines, and the answers in one object.

NCRS = National Crime Recording Standard (Home Office Crime Recording Rules, general rules A).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from bluelamp.foundation.kernel.text import plain_characters
from bluelamp.records.evidence.rules import Subject

# The retention policy `draft-14-days` deletes what is older.
DRAFT_LIFETIME = timedelta(days=14)
RECORD_WITHIN = timedelta(hours=24)  # NCRS: from the time of the report
TRIAGE_WITHIN = timedelta(minutes=45)  # Single Online Home: control-room triage of an online report
MAX_ITEMS = 30


class Channel(StrEnum):
    """How a report reached us."""

    WEB = "web"
    API = "api"
    OFFICER = "officer"


class ReportState(StrEnum):
    """What the crime desk has decided about a report."""

    NEW = "new"
    RECORDED = "recorded"
    NOT_CRIME = "not-crime"


class ReporterRole(StrEnum):
    """How the person reporting was involved (Single Online Home, `howInvolvedInCrime`)."""

    VICTIM = "victim"
    WITNESS = "witness"
    ON_BEHALF = "on-behalf"
    BUSINESS = "business"


# What can be reported, in the order of the form: each with what the desk's search for an offence
# starts with. The crime desk chooses the offence.
OFFENCE_SEARCH_BY_KIND: dict[str, str] = {
    "criminal-damage": "criminal damage",
    "burglary": "burglary",
    "vehicle-theft": "theft of vehicle",
    "theft-from-vehicle": "theft from vehicle",
    "cycle-theft": "theft pedal cycle",
    "theft": "theft",
    "robbery": "robbery",
    "assault": "assault",
    "harassment": "harassment",
    "domestic-abuse": "controlling or coercive",
    "sexual-offence": "sexual assault",
    "hate-crime": "racially religiously aggravated",
    "antisocial-behaviour": "public order",
    "other": "",
}
KINDS = frozenset(OFFENCE_SEARCH_BY_KIND)

# Kinds and words that put a report at the top of the desk's queue. Our own judgement, from the risk
# flags of the Single Online Home form. Nothing else depends on it, so it may be wrong both ways.
HIGH_HARM_KINDS = frozenset(
    {"assault", "domestic-abuse", "sexual-offence", "hate-crime", "robbery", "harassment"}
)
_HIGH_HARM_PATTERN = re.compile(
    r"\b(kni(fe|ves)|stabb?\w*|machete|guns?|firearm|shot|shoot\w*|acid|rap(e|ed|ing)|"
    r"sexual\w*|strangl\w*|chok(ed|ing)|kidnap\w*|hostage|kill\w*|suicid\w*|"
    r"self[- ]?harm\w*|murder\w*|stalk\w*|blackmail\w*|traffick\w*|slave\w*|petrol bomb|"
    r"arson|child|children|baby|afraid|scared|terrified|threaten\w*|racist|homophobic|"
    r"transphobic|unconscious|bleeding)\b",
    re.IGNORECASE,
)


def is_high_harm(*, kind: str, narrative: str) -> bool:
    """Return whether a report goes to the top of the crime desk's queue."""
    return kind in HIGH_HARM_KINDS or _HIGH_HARM_PATTERN.search(narrative) is not None


# References are 40 random bits in Crockford's base 32 with its check symbol: BL-7K2-M9Q-XA4.
# https://www.crockford.com/base32.html. The check catches any one wrong symbol and any two that
# changed places. Numbers whose check symbol is not a letter or digit are not issued, so that every
# reference can be read out on the phone.
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = _SYMBOLS + "*~$=U"
# Eight symbols of five bits: short enough to read out, too many to guess one that exists.
REFERENCE_BITS = 40


def reference_for(number: int) -> str | None:
    """Return the reference of a number of 40 bits, or None where that number is not issued."""
    check = _CHECK[number % 37]
    if check not in _SYMBOLS:
        return None
    # Eight symbols of five bits, the highest first.
    digits = "".join(_SYMBOLS[number >> shift & 31] for shift in range(35, -1, -5)) + check
    return f"BL-{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def parse_reference(text: str) -> str | None:
    """Return a typed reference as it is written, or None if it is not a reference.

    Case, spaces, hyphens and a missing BL do not matter; O is read as 0, I and L as 1.
    """
    typed = plain_characters(text).upper()
    normalised = "".join(char for char in typed if char.isascii() and char.isalnum())
    # "BL" may also be the first two of nine symbols.
    normalised = normalised.removeprefix("BL") if len(normalised) > 9 else normalised
    digits = normalised.translate(str.maketrans("OIL", "011"))
    if len(digits) != 9 or any(digit not in _SYMBOLS for digit in digits):
        return None
    number = 0
    for digit in digits[:8]:
        number = number * 32 + _SYMBOLS.index(digit)
    reference = reference_for(number)
    return reference if reference is not None and reference[-1] == digits[8] else None


@dataclass(frozen=True, kw_only=True)
class ReportAnswers:
    """A whole report as somebody made it: "" or None where a question was not answered.

    Nothing is sent to the person unless `is_safe_to_contact` is True: None is that nobody answered.
    Where it is False, `safe_contact` (a SafeContact, or "") and `safe_contact_detail` say how they
    may be reached. Times have a time zone. Eastings and northings are metres on the National Grid,
    latitude and longitude degrees (WGS84). `others` has the answers to questions that a report has
    no column for, by the questions' ids.
    """

    kind: str
    narrative: str
    role: str = ReporterRole.VICTIM
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
    is_safe_to_contact: bool | None = None
    safe_contact: str = ""
    safe_contact_detail: str = ""
    language: str = ""
    vrm: str = ""
    is_declared_true: bool = False
    others: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return every answer by its name."""
        return {answer.name: getattr(self, answer.name) for answer in fields(self)}


def report_subject(report_id: UUID) -> Subject:
    """Return the subject of the items of evidence that come with a report."""
    return Subject("report", report_id)


# Answers that came with a later version. Left out where they are empty, so that a report which is
# sent again after an upgrade is still the same one.
_LATER_ANSWERS = ("safe_contact", "safe_contact_detail", "others")


def answers_sha256(answers: ReportAnswers, item_ids: Iterable[UUID]) -> str:
    """Return the hash by which a report that is sent twice is recognised."""
    # The order of the items counts, because it is their position in the report.
    values = answers.as_dict()
    for name in _LATER_ANSWERS:
        if not values[name]:
            del values[name]
    text = json.dumps(
        [values, [str(item_id) for item_id in item_ids]],
        sort_keys=True,
        default=str,
        ensure_ascii=True,
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportDeadlines:
    """The time that is left for a report under its two targets, below zero when overdue."""

    triage_remaining: timedelta
    record_remaining: timedelta

    @property
    def is_triage_overdue(self) -> bool:
        """Return whether 45 minutes have passed."""
        return self.triage_remaining < timedelta()

    @property
    def is_record_overdue(self) -> bool:
        """Return whether 24 hours have passed."""
        return self.record_remaining < timedelta()


def deadlines_for(*, received_at: datetime, at: datetime) -> ReportDeadlines:
    """Return the time that is left for a report: 24 hours from receipt to recording (NCRS)."""
    waited = at - received_at
    return ReportDeadlines(
        triage_remaining=TRIAGE_WITHIN - waited, record_remaining=RECORD_WITHIN - waited
    )
