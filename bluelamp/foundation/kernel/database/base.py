"""The name and place that Django asks of a database backend."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose health is looked at on its own socket, before each request.

    A server that ended a connection has said so there: the socket can be read although nothing was
    asked. Django asks `SELECT 1` before each request instead, and every page waits for the answer.
    """

    def is_usable(self) -> bool:
        """Say whether the connection can be used: silence is enough, unless something went wrong on
        it before.
        """
        if self.errors_occurred or self.connection is None or self.connection.closed:
            return super().is_usable()
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return super().is_usable()
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return super().is_usable() if line.poll(0) else True
