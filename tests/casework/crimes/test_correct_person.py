from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from bluelamp.casework.crimes.commands import (
    add_person,
    correct_person,
    record_at_scene,
    record_crime,
)
from bluelamp.casework.crimes.lookups import get_crime, search_crimes
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.lookups import get_person, get_person_record, person_version
from bluelamp.records.people.models import Person, PersonCorrection
from bluelamp.records.people.rules import LinkRole, LocationInput, PersonInput
from tests.casework.scenes import AT, DAMAGE, make_scene_crime
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
KOFI = PersonInput(
    given_name="Kofi",
    family_name="Asanti",
    phone="07700 900321",
    is_safe_to_contact=True,
    address=LocationInput(address="3 Rye Lane, London", postcode="SE15 5BS"),
)
RIGHT = replace(KOFI, family_name="Asante", occupation="Nurse")


@pytest.fixture
def number(ada: Actor, offences: None) -> str:
    crime = NewCrime(offence_code=DAMAGE, summary="A window was broken.")
    return record_crime(actor=ada, at=AT, crime=crime).number


@pytest.fixture
def kofi(ada: Actor, number: str) -> UUID:
    return add_person(actor=ada, at=AT, number=number, role=LinkRole.WITNESS, details=KOFI)


def test_it_works(ada: Actor, bilal: Actor, number: str, kofi: UUID) -> None:
    fields = correct_person(
        actor=bilal, at=AT, person_id=kofi, details=RIGHT, reason="His driving licence."
    )
    assert fields == ("family_name", "occupation")
    person = get_person(actor=ada, at=AT, person_id=kofi)
    assert (person.name, person.occupation, person.phone) == (
        "Kofi Asante",
        "Nurse",
        "07700 900321",
    )
    assert person.address
    assert person.address.in_one_line == "3 Rye Lane, London, SE15 5BS"
    (correction,) = get_person_record(actor=ada, at=AT, person_id=kofi).corrections
    assert correction.before == {"family_name": "Asanti", "occupation": ""}
    assert (correction.corrected_by_name, correction.reason) == (bilal.name, "His driving licence.")
    entry = AuditEntry.objects.get(act="person.corrected")
    assert (entry.subject_id, entry.detail) == (kofi, {"fields": ["family_name", "occupation"]})


def test_search_finds_the_corrected_name_and_not_the_old_one(
    ada: Actor, number: str, kofi: UUID
) -> None:
    right = replace(KOFI, given_name="Yaw", family_name="Owusu")
    correct_person(actor=ada, at=AT, person_id=kofi, details=right, reason="He told me.")
    assert [row.number for row in search_crimes(actor=ada, at=AT, q="owusu").rows] == [number]
    assert search_crimes(actor=ada, at=AT, q="asanti").total == 0


def test_an_unchanged_record_is_not_corrected(ada: Actor, kofi: UUID) -> None:
    assert correct_person(actor=ada, at=AT, person_id=kofi, details=KOFI, reason="") == ()
    assert not PersonCorrection.objects.exists()


def test_without_a_reason_nothing_changes(ada: Actor, kofi: UUID) -> None:
    with pytest.raises(Refused) as refused:
        correct_person(actor=ada, at=AT, person_id=kofi, details=RIGHT, reason="  ")
    assert refused.value.field == "reason"
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
            actor=ada, at=AT, person_id=kofi, details=replace(KOFI, **wrong), reason="So he said."
        )  # type: ignore[arg-type]
    assert refused.value.field == field
    assert Person.objects.get(id=kofi).given_name == "Kofi"


def test_the_second_of_two_simultaneous_corrections_is_a_conflict(
    ada: Actor, bilal: Actor, kofi: UUID
) -> None:
    version = person_version(get_person(actor=bilal, at=AT, person_id=kofi))
    correct_person(
        actor=ada, at=AT, person_id=kofi, details=RIGHT, reason="His licence.", seen_version=version
    )
    with pytest.raises(Conflict):
        correct_person(
            actor=bilal,
            at=AT,
            person_id=kofi,
            details=KOFI,
            reason="His word.",
            seen_version=version,
        )
    assert Person.objects.get(id=kofi).family_name == "Asante"


