"""Locks by name that every node of one database shares."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


def lock_until_commit(name: str) -> None:
    """Take a lock that ends with the transaction, and wait for whoever has it.

    For where there is no row yet to lock, or none that may be locked: PostgreSQL lets only those
    lock a row who may change it, and the role that serves may not change tables that only grow.

    Args:
        name: What is locked, such as "one-time codes for …".
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


@contextmanager
def database_lock(name: str, *, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold a lock for the time of a block of several transactions, and wait for whoever holds it.

    The lock is that of a transaction in a connection of its own. A session's lock would not survive
    a transaction pooler such as PgBouncer, and the work in the block has transactions of its own.
    It ends with this process, however that ends.

    Args:
        name: What is locked, such as "migrate".
        on_wait: Called once if somebody else holds the lock.
    """
    helper = connection.copy()
    try:
        with helper.cursor() as cursor:
            cursor.execute("BEGIN")
            # the server would otherwise end a transaction that is idle for a minute
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            key = [f"bluelamp {name}"]
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", key)
            if not cursor.fetchone()[0]:
                if on_wait:
                    on_wait()
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", key)
            yield
            cursor.execute("COMMIT")
    finally:
        helper.close()
