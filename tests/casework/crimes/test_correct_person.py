from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from bluelamp.casework.crimes.commands import add_person, correct_person, record_crime
from bluelamp.casework.crimes.queries import search_crimes, view_crime
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.records.people.models import Person, PersonChange
from bluelamp.records.people.queries import corrections_of, version_of, view_person
from bluelamp.records.people.rules import LinkRole, PersonDetails, PlaceDetails
from tests.casework.scenes import AT, DAMAGE

pytestmark = pytest.mark.django_db
KOFI = PersonDetails(
    given_name="Kofi",
    family_name="Asanti",
    phone="07700 900321",
    address=PlaceDetails(address="3 Rye Lane, London", postcode="SE15 5BS"),
)
RIGHT = replace(KOFI, family_name="Asante", occupation="Nurse")


@pytest.fixture
def number(ada: Actor, offences: None) -> str:
    return record_crime(
        actor=ada, at=AT, offence_code=DAMAGE, summary="A window was broken."
    ).number


@pytest.fixture
def kofi(ada: Actor, number: str) -> UUID:
    return add_person(actor=ada, at=AT, number=number, role=LinkRole.WITNESS, details=KOFI)


def test_it_works(ada: Actor, bilal: Actor, number: str, kofi: UUID) -> None:
    fields = correct_person(
        actor=bilal, at=AT, person_id=kofi, details=RIGHT, why="His driving licence."
    )
    assert fields == ("family_name", "occupation")
    seen = view_person(actor=ada, at=AT, person_id=kofi)
    assert (seen.name, seen.occupation, seen.phone) == ("Kofi Asante", "Nurse", "07700 900321")
    assert seen.address
    assert seen.address.in_one_line == "3 Rye Lane, London, SE15 5BS"
    (made,) = corrections_of(person_id=kofi)
    assert made.before == {"family_name": "Asanti", "occupation": ""}
    assert (made.by_name, made.why) == (bilal.name, "His driving licence.")
    entry = AuditEntry.objects.get(act="person.corrected")
    assert (entry.subject_id, entry.detail) == (kofi, {"fields": ["family_name", "occupation"]})


def test_the_crime_is_found_by_the_right_name_and_no_longer_by_the_wrong_one(
    ada: Actor, number: str, kofi: UUID
) -> None:
    right = replace(KOFI, given_name="Yaw", family_name="Owusu")
    correct_person(actor=ada, at=AT, person_id=kofi, details=right, why="He told me.")
    assert [row.number for row in search_crimes(actor=ada, at=AT, q="owusu").rows] == [number]
    assert search_crimes(actor=ada, at=AT, q="asanti").total == 0


def test_nothing_changed_is_no_correction(ada: Actor, kofi: UUID) -> None:
    assert correct_person(actor=ada, at=AT, person_id=kofi, details=KOFI, why="") == ()
    assert not PersonChange.objects.exists()


def test_without_a_reason_nothing_changes(ada: Actor, kofi: UUID) -> None:
    with pytest.raises(Refused) as refused:
        correct_person(actor=ada, at=AT, person_id=kofi, details=RIGHT, why="  ")
    assert refused.value.field == "why"
    assert Person.objects.get(id=kofi).family_name == "Asanti"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"given_name": "", "family_name": " "}, "family_name"),
        ({"occupation": "\x00"}, "occupation"),
        ({"given_name": "x" * 121}, "given_name"),
        ({"gender": "7"}, "gender"),
    ],
)
def test_bad_input_names_its_field(
    ada: Actor, kofi: UUID, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        correct_person(
            actor=ada, at=AT, person_id=kofi, details=replace(KOFI, **wrong), why="So he said."
        )  # type: ignore[arg-type]
    assert refused.value.field == field
    assert Person.objects.get(id=kofi).given_name == "Kofi"


def test_of_two_who_correct_at_once_the_second_is_told(
    ada: Actor, bilal: Actor, kofi: UUID
) -> None:
    seen = version_of(view_person(actor=bilal, at=AT, person_id=kofi))
    correct_person(actor=ada, at=AT, person_id=kofi, details=RIGHT, why="His licence.", seen=seen)
    with pytest.raises(Conflict):
        correct_person(actor=bilal, at=AT, person_id=kofi, details=KOFI, why="His word.", seen=seen)
    assert Person.objects.get(id=kofi).family_name == "Asante"


def test_another_force_and_other_roles_change_nothing(femi: Actor, ada: Actor, kofi: UUID) -> None:
    with pytest.raises(NotFound):
        correct_person(actor=femi, at=AT, person_id=kofi, details=RIGHT, why="x")
    looker = replace(ada, permissions=frozenset({"person.view"}))
    with pytest.raises(NotPermitted):
        correct_person(actor=looker, at=AT, person_id=kofi, details=RIGHT, why="x")
    assert Person.objects.get(id=kofi).family_name == "Asanti"


def test_a_place_known_by_its_position_alone_stays(ada: Actor, kofi: UUID) -> None:
    home = replace(KOFI, address=PlaceDetails(latitude=51.4698, longitude=-0.0678))
    correct_person(actor=ada, at=AT, person_id=kofi, details=home, why="Sleeps in a van.")
    place = Person.objects.get(id=kofi).address
    assert place
    correct_person(
        actor=ada, at=AT, person_id=kofi, details=replace(KOFI, address=None), why="Still there."
    )
    assert Person.objects.get(id=kofi).address_id == place.id


def test_a_correction_is_never_changed(ada: Actor, kofi: UUID) -> None:
    correct_person(actor=ada, at=AT, person_id=kofi, details=RIGHT, why="His licence.")
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonChange.objects.update(why="")


def test_somebody_added_is_on_the_crime_once(ada: Actor, number: str, kofi: UUID) -> None:
    assert add_person(actor=ada, at=AT, number=number, role=LinkRole.WITNESS, details=KOFI) == kofi
    people = view_crime(actor=ada, at=AT, number=number).with_role(LinkRole.WITNESS)
    assert [each.id for each in people] == [kofi]


@pytest.mark.parametrize("role", [LinkRole.SUSPECT, "", "owner"])
def test_only_victims_and_witnesses_are_added_so(ada: Actor, number: str, role: str) -> None:
    with pytest.raises(Refused) as refused:
        add_person(actor=ada, at=AT, number=number, role=role, details=KOFI)
    assert refused.value.field == "role"


def test_nobody_of_another_force_adds_somebody(femi: Actor, number: str) -> None:
    with pytest.raises(NotFound):
        add_person(actor=femi, at=AT, number=number, role=LinkRole.WITNESS, details=KOFI)
