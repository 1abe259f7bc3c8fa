"""What is asked of an officer: the list that a phone keeps."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bluelamp.web.api import Moment, StrictSchema
from bluelamp.web.officer.schemas import BaseCaptureSchema


class WaySchema(BaseModel):
    value: str
    label: str


class TaskSchema(BaseModel):
    """Something that an officer is asked to do.

    A contact with a victim is due by the Victims' Code: `trigger` is what for, `text` says it, and
    `ways` are how it is safe to contact them. When it is made, a capture of the kind `contact`
    says so. With `asked_by` "" nobody but the Code asks.

    A question is about the crime `crime_id`; its answer is a capture of the kind `answer`.
    Of a record that was returned, `reference` is the record's, and `values` are its answers to
    `question_set` at `version`: its correction is an encounter that `corrects` the reference.
    `text` is what is asked, in the words of whoever asks, and `due_on` by when; null for no day.
    """

    id: UUID
    kind: Literal["record-returned", "question", "victim-contact"]
    text: str
    asked_by: str
    asked_at: datetime
    due_on: date | None
    crime_id: UUID | None = None
    crime_number: str = ""
    offence: str = ""
    person_id: UUID | None = None
    victim: str = ""
    phone: str = ""
    trigger: str = ""
    ways: list[WaySchema] = []
    safety: str = ""
    enhanced: str = ""
    reference: str = ""
    question_set: str = ""
    version: int = 0
    values: dict[str, Any] = {}


class AnswerBodySchema(StrictSchema):
    """What came of a question or an action. `action_id` is the task's id."""

    answer_id: UUID
    action_id: UUID
    text: Annotated[str, Field(max_length=20_000)]


class AnswerCaptureSchema(BaseCaptureSchema):
    kind: Literal["answer"]
    body: AnswerBodySchema


class ContactBodySchema(StrictSchema):
    """A contact with a victim, as the task asked for it."""

    contact_id: UUID
    crime_id: UUID
    person_id: UUID
    trigger: Annotated[str, Field(max_length=30)]
    way: Annotated[str, Field(max_length=12)]
    made_at: Moment
    note: Annotated[str, Field(max_length=4_000)] = ""


class ContactCaptureSchema(BaseCaptureSchema):
    kind: Literal["contact"]
    body: ContactBodySchema


class TaskListSchema(BaseModel):
    tasks: list[TaskSchema]
