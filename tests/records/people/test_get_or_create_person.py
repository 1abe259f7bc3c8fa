from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.demo import cast
from bluelamp.foundation.audit.acts import NoActiveAct
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.commands import (
    add_link,
    get_or_create_location,
    get_or_create_person,
    get_or_create_vehicle,
)
from bluelamp.records.people.lookups import get_person, list_linked_people
from bluelamp.records.people.models import Link, Location, Object, Person
from bluelamp.records.people.reads import find_matching_person
from bluelamp.records.people.rules import LocationInput, PersonInput
from tests.acts import within_command
from tests.cast import actor
from tests.concurrency import run_concurrently
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
ADA, FEMI, ESI = actor(cast.ADA), actor(cast.FEMI), actor(cast.ESI)
GIVEN = PersonInput(given_name="Esi", family_name="Mensah", email="esi@example.com")


def create(
    details: PersonInput,
    *,
    by: Actor = ADA,
    at: datetime = AT,
    person_id: UUID | None = None,
) -> Person:
    with within_command(by):
        return get_or_create_person(actor=by, at=at, details=details, person_id=person_id)


@pytest.fixture
def in_command() -> Iterator[None]:
    with within_command(ADA):
        yield


def test_it_works() -> None:
    person = create(GIVEN, by=ESI)
    person_detail = get_person(actor=ADA, at=AT, person_id=person.id)
    assert (person_detail.name, person_detail.email) == ("Esi Mensah", "esi@example.com")
    with pytest.raises(NotFound):
        get_person(actor=FEMI, at=AT, person_id=person.id)
    assert AuditEntry.objects.filter(act="person.viewed").count() == 2


def test_somebody_on_record_is_not_created_twice_and_the_public_changes_nothing() -> None:
    person = create(GIVEN, by=ESI)
    same = create(replace(GIVEN, email="ESI@example.com ", phone="07700 900123"), by=ESI)
    person.refresh_from_db()
    assert (same.id, person.phone) == (person.id, "")
    create(replace(GIVEN, phone="07700 900123", born_on=date(1980, 1, 1)))
    person.refresh_from_db()
    assert (person.phone, person.phone_key, person.born_on) == (
        "07700 900123",
        "+447700900123",
        date(1980, 1, 1),
    )


@pytest.mark.parametrize("phone", ["+44 (0)7700 900123", "+447700900123", "0044 7700 900123"])
def test_a_phone_number_written_in_another_way_is_the_same_person(phone: str) -> None:
    existing = PersonInput(given_name="Esi", family_name="Mensah", phone="07700 900123")
    assert create(replace(existing, phone=phone)).id == create(existing).id


@pytest.mark.parametrize(
    "other",
    [
        PersonInput(given_name="Kojo", family_name="Mensah", email="esi@example.com"),
        PersonInput(given_name="Esi", family_name="Mensah"),
        PersonInput(
            given_name="Esi",
            family_name="Mensah",
            email="other@example.com",
            born_on=date(1980, 1, 1),
        ),
        PersonInput(
            given_name="Esi", family_name="Mensah", email="esi@example.com", phone="020 7946 0000"
        ),
    ],
)
def test_people_are_not_merged_on_too_little(other: PersonInput) -> None:
    existing = replace(GIVEN, phone="07700 900123", born_on=date(1980, 1, 1))
    create(existing)
    create(other)
    assert Person.objects.count() == 2
    assert find_matching_person(actor=FEMI, details=existing) is None


NAMES = st.sampled_from(["Esi Mensah", "Mensah Esi", "Esi Menza", "Ama Mensah"])
EMAILS = st.sampled_from(["", "esi@example.com", "other@example.com"])
PHONES = st.sampled_from(["", "07700 900123", "07700 900456"])
BIRTHS = st.sampled_from([None, date(1980, 1, 1), date(1990, 1, 1)])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(NAMES, EMAILS, PHONES, BIRTHS), min_size=1, max_size=6), st.data())
def test_the_match_is_the_one_that_the_rule_gives(
    existing: list[tuple[str, str, str, date | None]], data: st.DataObject
) -> None:
    """The query is written in SQL; the rule is simple enough to say again in Python."""
    with direct_writes():
        Person.objects.all().delete()
    rows = []
    for number, (name, email, phone, born_on) in enumerate(existing):
        given_name, family_name = name.split()
        details = PersonInput(
            given_name=given_name,
            family_name=family_name,
            email=email,
            phone=phone,
            born_on=born_on,
        )
        rows.append((create(details, person_id=UUID(int=number + 1)), details))
    name, email, phone, born_on = data.draw(st.tuples(NAMES, EMAILS, PHONES, BIRTHS))
    given_name, family_name = name.split()
    wanted = PersonInput(
        given_name=given_name, family_name=family_name, email=email, phone=phone, born_on=born_on
    )

    def agrees(one: object, other: object) -> bool:
        return not one or not other or one == other

    def is_match(details: PersonInput) -> bool:
        pairs = (
            (wanted.email, details.email),
            (wanted.phone, details.phone),
            (wanted.born_on, details.born_on),
        )
        has_same_name = (wanted.given_name, wanted.family_name) == (
            details.given_name,
            details.family_name,
        )
        shares = any(one and one == other for one, other in pairs)
        return has_same_name and shares and all(agrees(*pair) for pair in pairs)

    expected = next((person for person, details in rows if is_match(details)), None)
    assert find_matching_person(actor=ADA, details=wanted) == expected


