"""A case as plain data: what every form, message and package is made from.

Frozen dataclasses only. Instants (`_at`) are aware datetimes in UTC, dates (`_on`) are `date`,
sizes are bytes, hashes are lower-case SHA-256 in hexadecimal. An empty string means "not known";
`None` means "not asked yet".
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
    """A place in the parts of BS 7666, with `text` for what does not fit them (a towpath, a car
    park).
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

    def in_one_line(self) -> str:
        """The address as it is said, parts joined by commas; `text` alone where there are no
        parts.
        """
        number_and_street = " ".join(part for part in (self.building, self.street) if part)
        parts = (self.flat, number_and_street, self.locality, self.town, self.area, self.postcode)
        return ", ".join(part for part in parts if part) or self.text


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A police officer or member of police staff. `location_code` is the unit as the courts know
    it.
    """

    name: str
    rank: str = ""
    collar: str = ""
    location_code: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class CrimeFacts:
    """One recorded crime. `victims` are ids in `CaseFacts.people`; none where it is against the
    State alone.
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


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """A person, whatever their role; or an organisation, which has no other name than
    `organisation`.

    `gender`: 0 not known, 1 male, 2 female, 9 not specified (SPI GenderCurrentType). `language`: E
    or W, for Welsh.
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

    def name(self) -> str:
        """The full name as written at the top of a form."""
        return " ".join(part for part in (*self.given, self.family) if part) or self.organisation


@dataclass(frozen=True, kw_only=True)
class LinkFacts:
    """What a person is to a crime: `victim`, `witness` or `suspect`. Roles belong to the link, not
    to the person.
    """

    person_id: UUID
    crime_number: str
    role: str


@dataclass(frozen=True, kw_only=True)
class SignatureFacts:
    """A signature made on glass: strokes of points in a box of `width` by `height`, origin at the
    top left.
    """

    width: float
    height: float
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, kw_only=True)
class BackFacts:
    """The back of an MG11: for police and prosecutor only.

    `dates_not_available` is None until the witness was asked, and empty where there are none.
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
class StatementFacts:
    """A written statement (MG11), its text as frozen when it was signed.

    `age` is set only for a maker under 18. `pages` is the count the maker saw on the device, if one
    was shown. `sha256` is the hash the device made of the signed statement. `kind` is `statement`
    or `victim-personal-statement`.
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
    signed_at: datetime | None = None
    signature: SignatureFacts | None = None
    taken_by: Officer | None = None
    taken_at_place: str = ""
    back: BackFacts | None = None
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class ContinuityFacts:
    """One entry of an item's continuity: who did what to it, when and why.

    `canonical` is the entry as the evidence log holds it: JSON with its keys in order and no
    spaces. It goes into `case.json` unchanged, because the seal's proofs are over these very words.
    """

    canonical: str

    def entry(self) -> dict[str, Any]:
        """The entry's `sequence`, `verb`, `at`, `by`, `by_name`, `from`, `to`, `why`, `sha256`,
        `detail` and so on.
        """
        read: dict[str, Any] = json.loads(self.canonical)
        return read


@dataclass(frozen=True, kw_only=True)
class PreviewFacts:
    """Something derived from an original, and how it was made."""

    name: str
    media_type: str
    size: int
    sha256: str
    how: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ExhibitFacts:
    """A thing held that was given an exhibit reference, such as AB/1."""

    reference: str
    item_id: UUID
    description: str
    produced_by: str
    sha256: str
    size: int
    filename: str
    media_type: str
    captured_at: datetime | None = None
    received_at: datetime | None = None
    held_at: str = ""
    continuity: tuple[ContinuityFacts, ...] = ()
    previews: tuple[PreviewFacts, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UnusedFacts:
    """A row of the schedule of non-sensitive unused material (MG6C).

    `rebuttable_presumption`: of the kinds that the Attorney General's Guidelines 2024 presume to
    meet the test.
    """

    number: int
    description: str
    location: str = ""
    relevance: str = ""
    rebuttable_presumption: bool = False


@dataclass(frozen=True, kw_only=True)
class Schedules:
    """The schedules of the case. `unused` is None while the disclosure officer has not made it."""

    unused: tuple[UnusedFacts, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class ChronologyFacts:
    """One line of the chronology."""

    at: datetime
    what: str
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class ChargeFacts:
    """A charge against one person.

    `date_code`: 1 on or in, 2 before, 3 after, 4 between, 5 on or about, 6 on or before. `victims`
    go to the court.
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
class HearingFacts:
    """The first hearing: the court's organisation unit code, its day, and its local time in
    London.
    """

    court_ou_code: str
    on: date
    starts: time = time(10, 0)


@dataclass(frozen=True, kw_only=True)
class SummaryFacts:
    """What the MG5 asks in words. Facts, not opinion; it is disclosed to the defence."""

    key_evidence: str = ""
    interview: str = ""
    loss_or_injury: str = ""
    orders_sought: str = ""
    visually_recorded_evidence: str = ""
    forensic_evidence: str = ""
    certified_by: Officer | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """The whole case. `created_at` dates every document made from it, so the same facts give the
    same bytes.
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
    crimes: tuple[CrimeFacts, ...] = ()
    people: tuple[PersonFacts, ...] = ()
    links: tuple[LinkFacts, ...] = ()
    statements: tuple[StatementFacts, ...] = ()
    exhibits: tuple[ExhibitFacts, ...] = ()
    schedules: Schedules = Schedules()
    chronology: tuple[ChronologyFacts, ...] = ()
    charges: tuple[ChargeFacts, ...] = ()
    hearing: HearingFacts | None = None
    summary: SummaryFacts = SummaryFacts()

    def person(self, person_id: UUID) -> PersonFacts | None:
        """The person with this id, or None."""
        return next((person for person in self.people if person.id == person_id), None)

    def with_role(self, role: str) -> tuple[PersonFacts, ...]:
        """Everyone linked in this role, each once, in the order of `people`."""
        ids = {link.person_id for link in self.links if link.role == role}
        return tuple(person for person in self.people if person.id in ids)
