"""Numbers and captures of crimes: pure functions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import hypot
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from bluelamp.foundation.forms.rules import QuestionSet
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.device_clock import ClockRecord
from bluelamp.records.evidence.rules import Subject
from bluelamp.records.people.rules import LocationInput, PersonInput

NUMBER_SERIES = "crime"  # the kind of the number series, as `kernel.series` keeps it
MAX_LEASED_NUMBERS = 50
MAX_UNUSED_NUMBERS = 150
EARLIEST_MONTH = 10
"""From October a phone has numbers of the next year: one may be offline for weeks."""
MAX_EARLY_NUMBERS = 10
"""Unused numbers that an officer may have on all devices, of both years in December. Three devices
with the 20 each that the app asks for need 120 then; more would only burn the force's series."""

# Renewed whenever the phone asks: only one that is lost, or left in a drawer, runs out.
LEASE_DURATION = timedelta(days=14)
MAX_SUMMARY_LENGTH = 20_000  # characters
MAX_SERIAL = 9_999_999
# Stored as the reason a number is void; the sentences are in messages.py.
LEASE_LAPSED = "crimes.lease_lapsed"
LEASE_RELEASED = "crimes.lease_released"


class NumberState(StrEnum):
    USED = "used"
    LEASED = "leased"
    VOID = "void"


class CrimeState(StrEnum):
    RECORDED = "recorded"
    INVESTIGATING = "investigating"
    CHARGED = "charged"


class TimeField(StrEnum):
    """The times that a person can correct: of a crime, a statement and an item."""

    OCCURRED_FROM = "occurred_from"
    OCCURRED_TO = "occurred_to"
    REPORTED = "reported_at"
    SIGNED = "signed_at"
    CAPTURED = "captured_at"


class VictimKind(StrEnum):
    """Who a crime is against. A state-based crime has no other victim (Home Office Counting
    Rules); of some crimes no victim is known yet.
    """

    PERSON = "person"
    BUSINESS = "business"
    STATE = "state"
    NOT_KNOWN = "not-known"


class NearbyReason(StrEnum):
    """Why a crime is shown beside another, the strongest reason first."""

    SAME_ADDRESS = "same_address"
    SAME_POSTCODE = "same_postcode"
    WITHIN_METRES = "within_metres"


