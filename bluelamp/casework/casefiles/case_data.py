"""A case as plain data: what every form, message and package is made from.

Frozen dataclasses only. Instants (`_at`) are aware datetimes in UTC, dates (`_on`) are `date`,
sizes are in bytes, hashes are SHA-256 in lower-case hexadecimal. An empty string means "not
known"; `None` means "nobody has asked yet".

The field names are the keys of `data/case.json` (`contracts/case.schema.json`), so renaming a
field changes the format of packages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

Stroke = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address in the parts of BS 7666.

    `text` describes a place that does not fit those parts, such as a towpath or a car park.
    """

    text: str = ""
    flat: str = ""
    building: str = ""
    street: str = ""
    locality: str = ""
    town: str = ""
    area: str = ""
    postcode: str = ""
    uprn: int | None = None

    def single_line(self) -> str:
        """Return the parts joined by commas, or `text` if there are no parts."""
        number_and_street = " ".join(part for part in (self.building, self.street) if part)
        parts = (self.flat, number_and_street, self.locality, self.town, self.area, self.postcode)
        return ", ".join(part for part in parts if part) or self.text


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A police officer or a member of police staff.

    `location_code` is the code that the courts use for the officer's unit.
    """

    name: str
    rank: str = ""
    collar: str = ""
    location_code: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerData:
    """An answer to a form: what the question is called, and the lines of the answer."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CrimeData:
    """One recorded crime.

    `victims` are ids in `CaseData.people`. It is empty if the crime is against the State alone.
    `report_answers` are the answers of its report that have no field of their own here, and
    `scene_answers` those of the form that an officer filled in at the scene.
    """

    number: str
    offence_code: str
    offence_title: str
    wording: str = ""
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    location: Address = Address()
    recorded_at: datetime | None = None
    summary: str = ""
    victims: tuple[UUID, ...] = ()
    against_the_state: bool = False
    report_answers: tuple[AnswerData, ...] = ()
    scene_answers: tuple[AnswerData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonData:
    """A person in any role, or an organisation.

    An organisation has a name in `organisation` and in no other field. `gender` is 0 not known,
    1 male, 2 female or 9 not specified (SPI GenderCurrentType). `language` is E for English or W
    for Welsh.
    """

    id: UUID
    given: tuple[str, ...] = ()
    family: str = ""
    organisation: str = ""
    title: str = ""
    born_on: date | None = None
    gender: str = "0"
    ethnicity_observed: str = ""
    ethnicity_self_defined: str = ""
    address: Address | None = None
    phone_home: str = ""
    phone_work: str = ""
    phone_mobile: str = ""
    email: str = ""
    occupation: str = ""
    pnc_id: str = ""
    cro_number: str = ""
    language: str = "E"
    custody_status: str = ""

    def full_name(self) -> str:
        """Return the full name as it is written at the top of a form."""
        return " ".join(part for part in (*self.given, self.family) if part) or self.organisation


@dataclass(frozen=True, kw_only=True)
class LinkData:
    """The role of a person in a crime: `victim`, `witness` or `suspect`.

    The role belongs to the link, not to the person: one person can have a role in each crime.
    """

    person_id: UUID
    crime_number: str
    role: str


@dataclass(frozen=True, kw_only=True)
class SignatureData:
    """A signature drawn on a screen.

    `strokes` are lists of points in a box of `width` by `height`, with the origin at the top left.
    """

    width: float
    height: float
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, kw_only=True)
class StatementBackData:
    """The back of an MG11, for the police and the prosecutor only.

    `dates_not_available` is None until the witness is asked, and empty if there are no such dates.
    """

    address: Address | None = None
    phone_home: str = ""
    phone_work: str = ""
    phone_mobile: str = ""
    email: str = ""
    preferred_contact: str = ""
    gender: str = ""
    born_on: date | None = None
    place_of_birth: str = ""
    former_name: str = ""
    ethnicity: str = ""
    dates_not_available: str | None = None
    willing_to_attend: bool | None = None
    ensure_attendance: str = ""
    special_measures: bool | None = None
    particular_needs: str = ""
    vps_leaflet_given: bool | None = None
    vps: str = ""
    station: str = ""
    taken_at: datetime | None = None
    guardian_name: str = ""
    guardian_contact: str = ""
    consent_medical_records: bool | None = None
    consent_disclosure_to_defence: bool | None = None
    consent_civil_proceedings: bool | None = None
    consent_referral_to_support: bool | None = None


