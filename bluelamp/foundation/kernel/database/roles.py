"""Two roles of the database: one owns the tables, the other serves.

Migrations run as the owner, which in the embedded server is its superuser. Everything else connects
as a role that may read and write rows and no more: it cannot change a table, switch a trigger off,
or touch what stands in an append-only table. `grant_privileges` gives it its rights after each
migration, from what the database itself says of its tables, so a new table needs nothing by hand.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

SERVING_ROLE = "bluelamp_app"
"""The name of the role that serves, in the embedded server."""

# A table is append-only if a trigger before UPDATE (16) and DELETE (8) refuses both: see
# `append_only` and pg_trigger.tgtype.
_TABLES = """
SELECT class.relname, EXISTS (
    SELECT FROM pg_trigger AS trigger JOIN pg_proc AS function ON function.oid = trigger.tgfoid
    WHERE trigger.tgrelid = class.oid AND function.proname = 'bluelamp_append_only'
    AND trigger.tgtype & 24 = 24)
FROM pg_class AS class
WHERE class.relnamespace = 'public'::regnamespace AND class.relkind IN ('r', 'p')
AND pg_has_role(class.relowner, 'USAGE')
ORDER BY 1
"""
# Written by migrations alone.
_READ_ONLY = frozenset({"django_migrations"})
# What a role that serves must not be able to do, each as a query that says so and a sentence.
_EXCESSES = (
    (
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
        "it is a superuser, so it can switch every protection off",
    ),
    (
        "SELECT rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles"
        " WHERE rolname = current_user",
        "it can make roles or databases, or read everything as a replica",
    ),
    (
        "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND pg_has_role(relowner, 'USAGE'))",
        "it owns tables, so it can change them and switch their triggers off",
    ),
    (
        "SELECT has_schema_privilege('public', 'CREATE')",
        "it can make tables",
    ),
    (
        "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'TRUNCATE, TRIGGER'))",
        "it can empty tables or add triggers to them",
    ),
    (
        "SELECT EXISTS (SELECT FROM pg_trigger AS trigger JOIN pg_proc AS function"
        " ON function.oid = trigger.tgfoid WHERE function.proname = 'bluelamp_append_only'"
        " AND trigger.tgtype & 24 = 24"
        " AND has_table_privilege(trigger.tgrelid, 'UPDATE, DELETE'))",
        "it may update or delete in tables that only grow",
    ),
)


@contextmanager
def connect_as_owner() -> Iterator[None]:
    """Let this thread's connection be the tables' owner in the block, to migrate.

    Where no owner is set (BLUELAMP_OWNER_DATABASE_URL), the one role does both.
    """
    owner = settings.BLUELAMP_OWNER_DATABASE
    if not owner:
        yield
        return
    serving = connection.settings_dict
    connection.close()
    connection.settings_dict = serving | owner
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = serving


def grant_privileges(*, role: str) -> None:
    """Give the role that serves exactly its rights on every table and sequence of the database.

    The current connection must be the owner's. Others see the old rights or the new ones, and
    nothing in between.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            return  # one role does both, as DATABASE_URL says
        cursor.execute(_TABLES)
        tables = cursor.fetchall()
        names = [table for table, _ in tables]
        append_only = [table for table, is_append_only in tables if is_append_only]
        changeable = [table for table in names if table not in {*append_only, *_READ_ONLY}]
        grantee = sql.Identifier(role)
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(grantee))
        for statement, subjects in (
            ("REVOKE ALL ON {tables} FROM {role}", names),
            ("GRANT SELECT ON {tables} TO {role}", names),
            ("GRANT INSERT ON {tables} TO {role}", [*append_only, *changeable]),
            ("GRANT INSERT, UPDATE, DELETE ON {tables} TO {role}", changeable),
        ):
            if subjects:
                listed = sql.SQL(", ").join(sql.Identifier(table) for table in subjects)
                cursor.execute(sql.SQL(statement).format(tables=listed, role=grantee))
        cursor.execute(
            sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(grantee)
        )
        _revoke_public_rights(cursor)


def find_excess_privileges() -> list[str]:
    """Return what the role that serves can do and should not, a sentence each.

    The current connection must be that role's.
    """
    excesses = []
    with connection.cursor() as cursor:
        for query, sentence in _EXCESSES:
            cursor.execute(query)
            if cursor.fetchone()[0]:
                excesses.append(sentence)
    return excesses


def _revoke_public_rights(cursor: object) -> None:
    """Take from every role what PostgreSQL gives to all, where the owner of the tables may."""
    execute = cursor.execute  # type: ignore[attr-defined]
    execute(
        "SELECT current_database(), pg_has_role(datdba, 'USAGE'),"
        " (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public')"
        " FROM pg_database WHERE datname = current_database()"
    )
    database, owns_database, owns_schema = cursor.fetchone()  # type: ignore[attr-defined]
    if owns_database:
        execute(
            sql.SQL("REVOKE TEMPORARY, CREATE ON DATABASE {} FROM PUBLIC").format(
                sql.Identifier(database)
            )
        )
    if owns_schema:
        execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