def test_another_force_and_other_roles_change_nothing(femi: Actor, ada: Actor, kofi: UUID) -> None:
    with pytest.raises(NotFound):
        correct_person(actor=femi, at=AT, person_id=kofi, details=RIGHT, reason="x")
    reader = replace(ada, permissions=frozenset({"person.view"}))
    with pytest.raises(NotPermitted):
        correct_person(actor=reader, at=AT, person_id=kofi, details=RIGHT, reason="x")
    assert Person.objects.get(id=kofi).family_name == "Asanti"


def test_a_location_without_an_address_stays(ada: Actor, kofi: UUID) -> None:
    home = replace(KOFI, address=LocationInput(latitude=51.4698, longitude=-0.0678))
    correct_person(actor=ada, at=AT, person_id=kofi, details=home, reason="Sleeps in a van.")
    place = Person.objects.get(id=kofi).address
    assert place
    correct_person(
        actor=ada, at=AT, person_id=kofi, details=replace(KOFI, address=None), reason="Still there."
    )
    assert Person.objects.get(id=kofi).address_id == place.id


def test_a_correction_is_never_changed(ada: Actor, kofi: UUID) -> None:
    correct_person(actor=ada, at=AT, person_id=kofi, details=RIGHT, reason="His licence.")
    with pytest.raises(DatabaseError), direct_writes(), transaction.atomic():
        PersonCorrection.objects.update(reason="")


def test_a_person_added_twice_is_on_the_crime_once(ada: Actor, number: str, kofi: UUID) -> None:
    assert add_person(actor=ada, at=AT, number=number, role=LinkRole.WITNESS, details=KOFI) == kofi
    people = get_crime(actor=ada, at=AT, number=number).people_with_role(LinkRole.WITNESS)
    assert [person.id for person in people] == [kofi]


@pytest.mark.parametrize("role", [LinkRole.SUSPECT, "", "owner"])
def test_only_victims_and_witnesses_can_be_added(ada: Actor, number: str, role: str) -> None:
    with pytest.raises(Refused) as refused:
        add_person(actor=ada, at=AT, number=number, role=role, details=KOFI)
    assert refused.value.field == "role"


def test_another_force_cannot_add_a_person(femi: Actor, number: str) -> None:
    with pytest.raises(NotFound):
        add_person(actor=femi, at=AT, number=number, role=LinkRole.WITNESS, details=KOFI)


def record_again(ada: Actor, kofi: UUID, known: PersonInput, **given: object) -> None:
    """Record another crime at the scene, of a victim whom the phone had filled in."""
    capture = make_scene_crime(
        number=None,
        lease_id=None,
        device_id=new_id(),
        victim=replace(known, **given),
        victim_id=kofi,
        victim_known=known,
    )
    record_at_scene(actor=ada, at=AT, capture=capture, sha256=capture.crime_id.hex * 2)


def test_what_is_changed_at_the_scene_corrects_the_record(
    ada: Actor, number: str, kofi: UUID
) -> None:
    known = PersonInput(
        given_name="Kofi", family_name="Asanti", phone="07700 900321", is_safe_to_contact=True
    )
    record_again(ada, kofi, known, phone="07700 900999", family_name="Somebody Else")
    person = Person.objects.get(id=kofi)
    assert person.phone == "07700 900999"
    assert person.family_name == "Asanti", "a changed name may be another person's"
    assert person.address is not None, "what the phone does not ask stays"
    (correction,) = PersonCorrection.objects.all()
    assert correction.before == {"phone": "07700 900321"}
    assert correction.reason.startswith("They told the officer at the scene (")


def test_what_stayed_as_the_phone_filled_it_in_is_left_alone(
    ada: Actor, bilal: Actor, number: str, kofi: UUID
) -> None:
    """The desk may have corrected it since the phone fetched it."""
    details = replace(KOFI, phone="07700 900777")
    correct_person(actor=bilal, at=AT, person_id=kofi, details=details, reason="He rang.")
    known = PersonInput(
        given_name="Kofi", family_name="Asanti", phone="07700 900321", is_safe_to_contact=True
    )
    record_again(ada, kofi, known, email="kofi@example.com")
    person = Person.objects.get(id=kofi)
    assert (person.phone, person.email) == ("07700 900777", "kofi@example.com")
