"""Look up people, objects and locations.

`get_person`, `get_person_record` and `search_people` are whole acts. The others are part of another
domain's command or lookup, which permits and records them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Q

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.contact import normalise_email, normalise_phone
from bluelamp.foundation.kernel.text import clean_query, tokens
from bluelamp.records.people import policy
from bluelamp.records.people.models import Link, Location, Person, PersonCorrection
from bluelamp.records.people.reads import find_person_row
from bluelamp.records.people.rules import LinkRole, LocationInput, PersonInput, phonetic_key

MAX_SEARCH_TOKENS = 6
# Below this a token sounds like too many others, and fewer digits are more likely a crime number.
MIN_PHONETIC_LENGTH = 4
MIN_PHONE_DIGITS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class LocationDetail:
    """A location.

    Eastings and northings are in metres, latitude and longitude in degrees, accuracy in metres.
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
class PersonDetail:
    """A person. Roles are on PersonInRole."""

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
    is_safe_to_contact: bool | None
    not_safe_since: datetime | None
    safe_contact: str
    safe_contact_detail: str
    language: str
    occupation: str
    address: LocationDetail | None

    @property
    def as_input(self) -> PersonInput:
        """Return what is on record, as commands take it."""
        names = {field.name for field in fields(PersonInput)} - {"address"}
        home = self.address
        return PersonInput(
            **{name: getattr(self, name) for name in names},
            address=LocationInput(address=home.address, postcode=home.postcode) if home else None,
        )

    @property
    def facts(self) -> dict[str, str]:
        """Return what is on record as facts, to fill a form in: see `with_facts`.

        That it is safe to contact them is left out. It may have changed, and a box that is filled
        in is soon passed over: they are asked each time.
        """
        facts = {name: getattr(self, name) for name in _TEXT_FACTS}
        facts["born_on"] = self.born_on.isoformat() if self.born_on else ""
        if self.is_safe_to_contact is False:
            facts |= {
                "is_safe_to_contact": "no",
                "safe_contact": self.safe_contact,
                "safe_contact_detail": self.safe_contact_detail,
            }
        if self.address:
            facts |= {"address": self.address.address, "postcode": self.address.postcode}
        return {name: text for name, text in facts.items() if text}


