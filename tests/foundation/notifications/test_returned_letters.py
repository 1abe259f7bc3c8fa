"""A letter that the post brought back reaches a person at the desk, weeks after it was sent."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.commands import mark_message_dealt_with
from bluelamp.foundation.notifications.lookups import list_undelivered_messages
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from sandbox.notify import Notify
from tests.foundation.notifications.test_send_letter import send_news

pytestmark = pytest.mark.django_db
URL, TOKEN = "/notify/returned-letters/", "a-token-of-the-tests"


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.BLUELAMP_NOTIFY_CALLBACK_TOKEN = TOKEN


def post(content: Any, *, token: str = TOKEN, body: bytes | None = None) -> int:
    """Post what Notify posts, and return the status of the answer."""
    answer = Client(enforce_csrf_checks=True).post(
        URL,
        json.dumps(content).encode() if body is None else body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status_code


@pytest.fixture
def letter(at: datetime, notify: Notify, run_jobs: Callable[[], int]) -> Message:
    """A letter that was printed and posted."""
    send_news(at)
    run_jobs()
    message = Message.objects.get()
    assert message.state == Message.State.DELIVERED
    return message


def test_it_works(
    at: datetime, letter: Message, notify: Notify, run_jobs: Callable[[], int], joy: Actor
) -> None:
    content = notify.returned_letter(str(letter.notify_id))
    assert post(content) == 204
    run_jobs()
    [row] = list_undelivered_messages(actor=joy, at=at).messages
    assert (row.kind, row.reference, row.reason) == (
        "letter",
        letter.reference,
        "returned-letter",
    )
    letter.refresh_from_db()
    assert letter.state == Message.State.NOT_DELIVERED
    # Notify sends again what it has no answer to: dealt with, it does not come back.
    mark_message_dealt_with(actor=joy, at=at, undelivered_id=row.id)
    assert post(content) == 204
    run_jobs()
    assert list_undelivered_messages(actor=joy, at=at).total == 0
    assert UndeliveredMessage.objects.count() == 1


@pytest.mark.parametrize("token", ["", "Bearer", TOKEN[:-1], f"{TOKEN}x"])
def test_without_the_token_nothing_is_believed(letter: Message, notify: Notify, token: str) -> None:
    assert post(notify.returned_letter(str(letter.notify_id)), token=token) == 401
    letter.refresh_from_db()
    assert letter.state == Message.State.DELIVERED


@pytest.mark.parametrize("token", ["", "short"])
def test_a_force_without_a_token_takes_none(
    letter: Message, notify: Notify, settings: Settings, token: str
) -> None:
    settings.BLUELAMP_NOTIFY_CALLBACK_TOKEN = token
    assert post(notify.returned_letter(str(letter.notify_id)), token=token) == 401


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b"{}", b'{"notification_id": "none"}'])
def test_what_is_no_such_message_is_refused(body: bytes) -> None:
    assert post(None, body=body) == 400


def test_a_letter_that_is_none_of_ours_is_no_fault(letter: Message) -> None:
    assert post({"notification_id": str(uuid4())}) == 204
    assert not UndeliveredMessage.objects.exists()


def test_too_much_is_not_read() -> None:
    assert post(None, body=b" " * 100_001) == 413
