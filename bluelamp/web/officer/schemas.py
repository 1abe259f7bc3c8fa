"""The captures that devices send, and the answers.

A field that this server does not know is refused, not dropped, so that a newer device learns that
the server is older.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    Field,
    FiniteFloat,
    StrictInt,
    ValidationInfo,
    field_validator,
)

from bluelamp.web import api
from bluelamp.web.api import Grid, Latitude, Longitude, Moment, Sha256, StrictSchema
from bluelamp.web.officer.request_schema import RequestSchema
from bluelamp.web.officer.victim_schemas import VictimSchema

ShortText = Annotated[str, Field(max_length=400)]
Metres = Annotated[FiniteFloat, Field(ge=0, le=1e8)]
VictimKindName = Literal["person", "business", "state", "not-known"]
ScreenPixels = Annotated[FiniteFloat, Field(ge=-100_000, le=100_000)]


class PlaceSchema(StrictSchema):
    address: ShortText
    postcode: Annotated[str, Field(max_length=40)]
    easting: Grid | None = None
    northing: Grid | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    accuracy_m: Metres | None = None


class AnswersSchema(StrictSchema):
    """Answers to a question set of `/question-sets`, at the version that they were given on.

    `values` has the value of each answer by its question's id; of a section that repeats, by the
    section's id, a list with the values of each row.
    """

    question_set: Annotated[str, Field(max_length=60)]
    version: Annotated[StrictInt, Field(ge=1, le=1_000_000)]
    values: Annotated[dict[str, Any], Field(max_length=2_000)]


class CrimeBodySchema(StrictSchema):
    """A crime as it was recorded at the scene.

    `number` and `lease_id` are null if the device had no number left; then the receipt gives one.
    `victim` is null if the only victim is the State. `answers` has only what has no field here:
    the answers to those questions of the set `scene` that have no `api`.
    """

    crime_id: UUID
    number: Annotated[str, Field(min_length=1, max_length=20)] | None
    lease_id: UUID | None
    offence_code: Annotated[str, Field(max_length=20)]
    occurred_from: Moment
    occurred_to: Moment | None
    summary: Annotated[str, Field(max_length=20_000)]
    location: PlaceSchema
    victim: VictimSchema | None
    related_number: Annotated[str, Field(max_length=40)] | None
    answers: AnswersSchema | None = None

    @field_validator("lease_id")
    @classmethod
    def _check_number_has_lease(cls, lease_id: UUID | None, info: ValidationInfo) -> UUID | None:
        if "number" in info.data and (info.data["number"] is None) is not (lease_id is None):
            raise ValueError("Send a number with its lease, or neither")
        return lease_id


class PointSchema(StrictSchema):
    x: ScreenPixels
    y: ScreenPixels
    t: Annotated[FiniteFloat, Field(ge=0, le=1e9)]


class SignatureSchema(StrictSchema):
    width: Annotated[FiniteFloat, Field(gt=0, le=100_000)]
    height: Annotated[FiniteFloat, Field(gt=0, le=100_000)]
    strokes: Annotated[
        list[Annotated[list[PointSchema], Field(max_length=20_000)]], Field(max_length=1_000)
    ]


class StatementBackSchema(StrictSchema):
    address: ShortText
    postcode: Annotated[str, Field(max_length=40)]
    phone: Annotated[str, Field(max_length=40)]
    email: Annotated[str, Field(max_length=254)]
    dates_not_available: Annotated[str, Field(max_length=4_000)]
    willing_to_attend: bool
    special_measures_needed: bool
    vps: Literal["offered", "made", "declined"]
    ensure_attendance: Annotated[str, Field(max_length=300)] = ""
    particular_needs: Annotated[str, Field(max_length=300)] = ""
    guardian_name: Annotated[str, Field(max_length=241)] = ""
    guardian_contact: Annotated[str, Field(max_length=254)] = ""
    vps_leaflet_given: bool | None = None
    consent_medical_records: bool | None = None
    consent_defence: bool | None = None
    consent_civil_proceedings: bool | None = None
    consent_support: bool | None = None


class StatementBodySchema(StrictSchema):
    """A witness statement.

    `age` is given if, and only if, the maker is under 18 (Criminal Procedure Rules 16.2).
    `maker_confirmed` says that the officer confirmed that the maker is the person on record whose
    name is not quite the same. `officer_signature` is that of the officer who saw the maker sign.
    With `copy_means` the maker is sent a copy in `copy_language`, to the mobile number or email
    address on the back: they want it, and said that it is safe to send it there.
    """

    statement_id: UUID
    crime_id: UUID
    person_id: UUID
    maker_name: Annotated[str, Field(max_length=241)]
    maker_confirmed: bool = False
    over_18: bool
    age: Annotated[int, Field(ge=0, lt=18)] | None
    occupation: Annotated[str, Field(max_length=120)]
    text: Annotated[str, Field(max_length=200_000)]
    declaration: Annotated[str, Field(max_length=4_000)]
    pages: Annotated[int, Field(ge=1, le=10_000)]
    read_over: bool
    signed_at: Moment
    signature: SignatureSchema
    officer_signature: SignatureSchema | None = None
    statement_kind: Literal[
        "statement", "victim-personal-statement", "impact-statement-for-business"
    ] = "statement"
    original_language: Annotated[str, Field(max_length=60)] = ""
    original_text: Annotated[str, Field(max_length=200_000)] = ""
    interpreter_name: Annotated[str, Field(max_length=241)] = ""
    taken_at_place: ShortText
    back: StatementBackSchema
    copy_means: Literal["", "sms", "email"] = ""
    copy_language: Literal["en", "cy"] = "en"

    @field_validator("age")
    @classmethod
    def _check_age_only_under_18(cls, age: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("over_18") is (age is not None):
            raise ValueError("Give the age if the person is under 18, and only then")
        return age


class FileSchema(StrictSchema):
    """A file that a phone announces before it sends the bytes. `gps_at` is when it knew its place,
    by the satellites, and `gps_device_at` the same moment by its own clock.
    """

    filename: Annotated[str, Field(max_length=1_000)]
    media_type: Annotated[str, Field(max_length=127)]
    # Beyond 2^53, JavaScript no longer counts exactly.
    size: Annotated[int, Field(ge=1, le=2**53)]
    sha256: Sha256
    captured_at: Moment
    description: Annotated[str, Field(max_length=4_000)]
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    accuracy_m: Metres | None = None
    gps_at: Moment | None = None
    gps_device_at: Moment | None = None
    shot: Literal["", "overview", "close-up", "scale"] = ""


class ItemBodySchema(FileSchema):
    """An item of a crime. `exhibit_reference` is one that the phone had on lease, or ""."""

    item_id: UUID
    crime_id: UUID
    exhibit_reference: Annotated[str, Field(max_length=22)] = ""
    seal_number: Annotated[str, Field(max_length=40)] = ""


class CorrectedPersonSchema(StrictSchema):
    """What the record should say of somebody in the crime, all of it."""

    person_id: UUID
    given_name: Annotated[str, Field(max_length=120)]
    family_name: Annotated[str, Field(max_length=120)]
    business_name: Annotated[str, Field(max_length=200)] = ""
    born_on: date | None = None
    phone: Annotated[str, Field(max_length=40)]
    email: Annotated[str, Field(max_length=254)]


class AdditionBodySchema(StrictSchema):
    """What an officer adds to a crime later, or corrects.

    `answers` has suspects, vehicles, property and witnesses: sections of the set `scene` that
    repeat. `summary` and `person` are what the record should say; null is that it is right.
    `hand_over_to` is the collar number or name of the colleague who takes the crime over, and ""
    where nobody does: `note` is then the reason.
    """

    addition_id: UUID
    crime_id: UUID
    note: Annotated[str, Field(max_length=20_000)] = ""
    answers: AnswersSchema | None = None
    summary: Annotated[str, Field(max_length=20_000)] | None = None
    person: CorrectedPersonSchema | None = None
    hand_over_to: Annotated[str, Field(max_length=200)] = ""


class AssessmentBodySchema(StrictSchema):
    """An assessment of the risk to a victim: the answers to the set `domestic-abuse-topics`.

    `encounter_id` is another new id, which the assessment gets. `grade` is standard, medium or
    high, in the officer's own judgement.
    """

    assessment_id: UUID
    encounter_id: UUID
    crime_id: UUID
    person_id: UUID
    answers: AnswersSchema
    grade: Annotated[str, Field(max_length=20)]
    grade_reason: Annotated[str, Field(max_length=4_000)]


class EncounterBodySchema(StrictSchema):
    """An encounter at the scene: the answers to the set of its kind, such as `stop-search`.

    `copy_secret` ends the link at which whoever was searched can read the record. `receipt_to` is
    the mobile number or e-mail address that they gave for a message with this link, in
    `receipt_language`, and for nothing else. Of a record that is corrected, `corrects` is the
    reference, and `correction_reason` why.
    """

    encounter_id: UUID
    answers: AnswersSchema
    copy_secret: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    corrects: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    correction_reason: Annotated[str, Field(max_length=4_000)] = ""
    receipt_to: Annotated[str, Field(max_length=250)] = ""
    receipt_language: Literal["en", "cy", ""] = ""


class BaseCaptureSchema(StrictSchema):
    """What every capture has.

    `device_at` is when it was sealed by the device's own clock, `made_at` the same moment as the
    app corrects it with our time.
    """

    id: UUID
    device_id: UUID
    device_at: Moment
    made_at: Moment | None = None
    app: Annotated[str, Field(max_length=100)]


class CrimeCaptureSchema(BaseCaptureSchema):
    kind: Literal["crime"]
    body: CrimeBodySchema


class StatementCaptureSchema(BaseCaptureSchema):
    kind: Literal["statement"]
    body: StatementBodySchema


class ItemCaptureSchema(BaseCaptureSchema):
    kind: Literal["item"]
    body: ItemBodySchema


class AdditionCaptureSchema(BaseCaptureSchema):
    kind: Literal["addition"]
    body: AdditionBodySchema


class AssessmentCaptureSchema(BaseCaptureSchema):
    kind: Literal["assessment"]
    body: AssessmentBodySchema


class EncounterCaptureSchema(BaseCaptureSchema):
    kind: Literal["encounter"]
    body: EncounterBodySchema


CaptureSchema = Annotated[
    CrimeCaptureSchema
    | AdditionCaptureSchema
    | AssessmentCaptureSchema
    | EncounterCaptureSchema
    | StatementCaptureSchema
    | ItemCaptureSchema,
    Field(discriminator="kind"),
]


class TokenRequestSchema(RequestSchema):
    item_id: UUID
    filename: Annotated[str, Field(max_length=1_000)]
    size: Annotated[StrictInt, Field(ge=1, le=2**53)]
    sha256: Sha256


class ReceiptSchema(BaseModel):
    """A capture that we have: the hash of its bytes, and when it arrived.

    `number` is a crime's number, or the reference of an encounter.

    `clock_notice` says by how much the phone's clock is fast; else it is "".
    """

    id: UUID
    sha256: str
    received_at: datetime
    kind: Literal[
        "crime",
        "addition",
        "assessment",
        "encounter",
        "statement",
        "item",
        "visit-photo",
        "answer",
        "contact",
    ]
    number: str | None
    clock_notice: str


class TokenSchema(BaseModel):
    token: str
    endpoint: str


class ItemReceiptSchema(BaseModel):
    """An item that we have: the hash and size of its original, and when it arrived."""

    id: UUID
    sha256: str
    size: int
    received_at: datetime


class ProblemBodySchema(api.ProblemBodySchema):
    """RFC 9457. `errors` names each field that has a problem, by a path like `victim.phone`."""