@dataclass(frozen=True, kw_only=True)
class StatementData:
    """A written statement (MG11), with its text as frozen when it was signed.

    `kind` is an `investigations.rules.StatementKind`. `text` is in English; `original_text` is what
    was said in `original_language`, if in another. `age` is set only if the maker is under
    18. `pages` is the page count that the maker saw on the device. `sha256` is the hash that the
    device made of the signed statement. `officer_signature` is that of the officer who saw the
    maker sign, if they signed too.
    """

    id: UUID
    maker_name: str
    maker_id: UUID | None = None
    kind: str = "statement"
    age: int | None = None
    occupation: str = ""
    text: str
    declaration: str = ""
    pages: int | None = None
    visually_recorded: bool = False
    read_over: bool | None = None
    read_over_by: str = ""
    interpreter: str = ""
    original_language: str = ""
    original_text: str = ""
    signed_at: datetime | None = None
    signature: SignatureData | None = None
    officer_signature: SignatureData | None = None
    taken_by: Officer | None = None
    taken_at_place: str = ""
    back: StatementBackData | None = None
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class ContinuityData:
    """One entry in the continuity of an item: who did what to it, when and why.

    `canonical` is the entry as the evidence log stores it: JSON with sorted keys and no spaces.
    It is copied into `case.json` unchanged, because the proofs in the seal are over these bytes.
    """

    canonical: str

    def to_dict(self) -> dict[str, Any]:
        """Return the entry: `sequence`, `verb`, `at`, `by`, `by_name`, `from`, `to`, `why`,
        `sha256`, `detail` and the ids.
        """
        entry: dict[str, Any] = json.loads(self.canonical)
        return entry


@dataclass(frozen=True, kw_only=True)
class PreviewData:
    """A file derived from an original. `how` says how it was made."""

    name: str
    media_type: str
    size: int
    sha256: str
    how: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ExhibitData:
    """An item that was given an exhibit reference, such as AB/1.

    `captured_at` is what the sender's device said. `captured_text` is what is written in the file
    itself: with an offset from UTC if the file gives one, else on the device's own clock. `reading`
    says whether the file was read: `read`, `unreadable`, `not_read`, or empty where there is
    nothing to read, as in a document. So an empty `captured_text` means that the file does not say
    when only if `reading` is `read`. `shot` is from how near it was taken. `gps_at` is the
    satellites' time when the sender's device knew its position, and `gps_device_at` the same moment
    by that device's clock. `seal_number` is that of the bag that it is in.
    """

    reference: str
    item_id: UUID
    description: str
    produced_by: str
    sha256: str
    size: int
    filename: str
    media_type: str
    captured_at: datetime | None = None
    captured_text: str = ""
    reading: str = ""
    received_at: datetime | None = None
    held_at: str = ""
    seal_number: str = ""
    shot: str = ""
    gps_at: datetime | None = None
    gps_device_at: datetime | None = None
    continuity: tuple[ContinuityData, ...] = ()
    previews: tuple[PreviewData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UnusedItemData:
    """A row of the schedule of non-sensitive unused material (MG6C).

    `rebuttable_presumption` is True for the kinds of material that the Attorney General's
    Guidelines 2024 presume to meet the disclosure test.
    """

    number: int
    description: str
    location: str = ""
    relevance: str = ""
    rebuttable_presumption: bool = False


@dataclass(frozen=True, kw_only=True)
class Schedules:
    """The schedules of the case. `unused` is None until the disclosure officer has made it."""

    unused: tuple[UnusedItemData, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ChronologyEntry:
    """One line of the chronology in the MG5."""

    at: datetime
    what: str
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class ChargeData:
    """A charge against one person.

    `date_code` is 1 on or in, 2 before, 3 after, 4 between, 5 on or about, 6 on or before.
    `victims` are the people whose names go to the court with the charge.
    """

    sequence: int
    defendant_id: UUID
    offence_code: str
    wording: str
    date_code: int = 1
    started_on: date | None = None
    ended_on: date | None = None
    charged_on: date | None = None
    arrested_on: date | None = None
    location: str = ""
    asn: str = ""
    victims: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HearingData:
    """The first hearing: the court's organisation unit code, the day, and the London time."""

    court_ou_code: str
    on: date
    # Magistrates' courts begin at 10am: the time where nobody entered one.
    starts: time = time(10, 0)


@dataclass(frozen=True, kw_only=True)
class SummaryData:
    """The free text of the MG5. It is disclosed to the defence: facts only, no opinion."""

    key_evidence: str = ""
    interview: str = ""
    loss_or_injury: str = ""
    orders_sought: str = ""
    visually_recorded_evidence: str = ""
    forensic_evidence: str = ""
    certified_by: Officer | None = None


@dataclass(frozen=True, kw_only=True)
class CaseData:
    """The whole case.

    `created_at` dates every document made from it, so that the same data gives the same bytes.
    """

    urn: str
    force_code: str
    force_name: str
    unit: str
    created_at: datetime
    officer_in_case: Officer
    originating_organisation: str = ""
    cps_organisation: str = ""
    initiation: str = "C"
    crimes: tuple[CrimeData, ...] = ()
    people: tuple[PersonData, ...] = ()
    links: tuple[LinkData, ...] = ()
    statements: tuple[StatementData, ...] = ()
    exhibits: tuple[ExhibitData, ...] = ()
    schedules: Schedules = Schedules()
    chronology: tuple[ChronologyEntry, ...] = ()
    charges: tuple[ChargeData, ...] = ()
    hearing: HearingData | None = None
    summary: SummaryData = SummaryData()

    def get_person(self, person_id: UUID) -> PersonData | None:
        """Return the person with this id, or None."""
        return next((person for person in self.people if person.id == person_id), None)

    def people_with_role(self, role: str) -> tuple[PersonData, ...]:
        """Return everyone who has this role in any crime, each once, in the order of `people`."""
        ids = {link.person_id for link in self.links if link.role == role}
        return tuple(person for person in self.people if person.id in ids)
