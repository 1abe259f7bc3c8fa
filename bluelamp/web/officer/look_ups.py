"""What an officer's phone shows of a look-up: the warnings of each person and thing first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from bluelamp.casework.crimes.lookups.looking_up import (
    CrimeInRole,
    Found,
    PersonFound,
    ThingFound,
)
from bluelamp.records.people.rules import LinkRole
from bluelamp.web.labels.people import LINK_ROLES

MAX_LENGTH = 200
_THING_WARNINGS = {
    LinkRole.STOLEN: "Stolen: crime {number}",
    LinkRole.USED: "Used in crime {number}",
    LinkRole.DAMAGED: "Damaged: crime {number}",
}


class LookUpRequestSchema(BaseModel):
    """What to look up, and why: `reason` is incident, stop, investigation or welfare."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=MAX_LENGTH)]
    reason: Annotated[str, Field(max_length=40)]


class LookUpCrimeSchema(BaseModel):
    """A crime. `role` is what somebody or something is to it; "" where it was found itself."""

    id: UUID
    number: str
    offence: str
    place: str
    role: str
    recorded_at: datetime


class LookUpPersonSchema(BaseModel):
    id: UUID
    name: str
    born_on: date | None
    place: str
    phone: str
    warnings: list[str]
    crimes: list[LookUpCrimeSchema]


class LookUpThingSchema(BaseModel):
    id: UUID
    kind: str
    name: str
    description: str
    warnings: list[str]
    crimes: list[LookUpCrimeSchema]


class LookUpSchema(BaseModel):
    """What was found. The totals count also what is not shown."""

    people: list[LookUpPersonSchema]
    people_total: int
    things: list[LookUpThingSchema]
    crimes: list[LookUpCrimeSchema]
    crimes_total: int


def to_look_up_schema(found: Found) -> LookUpSchema:
    """Return what the phone shows of a look-up."""
    return LookUpSchema(
        people=[
            LookUpPersonSchema(
                id=person.id,
                name=person.name,
                born_on=person.born_on,
                place=person.place,
                phone=person.phone,
                warnings=_person_warnings(person),
                crimes=_to_crime_schemas(person.crimes),
            )
            for person in found.people
        ],
        people_total=found.people_total,
        things=[
            LookUpThingSchema(
                id=thing.id,
                kind=thing.kind,
                name=thing.vrm or thing.identifier,
                description=thing.description,
                warnings=_thing_warnings(thing),
                crimes=_to_crime_schemas(thing.crimes),
            )
            for thing in found.things
        ],
        crimes=[
            LookUpCrimeSchema(
                id=row.id,
                number=row.number,
                offence=row.offence_title,
                place=row.place,
                role="",
                recorded_at=row.recorded_at,
            )
            for row in found.crimes
        ],
        crimes_total=found.crimes_total,
    )


def _person_warnings(person: PersonFound) -> list[str]:
    warnings = []
    # The crimes of suspects come first, the newest first.
    if suspected := [crime for crime in person.crimes if crime.role == LinkRole.SUSPECT]:
        count = "1 crime" if len(suspected) == 1 else f"{len(suspected)} crimes"
        warnings.append(f"Suspect in {count}, the last {suspected[0].number}")
    if person.is_unsafe:
        warnings.append("Not safe to call, text or write to them")
    return warnings


def _thing_warnings(thing: ThingFound) -> list[str]:
    return [
        _THING_WARNINGS[LinkRole(crime.role)].format(number=crime.number)
        for crime in thing.crimes
        if crime.role in _THING_WARNINGS
    ]


def _to_crime_schemas(crimes: Sequence[CrimeInRole]) -> list[LookUpCrimeSchema]:
    return [
        LookUpCrimeSchema(
            id=crime.id,
            number=crime.number,
            offence=crime.offence_title,
            place="",
            role=str(LINK_ROLES[LinkRole(crime.role)]),
            recorded_at=crime.recorded_at,
        )
        for crime in crimes
    ]
