"""Whoever had the address of a holder before hears that another one counts now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.commands import correct_person_row, get_or_create_person
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Link, Person
from bluelamp.records.people.rules import LinkRole, SubjectKind
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.rules.applications import ApplicationInput
from tests.acts import within_command
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import (
    ANSWERS,
    AT,
    GRACE,
    get,
    ike,
    receive,
)

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], int]
OLD, NEW = GRACE.email, "grace.new@example.org"


def messages() -> list[tuple[str, str]]:
    rows = Message.objects.filter(template="contact-changed").order_by("to")
    return [(row.to, row.language) for row in rows]


def correct(person: Person, **changes: object) -> None:
    """Correct somebody's record as staff do."""
    with within_command(ike()):
        row = Person.objects.select_for_update(of=("self",)).get(id=person.id)
        details = replace(to_person_detail(row).as_input, **changes)  # type: ignore[arg-type]
        correct_person_row(actor=ike(), at=AT, person=row, details=details, reason="They rang us")


@pytest.fixture
def holder(reference: None) -> Person:
    return get(receive()).applicant


def link(person: Person, role: str) -> None:
    with direct_writes():
        Link.objects.create(
            person=person,
            subject_kind=SubjectKind.CRIME,
            subject_id=new_id(),
            role=role,
            linked_at=AT,
        )


def test_it_works(holder: Person, run_jobs: RunJobs) -> None:
    """A renewal sent online with another e-mail address and phone number."""
    correct(holder, phone="07700 900123")
    with direct_writes():
        Application.objects.update(language="cy")
    commands.receive_application(
        actor=ike(),
        at=AT,
        application=ApplicationInput(
            kind="renewal",
            certificates="firearm",
            applicant=replace(GRACE, email=NEW, phone="07700 900456"),
            question_set="form-201",
            question_set_version=1,
            answers=ANSWERS,
            holder_id=holder.id,
            language="cy",
        ),
    )
    run_jobs()
    assert messages() == [("07700 900123", "cy"), (OLD, "cy")]
    bodies = [row.personalisation for row in Message.objects.filter(template="contact-changed")]
    # Neither who it is, nor what about, nor the new address.
    assert bodies == [{"force": "Metropolitan Police Service"}] * 2


def test_what_was_empty_or_stays_tells_nobody(holder: Person, run_jobs: RunJobs) -> None:
    correct(holder, phone="020 7946 0018")
    correct(holder, born_on=date(1980, 5, 5))
    # A landline takes no text.
    correct(holder, phone="020 7946 0019")
    run_jobs()
    assert messages() == []


def test_an_address_that_counts_again_is_told_nothing(holder: Person, run_jobs: RunJobs) -> None:
    correct(holder, email=NEW)
    correct(holder, email=OLD)
    run_jobs()
    assert messages() == [(NEW, "en")]


@pytest.mark.parametrize("is_safe_before", [True, False])
def test_nobody_is_told_where_it_is_not_safe(
    holder: Person, run_jobs: RunJobs, is_safe_before: bool
) -> None:
    correct(holder, is_safe_to_contact=is_safe_before)
    correct(holder, is_safe_to_contact=not is_safe_before, email=NEW)
    run_jobs()
    assert messages() == []


def test_a_suspect_does_not_learn_what_we_found_out(holder: Person, run_jobs: RunJobs) -> None:
    link(holder, LinkRole.SUSPECT)
    correct(holder, email=NEW)
    run_jobs()
    assert messages() == []


@pytest.mark.parametrize(
    ("role", "is_safe", "is_told"),
    [
        (LinkRole.VICTIM, True, True),
        (LinkRole.ON_BEHALF, True, True),
        (LinkRole.VICTIM, None, False),
        (LinkRole.WITNESS, True, False),
    ],
)
def test_who_follows_a_crime_is_told_where_it_is_safe(
    joy: Actor, run_jobs: RunJobs, role: str, is_safe: bool | None, is_told: bool
) -> None:
    with within_command(joy):
        details = replace(GRACE, is_safe_to_contact=is_safe)
        person = get_or_create_person(actor=joy, at=AT, details=details)
    link(person, role)
    correct(person, email=NEW)
    run_jobs()
    assert messages() == ([(OLD, "en")] if is_told else [])


def test_a_victim_with_a_licence_is_told_once(holder: Person, run_jobs: RunJobs) -> None:
    correct(holder, is_safe_to_contact=True)
    link(holder, LinkRole.VICTIM)
    correct(holder, email=NEW)
    run_jobs()
    assert messages() == [(OLD, "en")]
