"""Asking for a message, sending it, and learning what became of it, against the stand-in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.foundation.notifications.commands import (
    RetryLater,
    send_message,
    send_waiting_message_job,
    system_actor,
)
from bluelamp.foundation.notifications.lookups import TEMPLATES_FOLDER, placeholders_of
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.rules import (
    MAX_ATTEMPTS,
    address_kind,
    is_retryable,
)
from sandbox.notify import Notify
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
CODE = {"code": "482913", "minutes": "15", "force": "Metropolitan Police"}


def request_message(at: datetime, **changes: Any) -> Message:
    wanted = {
        "to": "esi@example.com",
        "template": "one-time-code",
        "personalisation": CODE,
        "reference": "BL-1",
    }
    return send_message(actor=system_actor("01"), at=at, **(wanted | changes))


def test_it_works(at: datetime, notify: Notify, run_jobs: Callable[[], int]) -> None:
    message = request_message(at)
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
    message = request_message(at, to=" 07700 900123 ")
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.kind, message.to) == (
        Message.State.DELIVERED,
        "sms",
        "07700 900123",
    )


def test_one_idempotency_key_sends_one_message(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    first, second = (
        request_message(at, idempotency_key="report BL-1"),
        request_message(at, idempotency_key="report BL-1"),
    )
    run_jobs()
    assert first.id == second.id
    assert len(notify.messages({})["notifications"]) == 1


@pytest.mark.parametrize(
    "to",
    [
        "",
        "esi",
        "esi@",
        "@example.com",
        "020 7946 0000",
        "0770090",
        "a b@example.com",
        "a@b",
        "x" * 250 + "@b.c",
        "esi@example.com\nBcc: x@y.z",
        "💩@💩",
    ],
)
def test_an_invalid_address_is_refused(at: datetime, to: str) -> None:
    with pytest.raises(Refused) as refused:
        request_message(at, to=to)
    assert refused.value.field == "to"
    assert not Message.objects.exists()


def test_a_placeholder_without_a_value_is_our_mistake(at: datetime) -> None:
    with pytest.raises(ValueError, match="needs code"):
        request_message(at, personalisation={"minutes": "15", "force": "x"})
    with pytest.raises(ValueError, match="no email template"):
        request_message(at, template="no-such-thing")


def test_the_public_cannot_send_messages(at: datetime) -> None:
    with pytest.raises(NotPermitted):
        send_message(
            actor=public_actor(), at=at, to="a@b.c", template="one-time-code", personalisation=CODE
        )


@pytest.mark.parametrize("fault", ["busy", "broken", "out of reach"])
def test_it_is_retried_while_the_service_cannot_be_reached(
    at: datetime, notify: Notify, settings: Settings, run_jobs: Callable[[], int], fault: str
) -> None:
    message = request_message(at)
    if fault == "busy":
        notify.rate = 0
    elif fault == "broken":
        notify.fail_next = 1
    else:
        settings.BLUELAMP_NOTIFY_URL = "http://127.0.0.1:9"
    with pytest.raises(RetryLater):
        send_waiting_message_job(message_id=str(message.id))
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.State.WAITING, 1)
    assert message.failure_reason
    notify.rate, settings.BLUELAMP_NOTIFY_URL = 3000, notify.address
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.failure_reason) == (
        Message.State.DELIVERED,
        2,
        "",
    )


def test_given_up_after_many_attempts(at: datetime, notify: Notify) -> None:
    message = request_message(at)
    with direct_writes():
        Message.objects.filter(id=message.id).update(attempts=MAX_ATTEMPTS - 1)
    notify.rate = 0
    send_waiting_message_job(message_id=str(message.id))
    message.refresh_from_db()
    assert message.state == Message.State.REFUSED


def test_not_tried_again_when_the_request_is_wrong(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = request_message(at)
    with direct_writes():
        Message.objects.filter(id=message.id).update(personalisation={})
    run_jobs()
    message.refresh_from_db()
    assert message.state == Message.State.REFUSED
    assert message.failure_reason == "Missing personalisation: code, minutes, force"
    assert OutboxEvent.objects.filter(name="notifications.message_not_delivered.v1").count() == 1


def test_a_message_that_does_not_arrive(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = request_message(at, to="perm-fail@simulator.notify")
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.failure_reason) == (
        Message.State.NOT_DELIVERED,
        "permanent-failure",
    )


def test_a_crash_after_sending_does_not_send_twice(at: datetime, notify: Notify) -> None:
    message = request_message(at)
    send_waiting_message_job(message_id=str(message.id))
    with direct_writes():
        Message.objects.filter(id=message.id).update(state="waiting", notify_id=None, sent_at=None)
    send_waiting_message_job(message_id=str(message.id))
    assert len(notify.messages({})["notifications"]) == 1


def test_a_message_is_paused_where_there_is_no_service(
    at: datetime, settings: Settings, run_jobs: Callable[[], int]
) -> None:
    settings.BLUELAMP_NOTIFY_URL = ""
    message = request_message(at)
    run_jobs()
    message.refresh_from_db()
    assert message.state == Message.State.PAUSED


def test_every_template_has_placeholders_and_an_email_a_subject() -> None:
    for path in TEMPLATES_FOLDER.glob("*.txt"):
        name, _, kind = path.stem.rpartition(".")
        assert kind in {"email", "sms", "letter"}
        assert placeholders_of(name, kind)
        text = path.read_text(encoding="utf-8")
        assert text.startswith("Subject: ") == (kind != "sms")


@pytest.mark.parametrize(
    ("status", "again"), [(400, False), (403, False), (429, True), (500, True), (503, True)]
)
def test_retryable_statuses(status: int, again: bool) -> None:
    assert is_retryable(status) is again


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
def test_address_kind(to: str, kind: str) -> None:
    assert address_kind(to) == kind


def test_no_template_says_what_was_reported() -> None:
    """A message can be read by whoever hurt the person: it names no kind of crime."""
    neutral = {"reference", "crime_number", "link", "next", "code", "minutes", "force"}
    to_staff = {"sign-in-changed": {"change", "when"}}
    to_payers = {
        name: {"amount"}
        for name in ("payment-received", "payment-not-finished", "payment-refunded")
    }
    to_requesters = {"request-ready": {"until"}, "request-ready-no-link": {"until"}}
    to_applicants = {
        "licence-ends": {"until"},
        "certificate-ends": {"until", "apply_by", "extended"},
        "referee-request": {"applicant", "name", "days", "english_link"},
    }
    to_makers = {"statement-copy": {"until"}}
    to_searched = {"record-copy": {"until"}}
    known = to_makers | to_searched | to_staff | to_payers | to_requesters | to_applicants
    for path in TEMPLATES_FOLDER.glob("*.txt"):
        name, kind = path.name.split(".")[0], path.name.split(".")[-2]
        assert set(placeholders_of(name, kind, "cy")) <= neutral | known.get(name, set())
        text = path.read_text(encoding="utf-8").lower()
        for word in ("burglary", "theft", "assault", "damage", "abuse", "robbery", "offence"):
            assert word not in text