class ItemAnnouncement(TypedDict):
    """What a device says about an item before it sends the bytes.

    `size` is in bytes, `sha256` that of the bytes in lower-case hexadecimal, `device_at` the
    device's clock in ISO 8601, `about` what `ItemClaims` holds, `clock` what is kept of that clock.
    """

    size: int
    sha256: str
    filename: str
    media_type: str
    device_id: str
    device_at: str
    about: dict[str, Any]
    clock: NotRequired[ClockRecord]


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCrime:
    """A crime that is recorded at a desk without a report.

    `crime_id` is set where the caller made the id; `reported_at` defaults to the moment of
    recording; `note` says why it is classified as it is.
    """

    offence_code: str
    summary: str
    crime_id: UUID | None = None
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    is_time_unsure: bool = False
    location: LocationInput | None = None
    victims: tuple[PersonInput, ...] = ()
    reported_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneAnswers:
    """Answers to a question set, at the version that they were given on, by question id."""

    question_set: str
    version: int
    values: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneCrime:
    """A crime as an officer's device captured it, perhaps offline.

    `number` is one of a lease that the device holds. It is None where the device had none left;
    the crime is numbered when it arrives.

    `victim` is a person or a business, with `contact`, who speaks for it, where one was named. It
    is None where only the State is the victim (Home Office Counting Rules, state-based crimes).
    `victim_known` is what the device had filled in of a victim on record, None for nothing.

    `answers` are those to questions of the scene form that have no field here.

    `device_at` is what the device's clock said, `made_at` what the app made of it, and `sent_at`
    what the clock said when it was sent (`kernel.device_clock`).
    """

    crime_id: UUID
    number: str | None = None
    lease_id: UUID | None = None
    device_id: UUID
    device_at: datetime
    offence_code: str
    occurred_from: datetime | None
    occurred_to: datetime | None = None
    summary: str
    location: LocationInput
    victim: PersonInput | None
    victim_id: UUID | None
    victim_known: PersonInput | None = None
    contact: PersonInput | None = None
    contact_id: UUID | None = None
    related_number: str = ""
    answers: SceneAnswers | None = None
    made_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenePerson:
    """Somebody in a crime as an officer corrects them: what the record should say of them."""

    person_id: UUID
    given_name: str
    family_name: str
    business_name: str = ""
    born_on: date | None = None
    phone: str = ""
    email: str = ""

    def as_input(self, existing: PersonInput) -> PersonInput:
        """Return what is on record with these corrections, as commands take it."""
        return replace(
            existing,
            given_name=self.given_name,
            family_name=self.family_name,
            business_name=self.business_name,
            born_on=self.born_on,
            phone=self.phone,
            email=self.email,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneAddition:
    """What an officer learnt later about a crime, as their device captured it.

    `answers` are of the sections of the scene form that repeat. `summary` and `person` are what the
    record should say; None is that it is right. `hand_over_to` is the collar number or name of the
    colleague who takes the crime over, and "" where nobody does: `note` is then the reason.
    """

    addition_id: UUID
    crime_id: UUID
    device_id: UUID
    device_at: datetime
    note: str = ""
    answers: SceneAnswers | None = None
    summary: str | None = None
    person: ScenePerson | None = None
    hand_over_to: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneAssessment:
    """An assessment of the risk to a victim as an officer's device captured it.

    `encounter_id` is the id that the assessment gets, `grade` and `grade_reason` what the officer
    judges.
    """

    assessment_id: UUID
    encounter_id: UUID
    crime_id: UUID
    person_id: UUID
    answers: SceneAnswers
    grade: str
    grade_reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneItem:
    """An item captured on a device for a crime. Its bytes come after.

    `size` is in bytes and `sha256` that of the bytes; `latitude` and `longitude` are WGS84
    degrees; `captured_at` is the corrected time, and `device_at` what the device's clock said when
    it was sealed. `made_at` and `sent_at` are as in `SceneCrime`; `gps_at`, `gps_device_at` and
    `shot` as in `ItemClaims`. `exhibit_reference` is what the officer gave it at the scene, and
    `seal_number` that of the bag it is in; empty where there is none.
    """

    item_id: UUID
    crime_id: UUID
    filename: str
    media_type: str
    size: int
    sha256: str
    captured_at: datetime
    description: str
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    gps_at: datetime | None = None
    gps_device_at: datetime | None = None
    shot: str = ""
    exhibit_reference: str = ""
    seal_number: str = ""
    device_id: UUID
    device_at: datetime
    made_at: datetime | None = None
    sent_at: datetime | None = None


def crime_subject(crime_id: UUID) -> Subject:
    """Return the subject of an item of evidence that was captured for a crime at the scene."""
    return Subject("crime", crime_id)


def scene_values(capture: SceneCrime, question_set: QuestionSet) -> dict[str, object]:
    """Return what a capture says, as answers to the questions of the scene form.

    A question's `api` says where in the capture's body its answer is.
    """
    victim = capture.victim
    subject = capture.contact or victim
    is_business = victim is not None and bool(victim.business_name)
    by_path: dict[str, object] = {
        "offence_code": capture.offence_code,
        "summary": capture.summary,
        "occurred": _when_value(capture.occurred_from, capture.occurred_to),
        "location": {
            name: value for name, value in asdict(capture.location).items() if value is not None
        },
        "related_number": capture.related_number,
        "victim": VictimKind.STATE.value,
    }
    if victim and subject:
        kind = VictimKind.BUSINESS if is_business else VictimKind.PERSON
        safe = {True: "yes", False: "no", None: None}[victim.is_safe_to_contact]
        by_path |= {
            "victim": kind.value,
            "victim.business_name": victim.business_name,
            "victim.given_name": subject.given_name,
            "victim.family_name": subject.family_name,
            "victim.phone": subject.phone or victim.phone,
            "victim.email": subject.email or victim.email,
            "victim.born_on": victim.born_on.isoformat() if victim.born_on else None,
            "victim.address_same": victim.address is not None,
            "victim.safe_to_contact": safe,
        }
    return {
        question.id: by_path[question.api]
        for question in question_set.questions
        if isinstance(question.api, str) and by_path.get(question.api) not in (None, "")
    }


def _when_value(start: datetime | None, end: datetime | None) -> dict[str, str | None] | None:
    if start is None:
        return None
    return {
        "know": "between" if end else "exact",
        "from": start.isoformat(),
        "to": end.isoformat() if end else None,
    }


def number_year(at: datetime) -> int:
    """Return the year (four digits) whose series numbers a crime recorded at an instant.

    The year is London's, not UTC's.
    """
    # A crime recorded at midnight on New Year's Eve takes its year from London's clock.
    return at.astimezone(LONDON).year


def years_to_lease(*, at: datetime, year: int | None) -> list[int]:
    """Return the years (four digits) whose numbers a device is leased.

    Args:
        at: The instant of the request.
        year: The only year wanted, of two or four digits. None asks for this year, and from
            October also for the next, so that a phone that is offline at new year has numbers.
    """
    this_year = number_year(at)
    if year is not None:
        return [year if year >= 100 else 2000 + year]
    # A lease that lapses on a phone without signal is still good (`is_usable_by_device`).
    month = at.astimezone(LONDON).month
    return [this_year, this_year + 1] if month >= EARLIEST_MONTH else [this_year]


def most_to_lease(*, at: datetime, year: int, want: int) -> int:
    """Return how many unused numbers of a year (four digits) a device may have.

    Before December only a few of the next year, which most phones give back unused: an officer's
    limit is for what this year needs.
    """
    is_early = year > number_year(at) and at.astimezone(LONDON).month < 12
    return min(want, MAX_EARLY_NUMBERS) if is_early else want


def is_usable_by_device(*, state: str, void_reason: str) -> bool:
    """Say whether a device may still use a number of its lease.

    A number whose lease lapsed or was released counts: a victim may have it on a card, and nobody
    else can be given it.
    """
    return state == NumberState.LEASED or (
        state == NumberState.VOID and void_reason in {LEASE_LAPSED, LEASE_RELEASED}
    )


def distance_metres(a: tuple[int, int], b: tuple[int, int]) -> int:
    """Return the distance of two National Grid positions in whole metres."""
    return round(hypot(a[0] - b[0], a[1] - b[1]))
