"""Forms that are sent once: a second send of the same form does nothing.

Without scripts a button can be pressed twice. The first command that a send runs writes its key in
its own transaction, so that the key and what the command did are committed together or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.models import FormPost

_pending: ContextVar[UUID | None] = ContextVar("pending_form_post", default=None)


class AlreadySent(Exception):
    """The same form was sent before, and what it asked for is done."""


@contextmanager
def send_once(key: UUID) -> Iterator[None]:
    """Let the commands of the block run only if no form was sent under this key before.

    Raises:
        AlreadySent: One was. It comes from the first command, which has written nothing.
    """
    token = _pending.set(key)
    try:
        yield
    finally:
        _pending.reset(token)


def record_form_post() -> None:
    """Record in the current transaction that a form was sent, where one is being sent.

    Waits for a transaction in which the same form is being sent.

    Raises:
        AlreadySent: The form was sent before.
    """
    key = _pending.get()
    if key is None:
        return
    with connection.cursor() as cursor:
        # One statement: an INSERT that fails would abort the transaction.
        cursor.execute(
            "INSERT INTO kernel_formpost (id, received_at, location) VALUES (%s, %s, '')"
            " ON CONFLICT (id) DO NOTHING",
            [key, now()],
        )
        if cursor.rowcount == 0:
            raise AlreadySent
    # The other commands of this send belong to it.
    _pending.set(None)


def store_location(key: UUID, location: str) -> None:
    """Store where a send led to, for whoever sent it twice."""
    with writes_outside_commands(Exemption.FORM_POST):
        FormPost.objects.filter(id=key).update(location=location[:MAX_LOCATION_LENGTH])


def find_location(key: UUID) -> str:
    """Return where a send led to, "" where that is not known."""
    row = FormPost.objects.filter(id=key).first()
    return row.location if row else ""


MAX_LOCATION_LENGTH = 2_000
