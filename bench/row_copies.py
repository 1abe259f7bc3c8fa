"""Copies of a table's rows, made inside the database.

Written past every command and by the database's own superuser: the copies are no evidence of
anything, and 100,000 of them through commands would take an hour.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg

from bench.instance import Instance

# The id of a copy follows from that of its original, so that each table finds the others' copies.
_COPY_ID = "md5({column}::text || copy)::uuid"


def copy_id(column: str = "id") -> str:
    """Return the SQL of a copy's id, or of the id of the copy that a column refers to."""
    return _COPY_ID.format(column=f"row.{column}")


@contextmanager
def open_database(instance: Instance) -> Iterator[psycopg.Connection]:
    """Connect to an instance's database as its owner, without triggers or foreign keys."""
    with psycopg.connect(
        host=str(instance.var / "postgres"), user="postgres", dbname="bluelamp", autocommit=True
    ) as connection:
        # Neither triggers nor foreign keys are checked: the copies are as good as the originals.
        connection.execute("SET session_replication_role = replica")
        connection.execute("CREATE TEMPORARY SEQUENCE copies")
        yield connection


def remember_originals(connection: psycopg.Connection, *tables: str) -> None:
    """Remember the rows of these tables, from which copies are made: original_TABLE has them."""
    for table in tables:
        connection.execute(f"CREATE TEMPORARY TABLE original_{table} AS SELECT * FROM {table}")


def copy_rows(
    connection: psycopg.Connection,
    table: str,
    changes: Mapping[str, str],
    *,
    copies: int,
    condition: str = "true",
    first: int = 1,
) -> None:
    """Insert copies of a table's original rows.

    Args:
        connection: To the database.
        table: The table, whose rows were remembered.
        changes: The SQL of each column that differs. `row` is the original, `copy` the number.
        copies: How many of each row.
        condition: Which of the original rows.
        first: The number of the first copy.
    """
    values = ", ".join(f"'{name}', {value}" for name, value in changes.items())
    connection.execute(
        f"INSERT INTO {table} SELECT changed.* "
        f"FROM (SELECT * FROM original_{table} WHERE {condition}) AS row "
        f"CROSS JOIN generate_series({first}, {first + copies - 1}) AS copy "
        f"CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, "
        f"to_jsonb(row) || jsonb_build_object({values})) AS changed"
    )


def count_rows(connection: psycopg.Connection, table: str) -> int:
    """Return how many rows a table or a query in parentheses has."""
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return row[0] if row else 0
