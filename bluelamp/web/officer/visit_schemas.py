"""The visits that a phone keeps, and the photo that an enquiry officer takes at one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bluelamp.web.api import Latitude, Longitude, Moment, Sha256, StrictSchema
from bluelamp.web.officer.schemas import Metres


class VisitRowSchema(BaseModel):
    """A visit that is planned for the officer. `reference` is that of the application."""

    reference: str
    planned_at: datetime
    applicant: str
    address: str
    phone: str


class VisitListSchema(BaseModel):
    visits: list[VisitRowSchema]


class VisitPhotoBodySchema(StrictSchema):
    """A photo of a visit. `description` is what it shows and what the officer found."""

    photo_id: UUID
    reference: Annotated[str, Field(min_length=1, max_length=40)]
    filename: Annotated[str, Field(max_length=1_000)]
    media_type: Annotated[str, Field(max_length=127)]
    size: Annotated[int, Field(ge=1, le=2**53)]
    sha256: Sha256
    captured_at: Moment
    description: Annotated[str, Field(max_length=4_000)]
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    accuracy_m: Metres | None = None


class VisitPhotoCaptureSchema(StrictSchema):
    """As every capture: when it was sealed by the phone's own clock, and by the corrected one."""

    id: UUID
    device_id: UUID
    device_at: Moment
    made_at: Moment | None = None
    app: Annotated[str, Field(max_length=100)]
    kind: Literal["visit-photo"]
    body: VisitPhotoBodySchema
