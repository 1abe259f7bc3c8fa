"""Looking up people, objects and places. `view_person` is an act; the others belong inside another
stage's lookup.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.people.models import Link, Location, Person, PersonChange
from bluelamp.records.people.rules import (
    PersonDetails,
    email_key,
    fold,
    name_keys,
    phone_key,
    searchable,
    sounds_like,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceView:
    """A place. Eastings and northings in metres, latitude and longitude in degrees, accuracy in
    metres.
    """

    id: UUID
    address: str
    postcode: str
    easting: int | None
    northing: int | None
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    in_one_line: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonView:
    """A person; roles are on PersonInRole."""

    id: UUID
    name: str
    given_name: str
    family_name: str
    business_name: str
    born_on: date | None
    gender: str
    phone: str
    email: str
    preferred_contact: str
    is_safe_to_contact: bool
    language: str
    occupation: str
    address: PlaceView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonInRole:
    """What a person is to a report or a crime; `category` is that of section 38(3) of the DPA
    2018.
    """

    person: PersonView
    role: str
    category: str
    is_opinion: bool
    linked_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectInRole:
    """What a thing is to a report or a crime."""

    id: UUID
    kind: str
    description: str
    vrm: str
    identifier: str
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What a person's record said before it was put right, by field; who put it right, when and
    why.
    """

    before: dict[str, str]
    why: str
    at: datetime
    by_name: str


@lookup(may="person.view", act="person.viewed")
def view_person(*, actor: Actor, at: datetime, person_id: UUID, why: str = "") -> PersonView:
    """Return a person of the actor's force. Raises NotFound."""
    person = (
        Person.objects.select_related("address").filter(id=person_id, force=actor.force).first()
    )
    if person is None:
        raise NotFound("There is no such person.")
    record_act(person, ref=person.name, detail={"why": why} if why else {})
    return person_view(person)


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleFound:
    """The first people of a search by name; `total` counts all of them."""

    people: tuple[PersonView, ...]
    total: int


@lookup(may="person.view", act="person.searched")
def search_people(*, actor: Actor, at: datetime, q: str, limit: int = 20) -> PeopleFound:
    """Return the force's people whose names have every word typed, or sound like it; or with this
    email or phone.
    """
    typed = searchable(q)
    words = fold(typed)[:6]
    named = Q()
    for word in words:
        sound = sounds_like(word) if len(word) > 3 else ""
        named &= Q(name_keys__contains=[word]) | (
            Q(name_keys__contains=[f"~{sound}"]) if sound else Q(pk=None)
        )
    meant = named if words else Q(pk=None)
    if mail := email_key(typed) if "@" in typed else "":
        meant |= Q(email_key=mail)
    if phone := phone_key(typed) if sum(map(str.isdigit, typed)) >= 6 else "":
        meant |= Q(phone_key=phone)
    found = Person.objects.select_related("address").filter(meant, force=actor.force)
    people = tuple(
        person_view(each) for each in found.order_by("family_name", "given_name", "id")[:limit]
    )
    total = len(people) if len(people) < limit else found.count()
    record_act(
        None, ref=typed, detail={"people": [str(each.id) for each in people], "total": total}
    )
    return PeopleFound(people=people, total=total)


def corrections_of(*, person_id: UUID) -> tuple[Correction, ...]:
    """Return the corrections of a person's record, the newest first: for a page of the person,
    after its own lookup.
    """
    return tuple(
        Correction(before=each.before, why=each.why, at=each.at, by_name=each.by_name)
        for each in PersonChange.objects.filter(person_id=person_id).order_by("-at", "-id")
    )


def subjects_of(*, person_id: UUID, subject_kind: str) -> tuple[UUID, ...]:
    """Return the ids of the reports, or of the crimes, that somebody is linked to."""
    links = Link.objects.filter(person_id=person_id, subject_kind=subject_kind)
    return tuple(links.order_by("subject_id").values_list("subject_id", flat=True).distinct())


def version_of(person: PersonView) -> str:
    """Return a mark of what a page showed of somebody: another one once the record says something
    else.
    """
    shown = [
        getattr(person, each.name)
        for each in fields(PersonView)
        if each.name not in ("id", "address")
    ]
    place = person.address.in_one_line if person.address else ""
    return hashlib.sha256(repr([*map(str, shown), place]).encode()).hexdigest()[:16]


