"""Asking for a message, sending it, and learning what became of it, against the stand-in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.foundation.notifications.commands import TryAgain, postman, send_message, send_soon
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.queries import WORDS, gaps_of
from bluelamp.foundation.notifications.rules import (
    MOST_ATTEMPTS,
    is_worth_trying_again,
    kind_of_address,
)
from sandbox.notify import Notify

pytestmark = pytest.mark.django_db
CODE = {"code": "482913", "minutes": "15", "force": "Metropolitan Police"}


def ask(at: datetime, **changes: Any) -> Message:
    wanted = {
        "to": "esi@example.com",
        "template": "one-time-code",
        "personalisation": CODE,
        "reference": "BL-1",
    }
    return send_message(actor=postman("01"), at=at, **(wanted | changes))


def test_it_works(at: datetime, notify: Notify, run_jobs: Callable[[], int]) -> None:
    message = ask(at)
    assert message.state == Message.State.WAITING
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.kind, message.attempts) == (Message.State.DELIVERED, "email", 1)
    [sent] = notify.messages({})["notifications"]
    assert (sent["id"], sent["subject"]) == (str(message.notify_id), "Your code is 482913")
    assert sent["reference"] == str(message.id)
    acts = list(
        AuditEntry.objects.filter(subject_id=message.id)
        .order_by("at", "id")
        .values_list("act", flat=True)
    )
    assert sorted(acts) == ["message.asked_for", "message.followed", "message.sent"]


def test_a_text_when_the_address_is_a_number(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = ask(at, to=" 07700 900123 ")
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.kind, message.to) == (
        Message.State.DELIVERED,
        "sms",
        "07700 900123",
    )


def test_once_is_once(at: datetime, notify: Notify, run_jobs: Callable[[], int]) -> None:
    first, second = ask(at, once="report BL-1"), ask(at, once="report BL-1")
    run_jobs()
    assert first.id == second.id
    assert len(notify.messages({})["notifications"]) == 1


@pytest.mark.parametrize("to", ["", "esi", "esi@", "@example.com", "020 7946 0000", "0770090", "a b@example.com",
                                "a@b", "x" * 250 + "@b.c", "esi@example.com\nBcc: x@y.z", "💩@💩"])  # fmt: skip
def test_an_address_that_nobody_is_at(at: datetime, to: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(at, to=to)
    assert refused.value.field == "to"
    assert not Message.objects.exists()


def test_a_gap_left_open_is_our_mistake(at: datetime) -> None:
    with pytest.raises(ValueError, match="needs code"):
        ask(at, personalisation={"minutes": "15", "force": "x"})
    with pytest.raises(ValueError, match="no email template"):
        ask(at, template="no-such-thing")


def test_the_public_may_not(at: datetime) -> None:
    with pytest.raises(NotPermitted):
        send_message(
            actor=Actor.public(), at=at, to="a@b.c", template="one-time-code", personalisation=CODE
        )


@pytest.mark.parametrize("fault", ["busy", "broken", "out of reach"])
def test_tried_again_while_the_service_cannot(
    at: datetime, notify: Notify, settings: Settings, run_jobs: Callable[[], int], fault: str
) -> None:
    message = ask(at)
    if fault == "busy":
        notify.rate = 0
    elif fault == "broken":
        notify.fail_next = 1
    else:
        settings.BLUELAMP_NOTIFY_URL = "http://127.0.0.1:9"
    with pytest.raises(TryAgain):
        send_soon(message_id=str(message.id))
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.State.WAITING, 1)
    assert message.why_not
    notify.rate, settings.BLUELAMP_NOTIFY_URL = 3000, notify.address
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.why_not) == (Message.State.DELIVERED, 2, "")


def test_given_up_after_many_attempts(at: datetime, notify: Notify) -> None:
    message = ask(at)
    Message.objects.filter(id=message.id).update(attempts=MOST_ATTEMPTS - 1)
    notify.rate = 0
    send_soon(message_id=str(message.id))
    message.refresh_from_db()
    assert message.state == Message.State.REFUSED


def test_not_tried_again_when_the_request_is_wrong(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = ask(at)
    Message.objects.filter(id=message.id).update(personalisation={})
    run_jobs()
    message.refresh_from_db()
    assert message.state == Message.State.REFUSED
    assert message.why_not == "Missing personalisation: code, minutes, force"
    assert OutboxEvent.objects.filter(name="MessageNotDelivered").count() == 1


def test_a_message_that_does_not_arrive(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = ask(at, to="perm-fail@simulator.notify")
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.why_not) == (Message.State.NOT_DELIVERED, "permanent-failure")


def test_a_death_after_sending_does_not_send_twice(at: datetime, notify: Notify) -> None:
    message = ask(at)
    send_soon(message_id=str(message.id))
    Message.objects.filter(id=message.id).update(state="waiting", notify_id=None, sent_at=None)
    send_soon(message_id=str(message.id))
    assert len(notify.messages({})["notifications"]) == 1


def test_held_where_there_is_no_service(
    at: datetime, settings: Settings, run_jobs: Callable[[], int]
) -> None:
    settings.BLUELAMP_NOTIFY_URL = ""
    message = ask(at)
    run_jobs()
    message.refresh_from_db()
    assert message.state == Message.State.HELD


def test_every_template_is_written_for_both_kinds_or_says_what_it_needs() -> None:
    for path in WORDS.glob("*.txt"):
        name, _, kind = path.stem.rpartition(".")
        assert kind in {"email", "sms"}
        assert gaps_of(name, kind)
        text = path.read_text(encoding="utf-8")
        assert text.startswith("Subject: ") == (kind == "email")


@pytest.mark.parametrize(
    ("status", "again"), [(400, False), (403, False), (429, True), (500, True), (503, True)]
)
def test_what_is_worth_trying_again(status: int, again: bool) -> None:
    assert is_worth_trying_again(status) is again


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        ("a@b.co", "email"),
        ("+447700900123", "sms"),
        ("07700-900123", "sms"),
        ("0044 7700 900123", "sms"),
        ("020 7946 0000", ""),
    ],
)
def test_kind_of_address(to: str, kind: str) -> None:
    assert kind_of_address(to) == kind
