"""The lists that a phone fetches."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import (
    BaseModel,
)

from bluelamp.web.officer.schemas import VictimKindName


class OffenceSchema(BaseModel):
    """An offence.

    `code` is what a capture sends: the code, and the class after a slash. `short` tells it from the
    others: the class if one law has several, else the law's title. `words` are words and phrases
    that people say for it.
    """

    code: str
    title: str
    hocr_class: str
    ho_code: str
    short: str
    group: str
    words: list[str] = []


class OffenceListSchema(BaseModel):
    edition: str
    offences: list[OffenceSchema]


class StreetListSchema(BaseModel):
    """The streets that the force polices, to be found without signal.

    A line of `streets` is a name, then a tab and the places in `outwards` of the first halves of
    the postcodes where there is such a street, with spaces between: each half is written once.
    """

    edition: str
    outwards: list[str]
    streets: list[str]


class QuestionSetListSchema(BaseModel):
    """The question sets in force that the app shows. `edition` changes when one of them does.

    A set is as `contracts/question-set.schema.json` has its file, without what only we use.
    """

    edition: str
    sets: list[dict[str, Any]]


class PlaceRowSchema(BaseModel):
    postcode: str
    easting: int | None
    northing: int | None
    latitude: float | None
    longitude: float | None
    borough: str


class PlaceListSchema(BaseModel):
    places: list[PlaceRowSchema]


class AnswerTextSchema(BaseModel):
    """An answer as people read it: what the question is called, and the lines of the answer."""

    label: str
    lines: list[str]


class CrimeRowSchema(BaseModel):
    """A crime in a list.

    `victim_person_id` goes into a statement by the victim, so that nobody is put on record twice.
    It is null if the victim is a business or the State. `report_answers` are those of the report it
    was recorded from that have no field of their own. `number_keys` are plates, serial and
    telephone numbers that it is found by.
    """

    id: UUID
    number: str
    offence: str
    place: str
    recorded_at: datetime
    victim_name: str
    victim_person_id: UUID | None
    victim_kind: VictimKindName | None = None
    report_answers: list[AnswerTextSchema] = []
    number_keys: list[str] = []


class CrimeListSchema(BaseModel):
    crimes: list[CrimeRowSchema]
