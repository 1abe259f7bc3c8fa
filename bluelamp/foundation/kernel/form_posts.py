"""Forms that are sent once: a second send of the same form does nothing.

Without scripts a button can be pressed twice. The first command that a send runs writes its key in
its own transaction, so that the key and what the command did are committed together or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.models import FormPost

MAX_LOCATION_LENGTH = 2_000


@dataclass(slots=True)
class FormSend:
    """A form that is being sent: its key, and whether a command of it is on record."""

    key: UUID
    is_recorded: bool = False


_sending: ContextVar[FormSend | None] = ContextVar("sending_form", default=None)


class AlreadySent(Exception):
    """The same form was sent before, and what it asked for is done."""


@contextmanager
def send_once(key: UUID) -> Iterator[FormSend]:
    """Let the commands of the block run only if no form was sent under this key before.

    Raises:
        AlreadySent: One was. It comes from the first command, which has written nothing.
    """
    send = FormSend(key)
    token = _sending.set(send)
    try:
        yield send
    finally:
        _sending.reset(token)


@contextmanager
def record_form_post() -> Iterator[None]:
    """Record in the current transaction that a form was sent, where one is being sent.

    Waits for a transaction in which the same form is being sent.

    Raises:
        AlreadySent: The form was sent before.
    """
    send = _sending.get()
    # The later commands of a send belong to it.
    if send is None or send.is_recorded:
        yield
        return
    with connection.cursor() as cursor:
        # One statement: an INSERT that fails would abort the transaction.
        cursor.execute(
            "INSERT INTO kernel_formpost (id, received_at, location) VALUES (%s, %s, '')"
            " ON CONFLICT (id) DO NOTHING",
            [send.key, now()],
        )
        if cursor.rowcount == 0:
            raise AlreadySent
    yield
    # Not where the command raised: its row goes with it, and the next command records the send.
    send.is_recorded = True


def store_location(key: UUID, location: str) -> None:
    """Store where a send led to, for whoever sent it twice."""
    with writes_outside_commands(Exemption.FORM_POST):
        FormPost.objects.filter(id=key).update(location=location[:MAX_LOCATION_LENGTH])


def forget_form_post(key: UUID) -> None:
    """Forget a send that led nowhere, so that the same form can be sent again."""
    with writes_outside_commands(Exemption.FORM_POST):
        FormPost.objects.filter(id=key).delete()


def find_location(key: UUID) -> str | None:
    """Return where a send led to, "" while it is not answered, None where there is none."""
    return FormPost.objects.filter(id=key).values_list("location", flat=True).first()