def test_a_business_is_recognised_by_its_name_and_address() -> None:
    shop = PersonInput(
        business_name="Acorn Stores",
        address=LocationInput(address="14 Acorn Parade", postcode="SE15 4QL"),
    )
    first = create(shop)
    assert create(shop).id == first.id
    elsewhere = replace(shop, address=LocationInput(address="1 Rye Lane", postcode="SE15 4ST"))
    assert create(elsewhere).id != first.id
    assert create(replace(shop, business_name="Rye Stores")).id != first.id


def test_a_person_created_on_a_device_keeps_its_id() -> None:
    person_id = new_id()
    first = create(GIVEN, person_id=person_id)
    again = create(GIVEN, person_id=person_id)
    assert first.id == again.id == person_id
    with pytest.raises(Conflict):
        create(GIVEN, by=FEMI, person_id=person_id)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"given_name": "", "family_name": " "}, "family_name", "Enter a name"),
        (
            {"given_name": "a\x00"},
            "given_name",
            "This contains a character that we cannot store. Remove it and try again",
        ),
        ({"email": "x" * 255}, "email", "Email address must be 254 characters or fewer"),
        ({"gender": "M"}, "gender", "Select a gender from the list"),
        ({"born_on": date(2027, 1, 1)}, "born_on", "Date of birth must be in the past"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    changes: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        create(replace(GIVEN, **changes))  # type: ignore[arg-type]
    assert refused.value.errors == {field: sentence}


def test_a_date_of_birth_is_compared_with_the_day_in_london() -> None:
    """At 00:30 in British Summer Time the UTC date is still yesterday's."""
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert create(replace(GIVEN, born_on=date(2026, 7, 1)), at=at).born_on == date(2026, 7, 1)
    with pytest.raises(Refused):
        create(replace(GIVEN, born_on=date(2026, 7, 2)), at=at)


def test_a_location_and_a_vehicle_are_one_row_a_force() -> None:
    here = LocationInput(
        address="12 Acorn Parade", postcode="se15 4ql", latitude=51.4700, longitude=-0.0690
    )

    def location(by: Actor, details: LocationInput) -> Location | None:
        with within_command(by):
            return get_or_create_location(actor=by, details=details)

    def vehicle(by: Actor, vrm: str) -> Object:
        with within_command(by):
            return get_or_create_vehicle(actor=by, vrm=vrm)

    place = location(ADA, here)
    assert place is not None
    assert (place.postcode, place.easting, place.northing) == ("SE15 4QL", 534219, 176327)
    assert location(ESI, replace(here, address="12 ACORN PARADE, London")) == place
    assert location(FEMI, here) != place
    assert location(ADA, LocationInput()) is None
    assert vehicle(ADA, "lb16 xkw") == vehicle(ADA, "LB16XKW")
    assert vehicle(FEMI, "LB16XKW").force == "42"
    assert (Location.objects.count(), Object.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("vrm", "sentence"),
    [
        ("é", "Enter a registration number"),
        ("ABCDEFGHIJKL", "Registration number must be 11 characters or fewer"),
    ],
)
def test_what_is_no_registration_is_refused(in_command: None, vrm: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        get_or_create_vehicle(actor=ADA, vrm=vrm)
    assert refused.value.errors == {"vrm": sentence}


def test_a_role_is_on_the_link_with_its_category_in_law(in_command: None) -> None:
    person, crime = get_or_create_person(actor=ADA, at=AT, details=GIVEN), new_id()
    for role in ("victim", "victim", "suspect", "witness"):
        add_link(actor=ADA, at=AT, subject_kind="crime", subject_id=crime, role=role, person=person)
    linked = list_linked_people(actor=ADA, subject_id=crime)
    assert [(link.role, link.category) for link in linked] == [
        ("victim", "victim"),
        ("suspect", "suspected"),
        ("witness", "witness or other"),
    ]
    with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
        Link.objects.create(
            force="01",
            subject_kind="crime",
            subject_id=crime,
            role="victim",
            linked_at=AT,
            person=None,
        )


def test_it_belongs_inside_a_command() -> None:
    with pytest.raises(NoActiveAct, match="command"):
        get_or_create_location(actor=ADA, details=LocationInput(address="12 Acorn Parade"))
    with pytest.raises(NoActiveAct, match="command"):
        list_linked_people(actor=ADA, subject_id=new_id())


def test_a_location_given_by_many_at_once_is_one_row(committed: None) -> None:
    details = LocationInput(address="12 Acorn Parade", postcode="SE15 4QL")

    def give(_: int) -> object:
        with within_command(ADA):
            location = get_or_create_location(actor=ADA, details=details)
            return location and location.id

    location_ids = run_concurrently(give, range(8))
    assert len(set(location_ids)) == Location.objects.count() == 1
