"""Whoever says that it is not safe to contact them is not written to, whoever they said it to."""

from datetime import datetime, timedelta

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.commands import correct_person_row, get_or_create_person
from bluelamp.records.people.models import Person, PersonCorrection
from bluelamp.records.people.rules import PersonInput
from tests.acts import within_command

pytestmark = pytest.mark.django_db
ESI = public_actor(address="203.0.113.7")
SAFE = PersonInput(
    given_name="Esi", family_name="Mensah", email="esi@example.com", is_safe_to_contact=True
)
UNSAFE = PersonInput(
    given_name="Esi",
    family_name="Mensah",
    email="esi@example.com",
    is_safe_to_contact=False,
    safe_contact="time",
    safe_contact_detail="Weekdays at 10am",
)


def _give(actor: Actor, at: datetime, details: PersonInput) -> Person:
    with within_command(actor):
        return get_or_create_person(actor=actor, at=at, details=details)


@pytest.mark.parametrize("is_public", [True, False])
def test_it_works(ada: Actor, at: datetime, is_public: bool) -> None:
    first = _give(ESI, at, SAFE)
    later = at + timedelta(days=1)
    again = _give(ESI if is_public else ada, later, UNSAFE)
    assert again.id == first.id
    person = Person.objects.get()
    assert (person.is_safe_to_contact, person.not_safe_since) == (False, later)
    assert (person.safe_contact, person.safe_contact_detail) == ("time", "Weekdays at 10am")
    assert PersonCorrection.objects.get().before["is_safe_to_contact"] == "yes"


def test_a_later_yes_does_not_undo_it(ada: Actor, at: datetime) -> None:
    _give(ESI, at, UNSAFE)
    for actor in (ESI, ada):
        _give(actor, at + timedelta(days=1), SAFE)
    assert Person.objects.get().is_safe_to_contact is False


def test_a_device_that_names_the_same_person_again(ada: Actor, at: datetime) -> None:
    person_id = new_id()
    with within_command(ada):
        get_or_create_person(actor=ada, at=at, details=SAFE, person_id=person_id)
        get_or_create_person(actor=ada, at=at, details=UNSAFE, person_id=person_id)
    assert Person.objects.get(id=person_id).is_safe_to_contact is False


def test_staff_can_correct_it(ada: Actor, at: datetime) -> None:
    person = _give(ESI, at, UNSAFE)
    with within_command(ada):
        correct_person_row(
            actor=ada, at=at, person=person, details=SAFE, reason="She told me so in person."
        )
    person.refresh_from_db()
    assert (person.is_safe_to_contact, person.not_safe_since) == (True, None)


def test_nobody_is_safe_who_was_not_asked(at: datetime) -> None:
    unanswered = PersonInput(given_name="Kofi", family_name="Asante", phone="07700 900456")
    assert _give(ESI, at, unanswered).is_safe_to_contact is None
