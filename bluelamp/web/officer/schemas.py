"""What may come in and what goes out, to the letter: the capture as the device seals it, and the
answers.

Nothing unknown is let through: a field that this server would drop is refused, so a device learns
that it is newer.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StrictInt,
    ValidationInfo,
    field_validator,
)

from bluelamp.web import api
from bluelamp.web.api import Grid, Latitude, Longitude, Moment, Sha256, Strict

Short = Annotated[str, Field(max_length=400)]
Metres = Annotated[FiniteFloat, Field(ge=0, le=1e8)]
OnGlass = Annotated[FiniteFloat, Field(ge=-100_000, le=100_000)]


class Place(Strict):
    address: Short
    postcode: Annotated[str, Field(max_length=40)]
    easting: Grid | None = None
    northing: Grid | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    accuracy_m: Metres | None = None


class Victim(Strict):
    """A person; or a business, where `business_name` is told: then the names, `phone` and `email`
    are those of whoever speaks for it, who is put on record under `contact_id` where they are
    named.
    """

    person_id: UUID
    given_name: Annotated[str, Field(max_length=120)]
    family_name: Annotated[str, Field(max_length=120)]
    born_on: date | None
    phone: Annotated[str, Field(max_length=40)]
    email: Annotated[str, Field(max_length=254)]
    address_same: bool
    business_name: Annotated[str, Field(max_length=200)] = ""
    contact_id: UUID | None = None
    safe_to_contact: bool = True


class CrimeBody(Strict):
    """`number` and `lease_id` are null where the device had no number left: the receipt brings one.
    `victim` is null where nobody is the victim but the State.
    """

    crime_id: UUID
    number: Annotated[str, Field(min_length=1, max_length=20)] | None
    lease_id: UUID | None
    offence_code: Annotated[str, Field(max_length=20)]
    occurred_from: Moment
    occurred_to: Moment | None
    summary: Annotated[str, Field(max_length=20_000)]
    location: Place
    victim: Victim | None
    related_number: Annotated[str, Field(max_length=40)] | None

    @field_validator("lease_id")
    @classmethod
    def _with_its_number(cls, lease_id: UUID | None, info: ValidationInfo) -> UUID | None:
        if "number" in info.data and (info.data["number"] is None) is not (lease_id is None):
            raise ValueError("Send a number with its lease, or neither.")
        return lease_id


class Point(Strict):
    x: OnGlass
    y: OnGlass
    t: Annotated[FiniteFloat, Field(ge=0, le=1e9)]


class Signature(Strict):
    width: Annotated[FiniteFloat, Field(gt=0, le=100_000)]
    height: Annotated[FiniteFloat, Field(gt=0, le=100_000)]
    strokes: Annotated[
        list[Annotated[list[Point], Field(max_length=20_000)]], Field(max_length=1_000)
    ]


class Back(Strict):
    address: Short
    postcode: Annotated[str, Field(max_length=40)]
    phone: Annotated[str, Field(max_length=40)]
    email: Annotated[str, Field(max_length=254)]
    dates_not_available: Annotated[str, Field(max_length=4_000)]
    willing_to_attend: bool
    special_measures_needed: bool
    vps: Literal["offered", "made", "declined"]


class StatementBody(Strict):
    """`age` is stated where the maker is under 18, and only there (Criminal Procedure Rules
    16.2).
    """

    statement_id: UUID
    crime_id: UUID
    person_id: UUID
    maker_name: Annotated[str, Field(max_length=241)]
    over_18: bool
    age: Annotated[int, Field(ge=0, lt=18)] | None
    occupation: Annotated[str, Field(max_length=120)]
    text: Annotated[str, Field(max_length=200_000)]
    declaration: Annotated[str, Field(max_length=4_000)]
    pages: Annotated[int, Field(ge=1, le=10_000)]
    read_over: bool
    signed_at: Moment
    signature: Signature
    taken_at_place: Short
    back: Back

    @field_validator("age")
    @classmethod
    def _only_under_18(cls, age: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("over_18") is (age is not None):
            raise ValueError("State the age where the person is under 18, and only there.")
        return age


class ItemBody(Strict):
    item_id: UUID
    crime_id: UUID
    filename: Annotated[str, Field(max_length=1_000)]
    media_type: Annotated[str, Field(max_length=127)]
    size: Annotated[int, Field(ge=1, le=2**53)]
    sha256: Sha256
    captured_at: Moment
    description: Annotated[str, Field(max_length=4_000)]
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    accuracy_m: Metres | None = None


class _Capture(Strict):
    """What every capture says. `device_at` is the device's own clock."""

    id: UUID
    device_id: UUID
    device_at: Moment
    app: Annotated[str, Field(max_length=100)]


class CrimeCapture(_Capture):
    kind: Literal["crime"]
    body: CrimeBody


class StatementCapture(_Capture):
    kind: Literal["statement"]
    body: StatementBody


class ItemCapture(_Capture):
    kind: Literal["item"]
    body: ItemBody


Capture = Annotated[CrimeCapture | StatementCapture | ItemCapture, Field(discriminator="kind")]


class Wish(BaseModel):
    """What is asked for by POST: no unknown fields, and numbers are numbers."""

    model_config = ConfigDict(extra="forbid")


class LeaseWish(Wish):
    device_id: UUID
    want: Annotated[StrictInt, Field(ge=1, le=50)]
    year: Annotated[StrictInt, Field(ge=0, le=99)] | None = None


class TokenWish(Wish):
    item_id: UUID
    filename: Annotated[str, Field(max_length=1_000)]
    size: Annotated[StrictInt, Field(ge=1, le=2**53)]
    sha256: Sha256


class Me(BaseModel):
    id: UUID
    name: str
    collar: str
    rank: str
    force: str
    force_name: str
    unit: str
    initials: str
    server_time: datetime


class Lease(BaseModel):
    """A block of numbers a device holds; `numbers` are those it has not used."""

    lease_id: UUID
    force: str
    year: int
    first: int
    last: int
    numbers: list[str]


class Leases(BaseModel):
    leases: list[Lease]


class Offence(BaseModel):
    """`code` is what a capture names, with the class after a stroke. `short` is enough to tell it
    from the others: the class where one law has several, else the law's title.
    """

    code: str
    title: str
    hocr_class: str
    ho_code: str
    short: str
    group: str


class Offences(BaseModel):
    edition: str
    offences: list[Offence]


class FoundPlace(BaseModel):
    postcode: str
    easting: int | None
    northing: int | None
    latitude: float | None
    longitude: float | None
    borough: str


class FoundPlaces(BaseModel):
    places: list[FoundPlace]


class CrimeLine(BaseModel):
    """`victim_person_id` is whom a statement of the victim names, so that nobody is put on record
    twice; null where the victim is a business or the State.
    """

    id: UUID
    number: str
    offence: str
    place: str
    recorded_at: datetime
    victim_name: str
    victim_person_id: UUID | None


class CrimeLines(BaseModel):
    crimes: list[CrimeLine]


class Receipt(BaseModel):
    """The capture that is here: the hash of its bytes, and since when; and of a crime its
    number.
    """

    id: UUID
    sha256: str
    received_at: datetime
    kind: Literal["crime", "statement", "item"]
    number: str | None


class Token(BaseModel):
    token: str
    endpoint: str


class ItemReceipt(BaseModel):
    """The item that is here: the hash and size of its original, and since when."""

    id: UUID
    sha256: str
    size: int
    received_at: datetime


class ProblemBody(api.ProblemBody):
    """RFC 9457. `errors` names each field that has to be mended, as a path like `victim.phone`."""
