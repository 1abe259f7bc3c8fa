"""Keeping people, objects and places: functions for use inside a stage's command, which settles who
may and records it.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from math import isfinite
from uuid import UUID

from django.db import transaction

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.rows import find, insert, insert_if_new
from bluelamp.records.people.models import Link, Location, Object, Person, PersonChange
from bluelamp.records.people.queries import find_person
from bluelamp.records.people.rules import (
    Gender,
    ObjectKind,
    PersonDetails,
    PlaceDetails,
    birth_error,
    email_error,
    email_key,
    fits,
    name_keys,
    one_line,
    phone_error,
    phone_key,
    place_key,
    postcode_or_text,
    storable,
)
from bluelamp.records.people.rules import (
    vrm as written_vrm,
)
from bluelamp.records.reference.queries import find_postcode
from bluelamp.records.reference.rules import compact, to_grid, to_position


def keep_place(*, actor: Actor, details: PlaceDetails) -> Location | None:
    """Return the one row of a place, made if it is new; None where no place was told.

    A new place with a postcode or a phone's position is given its grid reference. Raises Refused.
    """
    _inside_a_command()
    address = fits(details.address, limit=400, field="address", what="The address")
    storable(details.postcode, field="postcode")
    postcode = postcode_or_text(details.postcode)
    easting, northing, latitude, longitude = _position(details)
    key = place_key(address=address, postcode=postcode, easting=easting, northing=northing)
    if not key:
        return None
    if place := find(Location, force=actor.force, place_key=key):
        return place
    found = find_postcode(postcode) if easting is None else None
    if found and compact(found.postcode) == compact(postcode):
        easting, northing = found.easting, found.northing
        latitude, longitude = found.latitude, found.longitude
    fresh = Location(
        force=actor.force,
        address=address,
        postcode=postcode,
        easting=easting,
        northing=northing,
        latitude=latitude,
        longitude=longitude,
        accuracy_m=details.accuracy_m,
        place_key=key,
    )
    # Waits for whoever makes the same place at this moment and leaves theirs: the row read back is
    # the one row.
    return fresh if insert_if_new(fresh) else Location.objects.get(force=actor.force, place_key=key)


def keep_places(*, actor: Actor, places: Iterable[PlaceDetails | None]) -> None:
    """Keep several places, always in the same order: two transactions making the same two never
    wait for each other.
    """
    told = [place for place in places if place]
    for place in sorted(
        told, key=lambda each: place_key(address=each.address, postcode=each.postcode)
    ):
        keep_place(actor=actor, details=place)


def keep_person(
    *, actor: Actor, at: datetime, details: PersonDetails, person_id: UUID | None = None
) -> Person:
    """Return the person meant, made if new: see `person_meant`."""
    person = person_meant(actor=actor, at=at, details=details, person_id=person_id)
    if person.is_new and not insert_if_new(
        person
    ):  # two captures of one victim, and the other came first
        return person_meant(actor=actor, at=at, details=details, person_id=person_id)
    return person


def person_meant(
    *, actor: Actor, at: datetime, details: PersonDetails, person_id: UUID | None = None
) -> Person:
    """Return the person meant; one who is new is left for the caller to insert, with other rows or
    alone.

    With an id made on a device, the person is kept under that id. Somebody on record whom the
    details can only mean is not made twice. Police fill what was not known of them; what the public
    tells about somebody already on record changes nothing there, and does not join them to an
    address or a telephone that they did not give themselves: their messages would go to whoever
    told us that one. Raises Refused, and Conflict where the id belongs to another force's person.
    """
    _inside_a_command()
    _check(details, at)
    if person_id is not None and (known := Person.objects.filter(id=person_id).first()):
        if known.force != actor.force:
            raise Conflict()
        return known
    address = keep_place(actor=actor, details=details.address) if details.address else None
    person = None if person_id else find_person(force=actor.force, details=details, address=address)
    if person and person.address_id and address and person.address_id != address.id:
        person = None
    if person and actor.kind == "public" and not _is_reached_as_told(person, details):
        person = None
    if person is None:
        return Person(
            id=person_id or new_id(),
            force=actor.force,
            address=address,
            known_since=at,
            **_columns(details),
        )
    if actor.kind == "person":
        _fill(person, details, address)
    return person


def correct(
    *, actor: Actor, at: datetime, person: Person, details: PersonDetails, why: str
) -> dict[str, str]:
    """Put a person's record right, and keep what it said before; return that by field, {} where
    nothing changes.

    What `details` leaves empty is not known. For use inside a command that holds the row. Raises
    Refused.
    """
    _inside_a_command()
    _check(details, at)
    if details.email.strip() and (wrong := email_error(details.email.strip())):
        raise Refused(wrong, field="email")
    if details.phone.strip() and (wrong := phone_error(details.phone.strip())):
        raise Refused(wrong, field="phone")
    said = fits(why, limit=400, field="why", what="The reason")
    told = _columns(details) | {"address": _corrected_place(actor, person.address, details.address)}
    before = {
        name: _as_said(getattr(person, name))
        for name in told
        if getattr(person, name) != told[name]
    }
    shown = {name: value for name, value in before.items() if not name.endswith(("_key", "_keys"))}
    if not shown:
        return {}
    if not said:
        raise Refused("Say what shows that this is right.", field="why")
    for name in before:
        setattr(person, name, told[name])
    person.save(update_fields=list(before))
    insert(
        PersonChange(
            person=person, before=shown, why=said, at=at, by=actor.id, by_name=actor.name[:200]
        )
    )
    return shown


def _corrected_place(
    actor: Actor, known: Location | None, told: PlaceDetails | None
) -> Location | None:
    """Return the place that is meant: the known one where its words are the same, with its
    position.
    """
    words = (told.address.strip(), postcode_or_text(told.postcode)) if told else ("", "")
    if known and words == (known.address, known.postcode):
        return known
    return keep_place(actor=actor, details=told) if told else None


def _as_said(value: object) -> str:
    if isinstance(value, Location):
        return value.in_one_line
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def keep_vehicle(*, actor: Actor, vrm: str, description: str = "") -> Object:
    """Return the one row of a vehicle, made if new. Raises Refused."""
    _inside_a_command()
    plate = written_vrm(vrm)
    known = Object.objects.filter(force=actor.force, vrm=plate)
    if (vehicle := known.first()) is None:
        said = fits(description, limit=400, field="vehicle", what="The description")
        fresh = Object(force=actor.force, kind=ObjectKind.VEHICLE, vrm=plate, description=said)
        Object.objects.bulk_create([fresh], ignore_conflicts=True)
        vehicle = known.get()
    return vehicle


def link(
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
    """Say what a person, an object or a place is to a report or a crime. Said twice, it is one
    link.
    """
    _inside_a_command()
    fresh = Link(
        force=actor.force,
        subject_kind=subject_kind,
        subject_id=subject_id,
        role=role,
        person=person,
        object=object,
        location=location,
        is_opinion=is_opinion,
        linked_at=at,
        linked_by=actor.id,
    )
    Link.objects.bulk_create([fresh], ignore_conflicts=True)


_LIMITS = {
    "given_name": (120, "The given name"),
    "family_name": (120, "The family name"),
    "business_name": (200, "The business name"),
    "phone": (40, "The phone number"),
    "email": (254, "The email address"),
    "language": (60, "The language"),
    "occupation": (120, "The occupation"),
}


def _check(details: PersonDetails, at: datetime) -> None:
    for name, (limit, what) in _LIMITS.items():
        fits(getattr(details, name), limit=limit, field=name, what=what)
    if details.gender not in set(Gender):
        raise Refused("Choose a gender from the list.", field="gender")
    if details.born_on and (wrong := birth_error(details.born_on, today=at.date())):
        raise Refused(wrong, field="born_on")
    if not (
        one_line(details.given_name)
        or one_line(details.family_name)
        or one_line(details.business_name)
    ):
        raise Refused("Enter a name.", field="family_name")


def _columns(details: PersonDetails) -> dict[str, object]:
    told = {
        each.name: getattr(details, each.name) for each in fields(details) if each.name != "address"
    }
    columns = {
        name: one_line(value) if isinstance(value, str) else value for name, value in told.items()
    }
    return columns | {
        "email_key": email_key(details.email),
        "phone_key": phone_key(details.phone),
        "name_keys": name_keys(details.given_name, details.family_name, details.business_name),
    }


def _is_reached_as_told(person: Person, details: PersonDetails) -> bool:
    return person.email_key in ("", email_key(details.email)) and person.phone_key in (
        "",
        phone_key(details.phone),
    )


def _fill(person: Person, details: PersonDetails, address: Location | None) -> None:
    empty = ("", None, Gender.NOT_KNOWN)
    told = {**_columns(details), "address": address}
    fresh = {
        name: value
        for name, value in told.items()
        if value not in empty and getattr(person, name) in empty
    }
    if fresh:
        for name, value in fresh.items():
            setattr(person, name, value)
        person.save(update_fields=list(fresh))


def _position(details: PlaceDetails) -> tuple[int | None, int | None, float | None, float | None]:
    """Return both kinds of position from whichever was told. Raises Refused for what is not a
    position.
    """
    latitude, longitude = details.latitude, details.longitude
    east, north = details.easting, details.northing
    if latitude is None or longitude is None:
        latitude = longitude = None
    elif not (
        isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    ):
        raise Refused("The position is not a latitude and a longitude.", field="latitude")
    elif east is None and 49 <= latitude <= 61 and -9 <= longitude <= 3:
        grid = to_grid(latitude, longitude)
        east, north = round(grid.easting), round(grid.northing)
    if east is None or north is None:
        return None, None, latitude, longitude
    if not (0 <= east <= 700_000 and 0 <= north <= 1_300_000):
        raise Refused("The position is not on the National Grid.", field="easting")
    if latitude is None:
        position = to_position(east, north)
        latitude, longitude = round(position.latitude, 6), round(position.longitude, 6)
    return east, north, latitude, longitude


def _inside_a_command() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            "This belongs inside a command, which permits it and puts it on the record."
        )