def people_of(*, subject_id: UUID) -> tuple[PersonInRole, ...]:
    """Return everyone linked to a report or a crime, in the order they were linked."""
    links = Link.objects.select_related("person__address").filter(
        subject_id=subject_id, person__isnull=False
    )
    return tuple(
        PersonInRole(
            person=person_view(link.person),
            role=link.role,
            category=link.category,
            is_opinion=link.is_opinion,
            linked_at=link.linked_at,
        )
        for link in links.order_by("linked_at", "id")
        if link.person
    )


def objects_of(*, subject_id: UUID) -> tuple[ObjectInRole, ...]:
    """Return every object linked to a report or a crime, in the order they were linked."""
    links = Link.objects.select_related("object").filter(
        subject_id=subject_id, object__isnull=False
    )
    return tuple(
        ObjectInRole(
            id=link.object.id,
            kind=link.object.kind,
            description=link.object.description,
            vrm=link.object.vrm,
            identifier=link.object.identifier,
            role=link.role,
        )
        for link in links.order_by("linked_at", "id")
        if link.object
    )


class Named(NamedTuple):
    """Somebody in a list."""

    id: UUID
    name: str
    is_business: bool


def names_by_subject(*, subject_ids: Iterable[UUID], role: str) -> dict[UUID, list[Named]]:
    """Return who has a role, each once and in the order they were linked, for many reports or
    crimes at once.
    """
    names: dict[UUID, dict[UUID, Named]] = {}
    links = Link.objects.filter(subject_id__in=list(subject_ids), role=role, person__isnull=False)
    named = ("person__given_name", "person__family_name", "person__business_name")
    for link in (
        links.select_related("person").only("subject_id", *named).order_by("linked_at", "id")
    ):
        if link.person:
            who = Named(link.person.id, link.person.name, link.person.is_business)
            names.setdefault(link.subject_id, {})[who.id] = who
    return {subject_id: list(found.values()) for subject_id, found in names.items()}


def find_person(
    *, force: str, details: PersonDetails, address: Location | None = None
) -> Person | None:
    """Return the person on record whom the details can only mean, or None.

    The same name, and the same e-mail address, telephone number or date of birth, and nothing told
    that contradicts the record: two people may share a telephone, and a name and a birthday. A
    business is also known by its name and `address`.
    """
    names = (details.given_name, details.family_name, details.business_name)
    is_business = not (details.given_name.strip() or details.family_name.strip())
    told = {
        "force": force,
        "names": name_keys(*names),
        "email": email_key(details.email),
        "phone": phone_key(details.phone),
        "born": details.born_on,
        "address": address.id if address and is_business else None,
    }
    if not (told["email"] or told["phone"] or told["born"] or told["address"]):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ONLY_THEM, told)
        alike = cursor.fetchall()
    name = fold(" ".join(names))
    meant = next((each for each, *theirs in alike if fold(" ".join(theirs)) == name), None)
    return Person.objects.get(id=meant) if meant else None


# Every report waits for this one: written out, it costs a third of what Django takes to put it
# together.
_ONLY_THEM = """
    SELECT id, given_name, family_name, business_name FROM people_person
    WHERE force = %(force)s AND name_keys = %(names)s::varchar[] AND (
        %(email)s <> '' AND email_key = %(email)s OR %(phone)s <> '' AND phone_key = %(phone)s
        OR born_on = %(born)s OR address_id = %(address)s
    )
    AND (%(email)s = '' OR email_key IN ('', %(email)s)) AND (%(phone)s = '' OR phone_key IN ('', %(phone)s))
    AND (%(born)s::date IS NULL OR born_on IS NULL OR born_on = %(born)s)
    ORDER BY id LIMIT 20
"""


def person_view(person: Person) -> PersonView:
    """Return what may be shown of a person."""
    return PersonView(
        id=person.id,
        name=person.name,
        given_name=person.given_name,
        family_name=person.family_name,
        business_name=person.business_name,
        born_on=person.born_on,
        gender=person.gender,
        phone=person.phone,
        email=person.email,
        preferred_contact=person.preferred_contact,
        is_safe_to_contact=person.is_safe_to_contact,
        language=person.language,
        occupation=person.occupation,
        address=place_view(person.address),
    )


def place_view(place: Location | None) -> PlaceView | None:
    """Return what may be shown of a place."""
    if place is None:
        return None
    return PlaceView(
        id=place.id,
        address=place.address,
        postcode=place.postcode,
        easting=place.easting,
        northing=place.northing,
        latitude=place.latitude,
        longitude=place.longitude,
        accuracy_m=place.accuracy_m,
        in_one_line=place.in_one_line,
    )
