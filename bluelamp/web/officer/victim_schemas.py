"""The victim of a crime in the captures that devices send."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bluelamp.web.api import StrictSchema


class KnownVictimSchema(StrictSchema):
    """What the device had filled in of a victim on record, before anybody changed it."""

    born_on: date | None
    phone: Annotated[str, Field(max_length=40)]
    email: Annotated[str, Field(max_length=254)]


class VictimSchema(StrictSchema):
    """A person, or a business where `business_name` is given.

    For a business, the names, `phone` and `email` are those of the person who speaks for it. If
    that person is named, they are put on record under `contact_id`. Nothing is sent to anybody
    unless `safe_to_contact` is true: null is that nobody asked them.

    `known` is what the device had filled in of somebody on record under `person_id`: what differs
    from it was changed by the officer, and corrects that record.
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
    safe_to_contact: bool | None = None
    safe_contact: Literal["", "time", "other", "never"] = ""
    safe_contact_detail: Annotated[str, Field(max_length=400)] = ""
    known: KnownVictimSchema | None = None
