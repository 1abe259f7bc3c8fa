"""The visits that a phone keeps, and the photo that an enquiry officer takes at one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bluelamp.web.officer.schemas import BaseCaptureSchema, FileSchema


class VisitRowSchema(BaseModel):
    """A visit that is planned for the officer. `reference` is that of the application."""

    reference: str
    planned_at: datetime
    applicant: str
    address: str
    phone: str


class VisitListSchema(BaseModel):
    visits: list[VisitRowSchema]


class VisitPhotoBodySchema(FileSchema):
    """A photo of a visit. `description` is what it shows and what the officer found."""

    photo_id: UUID
    reference: Annotated[str, Field(min_length=1, max_length=40)]


class VisitPhotoCaptureSchema(BaseCaptureSchema):
    kind: Literal["visit-photo"]
    body: VisitPhotoBodySchema
