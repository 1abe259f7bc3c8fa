"""The role that serves may read and write rows, and change nothing that protects them."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.database.roles import find_excess_privileges, grant_privileges
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.retention import apply_policies, delete_old_jobs
from tests.architecture.test_append_only import TABLES
from tests.serving_role import acting_as, acting_as_owner, create_serving_role

pytestmark = pytest.mark.django_db

ALL_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture
def serving_role() -> Iterator[str]:
    """A role of the test's own, with the owner of the tables acting."""
    with acting_as_owner():
        yield create_serving_role()


def privileges_of_tables(role: str) -> dict[str, set[str]]:
    """Return what a role may do with each table of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, privilege FROM pg_class, unnest(%s::text[]) AS privilege"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND has_table_privilege(%s, pg_class.oid, privilege)",
            [list(ALL_PRIVILEGES), role],
        )
        privileges: dict[str, set[str]] = {}
        for table, privilege in cursor.fetchall():
            privileges.setdefault(table, set()).add(privilege)
    return privileges


def test_it_works(serving_role: str) -> None:
    for table, privileges in privileges_of_tables(serving_role).items():
        if table == "django_migrations":
            expected = {"SELECT"}
        elif table in TABLES:
            expected = {"SELECT", "INSERT"}
        else:
            expected = {"SELECT", "INSERT", "UPDATE", "DELETE"}
        assert privileges == expected, table
    assert privileges_of_tables(serving_role).keys() == set(connection.introspection.table_names())


def test_role_that_serves_has_nothing_in_excess(serving_role: str) -> None:
    assert "it is a superuser, so it can switch every protection off" in find_excess_privileges()
    with acting_as(serving_role):
        assert find_excess_privileges() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET actor_name = 'PC Framed'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_auditentry_rows ON audit_auditentry",
        "CREATE OR REPLACE FUNCTION bluelamp_append_only() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "DELETE FROM log_checkpoint",
        "DELETE FROM evidence_continuity",
        "TRUNCATE evidence_item CASCADE",
        "DROP TABLE evidence_item",
        "ALTER TABLE evidence_item ADD COLUMN extra text",
        "CREATE TABLE extra (id int)",
        "CREATE TEMPORARY TABLE extra (id int)",
        "DELETE FROM django_migrations",
        "CREATE ROLE mallory SUPERUSER",
        "COPY audit_auditentry TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
    ],
)
def test_role_that_serves_is_refused(serving_role: str, statement: str) -> None:
    with (
        writes_outside_commands(Exemption.TEST),
        pytest.raises(DatabaseError, match=r"permission denied|must be owner|must be member"),
        acting_as(serving_role),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_retention_works_as_the_role_that_serves(serving_role: str) -> None:
    with acting_as(serving_role), writes_outside_commands(Exemption.RETENTION):
        counts = apply_policies(now())
        delete_old_jobs(now())
    assert {count.table for count in counts} >= {"evidence_upload", "notifications_message"}


def test_new_table_needs_nothing_by_hand(serving_role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE added_by_a_colleague (id bigserial PRIMARY KEY, name text)")
    assert "added_by_a_colleague" not in privileges_of_tables(serving_role)
    grant_privileges(role=serving_role)
    with acting_as(serving_role), connection.cursor() as cursor:
        cursor.execute("INSERT INTO added_by_a_colleague (name) VALUES ('Esi') RETURNING id")
        assert cursor.fetchone() == (1,)


def test_right_given_by_hand_is_taken_back(serving_role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON audit_auditentry TO {serving_role}")
    grant_privileges(role=serving_role)
    assert privileges_of_tables(serving_role)["audit_auditentry"] == {"SELECT", "INSERT"}
