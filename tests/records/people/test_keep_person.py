from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.commands import keep_person, keep_place, keep_vehicle, link
from bluelamp.records.people.models import Link, Location, Object, Person
from bluelamp.records.people.queries import find_person, people_of, view_person
from bluelamp.records.people.rules import PersonDetails, PlaceDetails
from tests.at_once import at_once
from tests.cast import actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
ADA, FEMI, ESI = actor(cast.ADA), actor(cast.FEMI), Actor.public()
TOLD = PersonDetails(given_name="Esi", family_name="Mensah", email="esi@example.com")


def test_it_works() -> None:
    person = keep_person(actor=ESI, at=AT, details=TOLD)
    seen = view_person(actor=ADA, at=AT, person_id=person.id)
    assert (seen.name, seen.email) == ("Esi Mensah", "esi@example.com")
    with pytest.raises(NotFound):
        view_person(actor=FEMI, at=AT, person_id=person.id)
    assert AuditEntry.objects.filter(act="person.viewed").count() == 2


def test_somebody_on_record_is_not_made_twice_and_the_public_changes_nothing_there() -> None:
    person = keep_person(actor=ESI, at=AT, details=TOLD)
    same = keep_person(
        actor=ESI, at=AT, details=replace(TOLD, email="ESI@example.com ", phone="07700 900123")
    )
    person.refresh_from_db()
    assert (same.id, person.phone) == (person.id, "")
    keep_person(
        actor=ADA, at=AT, details=replace(TOLD, phone="07700 900123", born_on=date(1980, 1, 1))
    )
    person.refresh_from_db()
    assert (person.phone, person.phone_key, person.born_on) == (
        "07700 900123",
        "07700900123",
        date(1980, 1, 1),
    )


@pytest.mark.parametrize(
    "other",
    [
        PersonDetails(given_name="Kojo", family_name="Mensah", email="esi@example.com"),
        PersonDetails(given_name="Esi", family_name="Mensah"),
        PersonDetails(
            given_name="Esi",
            family_name="Mensah",
            email="other@example.com",
            born_on=date(1980, 1, 1),
        ),
        PersonDetails(
            given_name="Esi", family_name="Mensah", email="esi@example.com", phone="020 7946 0000"
        ),
    ],
)
def test_people_are_not_merged_on_too_little(other: PersonDetails) -> None:
    known = replace(TOLD, phone="07700 900123", born_on=date(1980, 1, 1))
    keep_person(actor=ADA, at=AT, details=known)
    keep_person(actor=ADA, at=AT, details=other)
    assert Person.objects.count() == 2
    assert find_person(force="42", details=known) is None


def test_a_business_is_known_by_its_name_and_address() -> None:
    shop = PersonDetails(
        business_name="Acorn Stores",
        address=PlaceDetails(address="14 Acorn Parade", postcode="SE15 4QL"),
    )
    first = keep_person(actor=ADA, at=AT, details=shop)
    assert keep_person(actor=ADA, at=AT, details=shop).id == first.id
    there = replace(shop, address=PlaceDetails(address="1 Rye Lane", postcode="SE15 4ST"))
    assert keep_person(actor=ADA, at=AT, details=there).id != first.id
    assert (
        keep_person(actor=ADA, at=AT, details=replace(shop, business_name="Rye Stores")).id
        != first.id
    )


def test_a_person_made_on_a_device_keeps_its_id() -> None:
    person_id = new_id()
    first = keep_person(actor=ADA, at=AT, details=TOLD, person_id=person_id)
    again = keep_person(actor=ADA, at=AT, details=TOLD, person_id=person_id)
    assert first.id == again.id == person_id
    with pytest.raises(Conflict):
        keep_person(actor=FEMI, at=AT, details=TOLD, person_id=person_id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": "", "family_name": " "}, "family_name"),
        ({"given_name": "a\x00"}, "given_name"),
        ({"email": "x" * 255}, "email"),
        ({"gender": "M"}, "gender"),
        ({"born_on": date(2027, 1, 1)}, "born_on"),
    ],
)
def test_bad_input_is_refused_beside_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        keep_person(actor=ADA, at=AT, details=replace(TOLD, **changes))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_place_and_a_vehicle_are_one_row_a_force() -> None:
    here = PlaceDetails(
        address="12 Acorn Parade", postcode="se15 4ql", latitude=51.4700, longitude=-0.0690
    )
    place = keep_place(actor=ADA, details=here)
    assert place is not None
    assert (place.postcode, place.easting, place.northing) == ("SE15 4QL", 534219, 176327)
    assert keep_place(actor=ESI, details=replace(here, address="12 ACORN PARADE, London")) == place
    assert keep_place(actor=FEMI, details=here) != place
    assert keep_place(actor=ADA, details=PlaceDetails()) is None
    assert keep_vehicle(actor=ADA, vrm="lb16 xkw") == keep_vehicle(actor=ADA, vrm="LB16XKW")
    assert keep_vehicle(actor=FEMI, vrm="LB16XKW").force == "42"
    assert (Location.objects.count(), Object.objects.count()) == (2, 2)


def test_a_role_is_on_the_link_with_its_category_in_law() -> None:
    person, crime = keep_person(actor=ADA, at=AT, details=TOLD), new_id()
    for role in ("victim", "victim", "suspect", "witness"):
        link(actor=ADA, at=AT, subject_kind="crime", subject_id=crime, role=role, person=person)
    assert [(each.role, each.category) for each in people_of(subject_id=crime)] == [
        ("victim", "victim"),
        ("suspect", "suspected"),
        ("witness", "witness or other"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(
            force="01",
            subject_kind="crime",
            subject_id=crime,
            role="victim",
            linked_at=AT,
            person=None,
        )


def test_it_belongs_inside_a_command(committed: None) -> None:
    with pytest.raises(RuntimeError, match="command"):
        keep_place(actor=ADA, details=PlaceDetails(address="12 Acorn Parade"))


def test_a_place_told_by_many_at_once_is_one_row(committed: None) -> None:
    details = PlaceDetails(address="12 Acorn Parade", postcode="SE15 4QL")

    def tell(_: int) -> object:
        with transaction.atomic():
            place = keep_place(actor=ADA, details=details)
            return place and place.id

    found = at_once(tell, range(8))
    assert len(set(found)) == Location.objects.count() == 1
