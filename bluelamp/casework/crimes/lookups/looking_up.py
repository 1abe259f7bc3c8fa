"""Look somebody or something up from a phone: people, vehicles, things and crimes in one box."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from bluelamp.casework.crimes.lookups.finding import CrimeRow, search_crimes
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_query
from bluelamp.records.people.lookups import PersonDetail, search_people
from bluelamp.records.people.models import Link, Object
from bluelamp.records.people.rules import LinkRole, SubjectKind
from bluelamp.records.reference.rules import alphanumeric_upper

MAX_ROWS = 10
MIN_OBJECT_LETTERS = 3


class LookUpReason(StrEnum):
    """Why an officer looks somebody up: one press, and on the audit record (DPA 2018, s.62(2))."""

    INCIDENT = "incident"
    STOP = "stop"
    INVESTIGATION = "investigation"
    WELFARE = "welfare"


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeInRole:
    """A crime of somebody or something that was looked up, and their role in it."""

    id: UUID
    number: str
    offence_title: str
    role: str
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonFound:
    """Somebody who was looked up. `is_unsafe` says that it is not safe to contact them."""

    id: UUID
    name: str
    born_on: date | None
    place: str
    phone: str
    is_unsafe: bool
    crimes: tuple[CrimeInRole, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ThingFound:
    """A vehicle or another thing that was looked up."""

    id: UUID
    kind: str
    vrm: str
    description: str
    identifier: str
    crimes: tuple[CrimeInRole, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was found, those first of whom an officer must beware.

    The totals count also what is not shown.
    """

    people: tuple[PersonFound, ...]
    people_total: int
    things: tuple[ThingFound, ...]
    crimes: tuple[CrimeRow, ...]
    crimes_total: int


@lookup(permission="crime.search", act="crime.looked_up")
def look_up(*, actor: Actor, at: datetime, q: str, reason: str) -> Found:
    """Return the people, vehicles, things and crimes that the words mean.

    Args:
        actor: The officer.
        at: When.
        q: A name, a phone number, an email address, a registration, a serial number, an address, a
            postcode or a crime number.
        reason: A `LookUpReason`, for the audit record.

    Raises:
        Refused: There are no words, or no reason.
    """
    query = clean_query(q)
    if not query:
        raise Refused("crimes.look_up_missing", field="q")
    if reason not in set(LookUpReason):
        raise Refused("crimes.look_up_reason_missing", field="reason")
    people = search_people(actor=actor, at=at, q=query, limit=MAX_ROWS)
    things = _find_things(actor, query)
    crimes = search_crimes(actor=actor, at=at, q=query, limit=MAX_ROWS)
    by_person = _crimes_by(actor, "person_id", [person.id for person in people.people])
    by_thing = _crimes_by(actor, "object_id", [thing.id for thing in things])
    found = Found(
        people=tuple(
            sorted(
                (_to_person_found(person, by_person) for person in people.people),
                key=_is_harmless,
            )
        ),
        people_total=people.total,
        things=tuple(
            ThingFound(
                id=thing.id,
                kind=thing.kind,
                vrm=thing.vrm,
                description=thing.description,
                identifier=thing.identifier,
                crimes=tuple(by_thing.get(thing.id, ())),
            )
            for thing in things
        ),
        crimes=crimes.rows,
        crimes_total=crimes.total,
    )
    record_act(
        None,
        ref=query,
        detail={
            "reason": reason,
            "people": [str(person.id) for person in found.people],
            "things": [str(thing.id) for thing in found.things],
            "numbers": [row.number for row in found.crimes],
        },
    )
    return found


def _find_things(actor: Actor, query: str) -> list[Object]:
    key = alphanumeric_upper(query)
    if len(key) < MIN_OBJECT_LETTERS:
        return []
    # The whole number or its beginning: a plate half seen. Not words, which describe everything.
    starts = Q(vrm__startswith=key) | Q(identifier__startswith=key)
    return list(Object.objects.filter(starts, force=actor.force).order_by("vrm", "id")[:MAX_ROWS])


def _to_person_found(person: PersonDetail, by_person: dict[UUID, list[CrimeInRole]]) -> PersonFound:
    return PersonFound(
        id=person.id,
        name=person.name,
        born_on=person.born_on,
        place=person.address.in_one_line if person.address else "",
        phone=person.phone,
        is_unsafe=person.is_safe_to_contact is False,
        crimes=tuple(by_person.get(person.id, ())),
    )


def _is_harmless(person: PersonFound) -> bool:
    suspected = any(crime.role == LinkRole.SUSPECT for crime in person.crimes)
    return not (suspected or person.is_unsafe)


def _crimes_by(actor: Actor, column: str, ids: Iterable[UUID]) -> dict[UUID, list[CrimeInRole]]:
    """Return the crimes of people or of things by their ids, those of suspects first."""
    links = list(
        Link.objects.filter(
            **{f"{column}__in": list(ids)}, subject_kind=SubjectKind.CRIME, force=actor.force
        ).values_list(column, "role", "subject_id")
    )
    crimes: dict[UUID, Crime] = {
        crime.id: crime
        for crime in crime_policy.queryset(actor)
        .select_related("number")
        .filter(id__in={subject_id for _, _, subject_id in links})
    }
    by_id: dict[UUID, list[CrimeInRole]] = {}
    for owner_id, role, subject_id in links:
        if crime := crimes.get(subject_id):
            by_id.setdefault(owner_id, []).append(
                CrimeInRole(
                    id=crime.id,
                    number=str(crime.number),
                    offence_title=crime.offence_title,
                    role=role,
                    recorded_at=crime.recorded_at,
                )
            )
    for rows in by_id.values():
        rows.sort(key=lambda row: (row.role != LinkRole.SUSPECT, -row.recorded_at.timestamp()))
    return by_id
