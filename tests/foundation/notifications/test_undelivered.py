"""A message that could not be delivered is listed until a member of staff deals with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.notifications.commands import (
    MAX_NOTE_LENGTH,
    add_undelivered_message,
    mark_message_dealt_with,
    send_message_or_list_undelivered,
    system_actor,
)
from bluelamp.foundation.notifications.events import MessageNotDelivered
from bluelamp.foundation.notifications.lookups import (
    UndeliveredMessageRow,
    list_undelivered_messages,
)
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from sandbox.notify import Notify
from tests.cast import signed_in
from tests.foundation.notifications.test_send_message import CODE, request_message

pytestmark = pytest.mark.django_db


def listed(
    actor: Actor, at: datetime, *, is_dealt_with: bool = False
) -> list[UndeliveredMessageRow]:
    page = list_undelivered_messages(actor=actor, at=at, is_dealt_with=is_dealt_with)
    assert page.total == len(page.messages)
    return list(page.messages)


@pytest.fixture
def joy() -> Actor:
    """Joy, of the crime desk."""
    return signed_in(cast.JOY)


def test_it_works(at: datetime, notify: Notify, run_jobs: Callable[[], int], joy: Actor) -> None:
    request_message(at, to="perm-fail@simulator.notify", reference="BL-7")
    run_jobs()
    [row] = listed(joy, at)
    assert (row.reference, row.kind, row.to) == ("BL-7", "email", "perm-fail@simulator.notify")
    assert row.reason == "permanent-failure"
    assert row.dealt_with_at is None
    mark_message_dealt_with(actor=joy, at=at, undelivered_id=row.id, note=" Called her. ")
    assert listed(joy, at) == []
    [row] = listed(joy, at, is_dealt_with=True)
    assert (row.dealt_with_at, row.dealt_with_by, row.note) == (at, joy.name, "Called her.")
    assert AuditEntry.objects.filter(act="message.dealt_with", ref="BL-7").count() == 1


def test_an_address_that_is_none_is_listed_once(at: datetime, joy: Actor) -> None:
    for _ in range(2):
        message = send_message_or_list_undelivered(
            actor=system_actor("01"),
            at=at,
            to="esi@",
            template="one-time-code",
            personalisation=CODE,
            reference="BL-8",
            idempotency_key="code 1",
        )
        assert message is None
    [row] = listed(joy, at)
    assert (row.reference, row.kind, row.to) == ("BL-8", "", "esi@")
    assert not Message.objects.exists()


def test_a_good_address_is_sent_to(at: datetime) -> None:
    message = send_message_or_list_undelivered(
        actor=system_actor("01"),
        at=at,
        to="esi@example.com",
        template="one-time-code",
        personalisation=CODE,
    )
    assert message is not None
    assert not UndeliveredMessage.objects.exists()


def test_an_event_delivered_twice_is_listed_once(at: datetime, notify: Notify, joy: Actor) -> None:
    message = request_message(at)
    event = MessageNotDelivered(
        message_id=message.id, reference=message.reference, template=message.template
    )
    add_undelivered_message(event)
    add_undelivered_message(event)
    assert len(listed(joy, at)) == 1


def test_the_first_note_stays(at: datetime, joy: Actor) -> None:
    send_message_or_list_undelivered(
        actor=system_actor("01"), at=at, to="", template="one-time-code", personalisation=CODE
    )
    [row] = listed(joy, at)
    mark_message_dealt_with(actor=joy, at=at, undelivered_id=row.id, note="Wrote a letter")
    mark_message_dealt_with(actor=joy, at=at, undelivered_id=row.id, note="Nothing")
    assert listed(joy, at, is_dealt_with=True)[0].note == "Wrote a letter"


def test_another_force_and_another_role_see_nothing(at: datetime, joy: Actor) -> None:
    send_message_or_list_undelivered(
        actor=system_actor("01"), at=at, to="", template="one-time-code", personalisation=CODE
    )
    [row] = listed(joy, at)
    other_force = replace(joy, force="42")
    assert listed(other_force, at) == []
    with pytest.raises(NotFound):
        mark_message_dealt_with(actor=other_force, at=at, undelivered_id=row.id)
    with pytest.raises(NotPermitted):
        list_undelivered_messages(actor=signed_in(cast.ADA), at=at)


def test_a_long_note_is_refused(at: datetime, joy: Actor) -> None:
    send_message_or_list_undelivered(
        actor=system_actor("01"), at=at, to="", template="one-time-code", personalisation=CODE
    )
    [row] = listed(joy, at)
    with pytest.raises(Refused):
        mark_message_dealt_with(
            actor=joy, at=at, undelivered_id=row.id, note="x" * (MAX_NOTE_LENGTH + 1)
        )
