"""What is asked of an officer: the list that a phone keeps."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel


class TaskSchema(BaseModel):
    """Something that an officer is asked to do.

    Of a record that was returned, `reference` is the record's, and `values` are its answers to
    `question_set` at `version`: its correction is an encounter that `corrects` the reference.
    `text` is what is asked, in the words of whoever asks, and `due_on` by when; null for no day.
    """

    id: UUID
    kind: Literal["record-returned"]
    text: str
    asked_by: str
    asked_at: datetime
    due_on: date | None
    reference: str = ""
    question_set: str = ""
    version: int = 0
    values: dict[str, Any] = {}


class TaskListSchema(BaseModel):
    tasks: list[TaskSchema]
