"""A one-time code cannot be read in the database: not while it waits, and not at all once it was
sent.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from pytest_django import Settings

from bluelamp.foundation.notifications.commands import RetryLater, send_waiting_message_job
from bluelamp.foundation.notifications.lookups import TEMPLATES_FOLDER, placeholders_of
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.rules import SECRET_PLACEHOLDERS
from sandbox.notify import Notify
from tests.foundation.notifications.test_send_message import CODE, request_message

pytestmark = pytest.mark.django_db


def stored_text() -> str:
    """Everything that the database holds of the messages and of the jobs that send them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m::text FROM notifications_message m "
            "UNION ALL SELECT args::text FROM procrastinate_jobs"
        )
        return "\n".join(row for (row,) in cursor.fetchall())


def test_it_works(at: datetime, notify: Notify, run_jobs: Callable[[], int]) -> None:
    message = request_message(at)
    assert CODE["code"] not in stored_text()
    assert CODE["force"] in stored_text()
    run_jobs()
    [sent] = notify.messages({})["notifications"]
    assert f"Your code is {CODE['code']}." in sent["body"]
    message.refresh_from_db()
    assert message.personalisation == CODE | {"code": ""}


def test_it_waits_encrypted_while_the_service_cannot_be_reached(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = request_message(at)
    notify.fail_next = 1
    with pytest.raises(RetryLater):
        send_waiting_message_job(message_id=str(message.id))
    message.refresh_from_db()
    assert message.personalisation["code"]
    assert CODE["code"] not in stored_text()
    run_jobs()
    [sent] = notify.messages({})["notifications"]
    assert CODE["code"] in sent["body"]


def test_under_another_key_it_is_not_sent(at: datetime, notify: Notify, settings: Settings) -> None:
    message = request_message(at)
    settings.SECRET_KEY = "another"
    send_waiting_message_job(message_id=str(message.id))
    message.refresh_from_db()
    assert (message.state, message.personalisation["code"]) == (Message.State.REFUSED, "")
    assert "BLUELAMP_SECRET_KEY was changed" in message.failure_reason
    assert notify.messages({})["notifications"] == []


def test_every_secret_is_a_placeholder_of_its_template() -> None:
    for template, secrets in SECRET_PLACEHOLDERS.items():
        paths = list(TEMPLATES_FOLDER.glob(f"{template}.*.txt"))
        for kind in {path.name.split(".")[-2] for path in paths}:
            # In Welsh there can be one more: the link to the English page.
            assert secrets <= set(placeholders_of(template, kind, "cy"))
