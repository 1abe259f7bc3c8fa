"""What other programs send, and the answers.

The fields of a report are made from its question set, in `report_schema`.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bluelamp.web.api import Grid, Latitude, Longitude, Moment, Sha256, StrictSchema


class PlaceSchema(StrictSchema):
    """Where it happened. Grid references are in metres, and degrees are WGS 84."""

    address: Annotated[str, Field(max_length=400)] = ""
    postcode: Annotated[str, Field(max_length=10)] = ""
    detail: Annotated[str, Field(max_length=400)] = ""
    easting: Grid | None = None
    northing: Grid | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class PersonReportingSchema(StrictSchema):
    """The person reporting it. Give an email address or a telephone number.

    Ask them whether it is safe to contact them there: `is_safe_to_contact` has no default. If it is
    false, nothing is sent to them, and you can leave out the email address and the telephone
    number: say in `safe_contact` and `safe_contact_detail` how they can be reached.
    """


class AnswersSchema(StrictSchema):
    """The answers to the report's other questions, by their ids."""


class AddressSchema(StrictSchema):
    """An address with its postcode."""

    address: Annotated[str, Field(max_length=400)] = ""
    postcode: Annotated[str, Field(max_length=10)] = ""


class WhenSchema(StrictSchema):
    """When something was: at `from`, between `from` and `to`, or about then."""

    know: Literal["exact", "between", "unsure"]
    from_: Annotated[Moment | None, Field(alias="from")] = None
    to: Moment | None = None


class FileNoteSchema(StrictSchema):
    """What you say about a file that comes with the report.

    The first note is about the first file, and so on. If you give the `sha256` (in lower-case
    hexadecimal), the server refuses any other bytes.
    """

    id: UUID | None = None
    sha256: Sha256 | None = None
    description: Annotated[str, Field(max_length=2_000)] = ""
    captured_at: Moment | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class ReportSchema(StrictSchema):
    """A report. You make the `id`. The same report sent again gets the same reference."""

    if TYPE_CHECKING:  # the fields come from the question set
        id: UUID
        sent_at: datetime | None
        files: list[FileNoteSchema]


class ReceivedItemSchema(BaseModel):
    """A file as we have it."""

    id: UUID
    filename: str
    sha256: str
    size: int


class ReportReceiptSchema(BaseModel):
    """We have the report and every file, on disk. Keep the reference."""

    id: UUID
    reference: str
    received_at: datetime
    items: list[ReceivedItemSchema]


class CaseFileRowSchema(BaseModel):
    """A case file that was sent to the prosecutor."""

    urn: str
    force: str
    crime_numbers: list[str]
    offences: list[str]
    suspects: list[str]
    submitted_at: datetime


class CaseFileListSchema(BaseModel):
    """A page of case files, the latest first."""

    case_files: list[CaseFileRowSchema]
    total: int
    page: int
    pages: int


class ChargeSchema(BaseModel):
    """A charge. `offence_code` is the CJS code."""

    defendant: str
    offence_code: str
    wording: str
    charged_on: date | None
    asn: str


class HearingSchema(BaseModel):
    """The first hearing, in London time."""

    court_ou_code: str
    on: date
    starts: time


class ExhibitSchema(BaseModel):
    """An exhibit: the hash and size of its original, and how many continuity entries are sealed."""

    reference: str
    description: str
    produced_by: str
    filename: str
    media_type: str
    sha256: str
    size: int
    continuity_entries: int


class DocumentSchema(BaseModel):
    """A form in the package. Never give it to the defence unedited if `may_be_served` is false."""

    name: str
    title: str
    sha256: str
    may_be_served: bool


class PackageSchema(BaseModel):
    """The package as it was sent. Download it from `href`."""

    href: str
    version: int
    sha256: str
    size: int
    built_at: datetime
    log_key: str


class CaseFileSchema(BaseModel):
    """A case file as it was sent."""

    urn: str
    force: str
    crime_numbers: list[str]
    submitted_at: datetime
    submitted_by: str
    charges: list[ChargeSchema]
    hearing: HearingSchema | None
    exhibits: list[ExhibitSchema]
    documents: list[DocumentSchema]
    package: PackageSchema
