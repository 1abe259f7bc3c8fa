"""What may come in and what goes out, to the letter. A field that this server would drop is
refused.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bluelamp.web.api import Grid, Latitude, Longitude, Moment, Sha256, Strict

Kind = Literal[
    "criminal-damage", "burglary", "vehicle-theft", "theft-from-vehicle", "cycle-theft", "theft", "robbery",
    "assault", "harassment", "domestic-abuse", "sexual-offence", "hate-crime", "antisocial-behaviour", "other",
]  # fmt: skip


class Place(Strict):
    """Where it happened. Grid references in metres; degrees are WGS 84."""

    address: Annotated[str, Field(max_length=400)] = ""
    postcode: Annotated[str, Field(max_length=10)] = ""
    detail: Annotated[str, Field(max_length=400)] = ""
    easting: Grid | None = None
    northing: Grid | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class PersonReporting(Strict):
    """Who reports it. An e-mail address or a telephone number is needed."""

    given_name: Annotated[str, Field(max_length=120)] = ""
    family_name: Annotated[str, Field(max_length=120)] = ""
    business_name: Annotated[str, Field(max_length=200)] = ""
    born_on: date | None = None
    email: Annotated[str, Field(max_length=254)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    address: Annotated[str, Field(max_length=400)] = ""
    postcode: Annotated[str, Field(max_length=10)] = ""
    contact_preference: Literal["", "email", "phone", "text", "post"] = ""
    is_safe_to_contact: bool = True
    language: Annotated[str, Field(max_length=60)] = ""


class FileNote(Strict):
    """What is said of a file that comes with the report: the first note is about the first file,
    and so on.

    With `sha256` (lower-case hexadecimal) the server refuses other bytes.
    """

    id: UUID | None = None
    sha256: Sha256 | None = None
    description: Annotated[str, Field(max_length=2_000)] = ""
    captured_at: Moment | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class Report(Strict):
    """A report. `id` is made by the sender: the same report sent again is answered with the same
    reference.
    """

    id: UUID
    kind: Kind
    narrative: Annotated[str, Field(min_length=1, max_length=4_000)]
    role: Literal["victim", "witness", "on-behalf", "business"] = "victim"
    occurred_from: Moment | None = None
    occurred_to: Moment | None = None
    is_time_unsure: bool = False
    place: Place = Place()
    person: PersonReporting
    vrm: Annotated[str, Field(max_length=20)] = ""
    is_declared_true: bool
    sent_at: Moment | None = None
    files: Annotated[list[FileNote], Field(max_length=10)] = []


class HeldItem(BaseModel):
    """A file as it is held here."""

    id: UUID
    filename: str
    sha256: str
    size: int


class Received(BaseModel):
    """The report is durable here, with every file: keep the reference."""

    id: UUID
    reference: str
    received_at: datetime
    items: list[HeldItem]


class CaseFileLine(BaseModel):
    """A case file that was sent to the prosecutor."""

    urn: str
    force: str
    crime_numbers: list[str]
    offences: list[str]
    suspects: list[str]
    submitted_at: datetime


class CaseFileLines(BaseModel):
    """A page of them, the latest first."""

    case_files: list[CaseFileLine]
    total: int
    page: int
    pages: int


class ChargeBody(BaseModel):
    """A charge. `offence_code` is the CJS code."""

    defendant: str
    offence_code: str
    wording: str
    charged_on: date | None
    asn: str


class HearingBody(BaseModel):
    """The first hearing, at London's local time."""

    court_ou_code: str
    on: date
    starts: time


class ExhibitBody(BaseModel):
    """An exhibit, its original's hash and size, and how many lines of continuity are sealed."""

    reference: str
    description: str
    produced_by: str
    filename: str
    media_type: str
    sha256: str
    size: int
    continuity_entries: int


class DocumentBody(BaseModel):
    """A form in the package. `may_be_served` is false for what the defence must never be given
    unedited.
    """

    name: str
    title: str
    sha256: str
    may_be_served: bool


class PackageBody(BaseModel):
    """The package as it was sent: fetch it at `href`."""

    href: str
    version: int
    sha256: str
    size: int
    built_at: datetime
    log_key: str


class CaseFileBody(BaseModel):
    """A case file as it was sent."""

    urn: str
    force: str
    crime_numbers: list[str]
    submitted_at: datetime
    submitted_by: str
    charges: list[ChargeBody]
    hearing: HearingBody | None
    exhibits: list[ExhibitBody]
    documents: list[DocumentBody]
    package: PackageBody
