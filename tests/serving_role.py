"""Tests act in the database as the role that serves, so what it may not do fails in a test.

A test that sets up rows, or tampers with them, does so as the owner of the tables: see
`tests.direct_writes`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.pq import TransactionStatus

from bluelamp.foundation.kernel.database.roles import grant_privileges

# Belongs to the server, not to one database, so every run of the tests shares it.
ROLE = "bluelamp_tests_app"
_CREATE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role}; END IF;
END $$
"""


def connect_as_serving_role() -> None:
    """Have every connection to the tests' database act as the role that serves from now on.

    Migrations still connect as the owner, as in production.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_ROLE.format(role=ROLE))
    grant_privileges(role=ROLE)
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    settings.BLUELAMP_OWNER_DATABASE = {"OPTIONS": dict(options)}
    options["options"] = f"-c role={ROLE}"


@contextmanager
def acting_as_owner() -> Iterator[None]:
    """Run the statements of the block as the owner of the tables."""
    with acting_as("none"):
        yield


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Run the statements of the block as a role, and those after it as the one before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), set_config('role', %s, false)", [role])
        previous = cursor.fetchone()[0]
    try:
        yield
    finally:
        # A failed transaction takes no statement; its rollback brings the role back.
        if _takes_statements():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, false)", [previous])


def create_serving_role() -> str:
    """Create a role with the rights of the one that serves; it goes with the test's transaction.

    Only the owner of the tables may.
    """
    role = f"serving_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    grant_privileges(role=role)
    return role


def _takes_statements() -> bool:
    if connection.connection is None:
        return False
    status = connection.connection.info.transaction_status
    return status in {TransactionStatus.IDLE, TransactionStatus.INTRANS}
