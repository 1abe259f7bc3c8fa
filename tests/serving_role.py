"""The role that serves, for tests: other tests run as the owner of the tables, who may do more."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import sql

from bluelamp.foundation.kernel.database.roles import grant_privileges


def create_serving_role() -> str:
    """Create a role with the rights of the one that serves; it goes with the test's transaction."""
    role = f"serving_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    grant_privileges(role=role)
    return role


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Run the statements of the block as a role."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