_TEXT_FACTS = (
    "given_name", "family_name", "business_name", "phone", "email", "preferred_contact",
    "language", "occupation",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonInRole:
    """A person's role in a report or a crime.

    `category` is that of section 38(3) of the Data Protection Act 2018.
    """

    person: PersonDetail
    role: str
    category: str
    is_opinion: bool
    linked_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectInRole:
    """An object's role in a report or a crime."""

    id: UUID
    kind: str
    description: str
    vrm: str
    identifier: str
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionDetail:
    """A correction of a person's record. `before` has the old values, by field."""

    before: dict[str, str]
    reason: str
    corrected_at: datetime
    corrected_by_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRecord:
    """A person with the corrections of their record, the newest first."""

    person: PersonDetail
    corrections: tuple[CorrectionDetail, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonSearchResult:
    """The first people of a search. `total` counts all of them."""

    people: tuple[PersonDetail, ...]
    total: int


class LinkedName(NamedTuple):
    """Somebody's name in a list."""

    id: UUID
    name: str
    is_business: bool


@lookup(permission="person.view", act="person.viewed")
def get_person(*, actor: Actor, at: datetime, person_id: UUID) -> PersonDetail:
    """Return a person.

    Raises:
        NotFound: There is no such person, or another force has them.
    """
    person = find_person_row(actor=actor, person_id=person_id)
    record_act(person, ref=person.name)
    return to_person_detail(person)


@lookup(permission="person.view", act="person.viewed")
def get_person_record(*, actor: Actor, at: datetime, person_id: UUID) -> PersonRecord:
    """Return a person with the corrections of their record.

    Raises:
        NotFound: There is no such person, or another force has them.
    """
    person = find_person_row(actor=actor, person_id=person_id)
    record_act(person, ref=person.name)
    corrections = PersonCorrection.objects.filter(person=person)
    return PersonRecord(
        person=to_person_detail(person),
        corrections=tuple(
            CorrectionDetail(
                before=correction.before,
                reason=correction.reason,
                corrected_at=correction.corrected_at,
                corrected_by_name=correction.corrected_by_name,
            )
            for correction in corrections.order_by("-corrected_at", "-id")
        ),
    )


@lookup(permission="person.view", act="person.searched")
def search_people(*, actor: Actor, at: datetime, q: str, limit: int = 20) -> PersonSearchResult:
    """Return people whose names have every word typed, or a word that sounds like it.

    Also those with this e-mail address or phone number.
    """
    query = clean_query(q)
    people = (
        policy.person_policy.queryset(actor)
        .select_related("address")
        .filter(_search_condition(query))
    )
    page = tuple(
        to_person_detail(person)
        # By id last, so that people of one name stand in the same order in every search.
        for person in people.order_by("family_name", "given_name", "id")[:limit]
    )
    # To count is to find all of them: not worth it where the page is not full.
    total = len(page) if len(page) < limit else people.count()
    record_act(
        None, ref=query, detail={"people": [str(person.id) for person in page], "total": total}
    )
    return PersonSearchResult(people=page, total=total)


def _search_condition(query: str) -> Q:
    # An empty Q would match everybody.
    nothing = Q(pk=None)
    words = tokens(query)[:MAX_SEARCH_TOKENS]
    by_name = Q() if words else nothing
    for word in words:
        by_word = Q(name_keys__contains=[word])
        if len(word) >= MIN_PHONETIC_LENGTH and (sound := phonetic_key(word)):
            # Sounds are stored among the words; the mark keeps a word from being taken for a sound.
            by_word |= Q(name_keys__contains=[f"~{sound}"])
        by_name &= by_word
    email = normalise_email(query) if "@" in query else ""
    phone = normalise_phone(query) if sum(map(str.isdigit, query)) >= MIN_PHONE_DIGITS else ""
    by_email = Q(email_key=email) if email else nothing
    by_phone = Q(phone_key=phone) if phone else nothing
    return by_name | by_email | by_phone


@read_within_act
def list_subjects_of_person(
    *, actor: Actor, person_id: UUID, subject_kind: str
) -> tuple[UUID, ...]:
    """Return the ids of the reports, or of the crimes, that somebody is linked to."""
    links = Link.objects.filter(person_id=person_id, subject_kind=subject_kind)
    # Distinct, because somebody may have two roles in one crime.
    return tuple(links.order_by("subject_id").values_list("subject_id", flat=True).distinct())


def person_version(person: PersonDetail) -> str:
    """Return a mark of what a page showed of somebody: it changes when the record does."""
    values = [
        getattr(person, column.name)
        for column in fields(PersonDetail)
        if column.name not in ("id", "address")
    ]
    address = person.address.in_one_line if person.address else ""
    # 16 of its 64 digits are plenty to notice a change: nobody gains by forging one.
    return hashlib.sha256(repr([*map(str, values), address]).encode()).hexdigest()[:16]


@read_within_act
def list_people_by_subject(
    *, actor: Actor, subject_ids: Sequence[UUID], role: LinkRole
) -> dict[UUID, tuple[PersonDetail, ...]]:
    """Return who has a role in each of several reports or crimes, in the order of linking."""
    links = (
        Link.objects.filter(subject_id__in=list(subject_ids), role=role, person__isnull=False)
        .select_related("person__address")
        .order_by("linked_at", "id")
    )
    found: dict[UUID, tuple[PersonDetail, ...]] = {}
    for link in links:
        if link.person:
            people = found.get(link.subject_id, ())
            found[link.subject_id] = (*people, to_person_detail(link.person))
    return found


@read_within_act
def list_linked_people(*, actor: Actor, subject_id: UUID) -> tuple[PersonInRole, ...]:
    """Return everyone linked to a report or a crime, in the order they were linked."""
    links = Link.objects.select_related("person__address").filter(
        subject_id=subject_id, person__isnull=False
    )
    return tuple(
        PersonInRole(
            person=to_person_detail(link.person),
            role=link.role,
            category=link.category,
            is_opinion=link.is_opinion,
            linked_at=link.linked_at,
        )
        for link in links.order_by("linked_at", "id")
        if link.person
    )


@read_within_act
def list_linked_objects(*, actor: Actor, subject_id: UUID) -> tuple[ObjectInRole, ...]:
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


@read_within_act
def list_names_by_subject(
    *, actor: Actor, subject_ids: Iterable[UUID], role: str
) -> dict[UUID, list[LinkedName]]:
    """Return who has a role in each of many reports or crimes, in the order they were linked."""
    names: dict[UUID, dict[UUID, LinkedName]] = {}
    links = Link.objects.filter(subject_id__in=list(subject_ids), role=role, person__isnull=False)
    name_columns = ("person__given_name", "person__family_name", "person__business_name")
    links = links.select_related("person").only("subject_id", *name_columns)
    # By person: somebody linked in one role twice is named once.
    for link in links.order_by("linked_at", "id"):
        if link.person:
            name = LinkedName(link.person.id, link.person.name, link.person.is_business)
            names.setdefault(link.subject_id, {})[name.id] = name
    return {subject_id: list(by_person.values()) for subject_id, by_person in names.items()}


def names_stamp(*, subject_ids: Iterable[UUID]) -> str:
    """Return a text that changes when somebody is linked to one of these or is corrected.

    It says nothing about anybody.
    """
    links = Link.objects.filter(subject_id__in=list(subject_ids), person__isnull=False)
    counts = links.aggregate(
        links=Count("id", distinct=True),
        linked=Max("linked_at"),
        corrections=Count("person__corrections", distinct=True),
    )
    return str(sorted(counts.items()))


def to_person_detail(person: Person) -> PersonDetail:
    """Return what lookups show of a person."""
    return PersonDetail(
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
        not_safe_since=person.not_safe_since,
        safe_contact=person.safe_contact,
        safe_contact_detail=person.safe_contact_detail,
        language=person.language,
        occupation=person.occupation,
        address=to_location_detail(person.address),
    )


def to_location_detail(location: Location | None) -> LocationDetail | None:
    """Return what lookups show of a location."""
    if location is None:
        return None
    return LocationDetail(
        id=location.id,
        address=location.address,
        postcode=location.postcode,
        easting=location.easting,
        northing=location.northing,
        latitude=location.latitude,
        longitude=location.longitude,
        accuracy_m=location.accuracy_m,
        in_one_line=location.in_one_line,
    )
