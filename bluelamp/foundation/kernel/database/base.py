"""Django's PostgreSQL backend, with a health check that needs no round trip.

Django asks for a module of this name and a class of this name.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from bluelamp.foundation.kernel.database.write_guard import GuardedCursor, GuardedSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose health is checked on its own socket before each request.

    Its cursors refuse writes to our tables outside a command (`write_guard`).

    When a server ends a connection, the socket becomes readable although nothing was asked. Django
    sends `SELECT 1` before each request instead, and every page waits for the answer.
    """

    SchemaEditorClass = GuardedSchemaEditor

    def get_connection_params(self) -> dict[str, Any]:
        """Return what psycopg connects with: its cursors refuse writes outside commands."""
        return super().get_connection_params() | {"cursor_factory": GuardedCursor}

    def is_usable(self) -> bool:
        """Say whether the connection can be used.

        A silent socket is enough, unless something went wrong on the connection before.
        """
        if self.errors_occurred or self.connection is None or self.connection.closed:
            return super().is_usable()
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return super().is_usable()
        poller = select.poll()
        poller.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if poller.poll(0) else True
