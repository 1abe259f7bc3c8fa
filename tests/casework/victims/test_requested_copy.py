"""The maker of a statement asks for a copy at the scene: it is sent by the rules of the desk."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from bluelamp.casework.crimes.commands import record_crime
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import take_statement
from bluelamp.casework.investigations.events import StatementCopyRequested
from bluelamp.casework.investigations.models import InvestigationEntry, Statement
from bluelamp.casework.investigations.rules import SceneStatement
from bluelamp.casework.victims.commands import send_requested_copy, send_statement_copy
from bluelamp.casework.victims.models import StatementCopy
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.encryption import decrypt_secrets
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import PersonInput
from tests.casework.scenes import AT, DAMAGE, make_scene_statement
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
RunJobs = Callable[[], int]
SENT = "Link to a copy of the statement of Kofi Asante sent to them by text."


@pytest.fixture
def capture(ada: Actor, reference: None) -> SceneStatement:
    """Return a statement whose maker wants a copy by text."""
    kofi = PersonInput(given_name="Kofi", family_name="Asante", email="kofi@example.com")
    crime = NewCrime(offence_code=DAMAGE, summary="A mirror was broken.", victims=(kofi,))
    number = record_crime(actor=ada, at=AT, crime=crime).number
    detail = get_crime(actor=ada, at=AT, number=number)
    person_id = detail.people_with_role("victim")[0].id
    return make_scene_statement(crime_id=detail.id, person_id=person_id, copy_means="sms")


def take(ada: Actor, capture: SceneStatement) -> UUID:
    return take_statement(actor=ada, at=AT, capture=capture, sha256="a" * 64).statement_id


def notes() -> list[tuple[str, str]]:
    entries = InvestigationEntry.objects.filter(kind="note")
    return list(entries.values_list("text", "by_name"))


def copies() -> list[dict[str, Any]]:
    return list(Message.objects.filter(template="statement-copy").values("to", "language"))


def test_it_works(ada: Actor, capture: SceneStatement, run_jobs: RunJobs) -> None:
    statement_id = take(ada, capture)
    assert not StatementCopy.objects.exists(), "the phone waits for no message"
    run_jobs()
    copy = StatementCopy.objects.get()
    assert (copy.statement_id, copy.means, copy.sent_by_id) == (statement_id, "sms", ada.id)
    assert copies() == [{"to": "07700 900456", "language": "en"}]
    assert notes() == [(SENT, ada.name)]
    assert not UndeliveredMessage.objects.exists()


def test_nothing_is_sent_unless_it_is_asked_for(
    ada: Actor, capture: SceneStatement, run_jobs: RunJobs
) -> None:
    take(ada, replace(capture, copy_means=""))
    run_jobs()
    assert (copies(), notes()) == ([], [])
    assert not UndeliveredMessage.objects.exists()


def test_a_doubled_capture_and_a_doubled_event_send_one(
    ada: Actor, capture: SceneStatement, run_jobs: RunJobs
) -> None:
    take(ada, capture)
    run_jobs()
    statement_id = take(ada, capture)
    run_jobs()
    crime = Statement.objects.get().crime
    assert ada.id
    event = StatementCopyRequested(
        statement_id=statement_id,
        number=str(crime.number),
        force="01",
        officer_id=ada.id,
        means="sms",
        language="en",
    )
    send_requested_copy(event)
    assert (len(copies()), notes()) == (1, [(SENT, ada.name)])


def test_in_welsh(ada: Actor, capture: SceneStatement, run_jobs: RunJobs) -> None:
    take(ada, replace(capture, copy_language="cy"))
    run_jobs()
    (message,) = Message.objects.filter(template="statement-copy")
    values = decrypt_secrets(message.personalisation, template=message.template)
    assert message.language == "cy"
    assert "/cy/papers/" in str(values["link"])


def _make_unsafe(_settings: Settings) -> None:
    with direct_writes():
        Person.objects.update(is_safe_to_contact=False)


def _turn_off(settings: Settings) -> None:
    settings.BLUELAMP_STATEMENT_COPIES = False


def _take_roles(_settings: Settings) -> None:
    with direct_writes():
        User.objects.get(username="ada").roles.clear()


@pytest.mark.parametrize(
    ("change", "means", "reason"),
    [
        (_make_unsafe, "sms", "not safe to write to them"),
        (_turn_off, "sms", "sends no copies"),
        (_take_roles, "sms", "Ada Bello 1234SE may not send copies"),
        # Only on record, and the officer saw only the back.
        (None, "email", "no such address"),
    ],
)
def test_what_cannot_be_sent_is_listed_and_the_statement_is_taken(
    ada: Actor,
    capture: SceneStatement,
    run_jobs: RunJobs,
    settings: Settings,
    change: Callable[[Settings], None] | None,
    means: str,
    reason: str,
) -> None:
    take(ada, replace(capture, copy_means=means))
    if change:
        change(settings)
    for _again in range(2):
        run_jobs()
        assert Statement.objects.count() == 1
        assert (copies(), notes()) == ([], [])
        row = UndeliveredMessage.objects.get()
        assert reason in row.reason
        assert (row.to, row.template) == ("", "statement-copy")
        assert row.reference == str(Statement.objects.get().crime.number)
        take(ada, replace(capture, copy_means=means))


def test_an_address_that_is_none_is_listed(
    ada: Actor, capture: SceneStatement, run_jobs: RunJobs
) -> None:
    back = replace(capture.back, email="kofi at home")
    take(ada, replace(capture, back=back, copy_means="email"))
    run_jobs()
    assert not StatementCopy.objects.exists(), "a copy without its message is undone"
    assert UndeliveredMessage.objects.get().reason
    assert notes() == []


def test_the_desk_sends_another_and_the_log_says_so(
    ada: Actor, joy: Actor, capture: SceneStatement, run_jobs: RunJobs
) -> None:
    statement_id = take(ada, capture)
    run_jobs()
    send_statement_copy(
        actor=joy, at=AT, statement_id=statement_id, means="email", is_safe=True, language="en"
    )
    assert len(copies()) == 2
    assert (SENT.replace("by text", "by email"), joy.name) in notes()
