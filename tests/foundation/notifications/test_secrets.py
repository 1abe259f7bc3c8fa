"""A one-time code cannot be read in the database: not while it waits, and not at all once it was
sent.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from pytest_django import Settings

from bluelamp.foundation.notifications.commands import TryAgain, send_soon
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.queries import WORDS, gaps_of
from bluelamp.foundation.notifications.rules import SECRET_GAPS
from sandbox.notify import Notify
from tests.foundation.notifications.test_send_message import CODE, ask

pytestmark = pytest.mark.django_db


def at_rest() -> str:
    """Everything that the database holds of the messages and of the jobs that send them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m::text FROM notifications_message m UNION ALL SELECT args::text FROM procrastinate_jobs"
        )
        return "\n".join(row for (row,) in cursor.fetchall())


def test_it_works(at: datetime, notify: Notify, run_jobs: Callable[[], int]) -> None:
    message = ask(at)
    assert CODE["code"] not in at_rest()
    assert CODE["force"] in at_rest()
    run_jobs()
    [sent] = notify.messages({})["notifications"]
    assert f"Your code is {CODE['code']}." in sent["body"]
    message.refresh_from_db()
    assert message.personalisation == CODE | {"code": ""}


def test_it_waits_unreadable_while_the_service_cannot(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = ask(at)
    notify.fail_next = 1
    with pytest.raises(TryAgain):
        send_soon(message_id=str(message.id))
    message.refresh_from_db()
    assert message.personalisation["code"]
    assert CODE["code"] not in at_rest()
    run_jobs()
    [sent] = notify.messages({})["notifications"]
    assert CODE["code"] in sent["body"]


def test_under_another_key_it_is_not_sent(at: datetime, notify: Notify, settings: Settings) -> None:
    message = ask(at)
    settings.SECRET_KEY = "another"
    send_soon(message_id=str(message.id))
    message.refresh_from_db()
    assert (message.state, message.personalisation["code"]) == (Message.State.REFUSED, "")
    assert "BLUELAMP_SECRET_KEY was changed" in message.why_not
    assert notify.messages({})["notifications"] == []


def test_every_secret_is_a_gap_of_its_template() -> None:
    for template, secrets in SECRET_GAPS.items():
        for path in WORDS.glob(f"{template}.*.txt"):
            assert secrets <= set(gaps_of(template, path.name.split(".")[-2]))
