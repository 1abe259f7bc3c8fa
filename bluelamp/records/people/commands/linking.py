"""Get or create vehicles and property, and give people, objects and locations roles by links."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.people.commands.locations import MAX_DESCRIPTION
from bluelamp.records.people.models import Link, Location, Object, Person
from bluelamp.records.people.rules import (
    ObjectKind,
)
from bluelamp.records.reference.rules import (
    check_vrm,
    parse_vrm,
)

_MAX_IDENTIFIER = 80


def get_or_create_vehicle(*, actor: Actor, vrm: str, description: str = "") -> Object:
    """Return the one row of a vehicle, created if it is new.

    Raises:
        Refused: It is not a registration number, or the description is too long.
    """
    require_command()
    registration = parse_vrm(vrm)
    if registration is None:
        problem = check_vrm(vrm)
        raise Refused(errors=[problem] if problem else None)
    vehicles = Object.objects.filter(force=actor.force, vrm=registration)
    if vehicle := vehicles.first():
        if description and not vehicle.description and actor.kind == "person":
            # Staff fill in what nobody had said of it. What is on record stays.
            vehicle.description = description[:MAX_DESCRIPTION]
            vehicle.save(update_fields=["description"])
        return vehicle
    description = clean_text(
        description,
        max_length=MAX_DESCRIPTION,
        field="vehicle",
        label="people.vehicle_description_label",
    )
    vehicle = Object(
        force=actor.force, kind=ObjectKind.VEHICLE, vrm=registration, description=description
    )
    # Somebody else may create it at this moment; then theirs is read back.
    Object.objects.bulk_create([vehicle], ignore_conflicts=True)
    return vehicles.get()


def get_or_create_object(
    *, actor: Actor, kind: str, description: str, identifier: str = ""
) -> Object:
    """Return a thing, created unless there is one of its kind with the same maker's number.

    Args:
        actor: Who describes it.
        kind: An ObjectKind.
        description: What it is.
        identifier: Its serial number, IMEI or frame number in its one form; "" if nobody knows it.

    Raises:
        Refused: The description or the number is too long.
    """
    require_command()
    description = clean_text(
        description,
        max_length=MAX_DESCRIPTION,
        field="description",
        label="people.object_description_label",
    )
    identifier = clean_text(
        identifier,
        max_length=_MAX_IDENTIFIER,
        field="identifier",
        label="people.object_identifier_label",
    )
    if identifier:
        things = Object.objects.filter(force=actor.force, kind=kind, identifier=identifier)
        # The first of several: two officers may have recorded the same phone at the same moment.
        if thing := things.order_by("id").first():
            return thing
    return Object.objects.create(
        force=actor.force, kind=kind, description=description, identifier=identifier
    )


def add_link(
    *,
    actor: Actor,
    at: datetime,
    subject_kind: str,
    subject_id: UUID,
    role: str,
    person: Person | None = None,
    object: Object | None = None,
    location: Location | None = None,
    is_opinion: bool = False,
) -> None:
    """Give a person, an object or a location a role in a report or a crime.

    Done twice it is still one link.
    """
    require_command()
    link = Link(
        force=actor.force,
        subject_kind=subject_kind,
        subject_id=subject_id,
        role=role,
        person=person,
        object=object,
        location=location,
        is_opinion=is_opinion,
        linked_at=at,
        linked_by_id=actor.id,
    )
    # An INSERT that fails would abort the whole transaction; this one does nothing.
    Link.objects.bulk_create([link], ignore_conflicts=True)
