"""Nothing writes our tables outside a command, whatever way it takes."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from bluelamp.foundation.accounts.models import Role
from bluelamp.foundation.audit.acts import command, lookup, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database import write_guard
from bluelamp.foundation.kernel.database.fast_sql import bulk_insert
from bluelamp.foundation.kernel.database.write_guard import (
    Exemption,
    UnguardedWrite,
    check_statement,
    writes_outside_commands,
)
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
CLERK = Actor.system("clerk", force="01", permissions={"role.make"})
COLUMNS = "(id, name, title, held_by, purpose, permissions)"
VALUES = "(gen_random_uuid(), 'x', 'x', '', '', '{}')"


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _queryset_update() -> None:
    Role.objects.filter(name="tea").update(title="Coffee")


def _queryset_delete() -> None:
    roles = Role.objects.filter(name="tea")
    roles.delete()


def _fast_insert() -> None:
    bulk_insert(Role(name="coffee", title="Coffee", permissions=[]))


def _raw_sql() -> None:
    _execute("DELETE FROM accounts_role")


def _saved_row() -> None:
    role = Role.objects.get(name="tea")
    role.title = "Coffee"
    role.save()


def _bulk_create() -> None:
    Role.objects.bulk_create([Role(name="coffee", title="Coffee", permissions=[])])


def _many_to_many() -> None:
    _execute("INSERT INTO accounts_user_roles (user_id, role_id) VALUES (NULL, NULL)")


def _executemany() -> None:
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE accounts_role SET title = %s", [("a",), ("b",)])


def _common_table_expression() -> None:
    _execute(f"WITH x AS (SELECT 1) INSERT INTO accounts_role {COLUMNS} VALUES {VALUES}")


def _data_modifying_expression() -> None:
    _execute("WITH x AS (DELETE FROM ONLY accounts_role RETURNING *) SELECT * FROM x")


def _second_statement() -> None:
    _execute('SELECT 1; /* why not */ UPDATE "public"."accounts_role" SET title = \'\'')


def _anonymous_block() -> None:
    _execute("DO $$ BEGIN DELETE FROM accounts_role; END $$")


def _truncate() -> None:
    _execute("TRUNCATE django_session, accounts_role CASCADE")


def _merge() -> None:
    _execute(
        "MERGE INTO accounts_role USING (SELECT 1) AS one ON false WHEN NOT MATCHED THEN DO NOTHING"
    )


def _copy() -> None:
    with connection.cursor() as cursor, cursor.copy("COPY accounts_role (id) FROM STDIN"):
        pass


def _copy_past_django() -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy("COPY accounts_role FROM STDIN"):
        pass


def _execute_past_django() -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(b"UPDATE accounts_role SET title = ''")


WRITES = (
    _queryset_update,
    _queryset_delete,
    _fast_insert,
    _raw_sql,
    _saved_row,
    _bulk_create,
    _many_to_many,
    _executemany,
    _common_table_expression,
    _data_modifying_expression,
    _second_statement,
    _anonymous_block,
    _truncate,
    _merge,
    _copy,
    _copy_past_django,
    _execute_past_django,
)


@pytest.fixture
def tea() -> Role:
    with direct_writes():
        return Role.objects.create(name="tea", title="Tea", permissions=[])


@command(permission="role.make", act="role.written")
def write_as_command(*, actor: Actor, at: datetime, write: Callable[[], None]) -> None:
    write()
    record_act(None)


@lookup(permission="role.make", act="role.read")
def write_as_lookup(*, actor: Actor, at: datetime, write: Callable[[], None]) -> None:
    write()
    record_act(None)


@command(permission="role.make", act="role.looked_up_within")
def write_as_lookup_within_command(
    *, actor: Actor, at: datetime, write: Callable[[], None]
) -> None:
    write_as_lookup(actor=actor, at=at, write=write)
    record_act(None)


@pytest.mark.parametrize("write", WRITES)
def test_it_works(write: Callable[[], None], tea: Role) -> None:
    with pytest.raises(UnguardedWrite, match="accounts_"), transaction.atomic():
        write()
    tea.refresh_from_db()
    assert tea.title == "Tea"


@pytest.mark.parametrize("write", [_queryset_update, _fast_insert, _saved_row, _raw_sql])
def test_a_command_may(write: Callable[[], None], tea: Role, at: datetime) -> None:
    write_as_command(actor=CLERK, at=at, write=write)


@pytest.mark.parametrize("write", [_queryset_update, _fast_insert, _saved_row, _raw_sql])
@pytest.mark.parametrize("act", [write_as_lookup, write_as_lookup_within_command])
def test_a_lookup_may_only_write_the_audit_record(
    act: Callable[..., None], write: Callable[[], None], tea: Role, at: datetime
) -> None:
    with pytest.raises(UnguardedWrite):
        act(actor=CLERK, at=at, write=write)
    act(actor=CLERK, at=at, write=lambda: None)
    assert AuditEntry.objects.filter(act="role.read").exists()


def test_a_command_that_has_ended_allows_nothing(tea: Role, at: datetime) -> None:
    write_as_command(actor=CLERK, at=at, write=_queryset_update)
    with pytest.raises(UnguardedWrite), transaction.atomic():
        _queryset_update()
    with pytest.raises(ZeroDivisionError):
        write_as_command(actor=CLERK, at=at, write=lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    with pytest.raises(UnguardedWrite), transaction.atomic():
        _queryset_update()


def test_an_exemption_allows_its_own_tables(tea: Role) -> None:
    with writes_outside_commands(Exemption.LOG_SEALING):
        check_statement("INSERT INTO log_leaf VALUES (1)")
        with pytest.raises(UnguardedWrite), transaction.atomic():
            _queryset_update()
        with writes_outside_commands(Exemption.EVENT_DELIVERY):
            check_statement("INSERT INTO log_leaf VALUES (1)")
            check_statement("UPDATE kernel_eventdelivery SET attempts = 1")
    with pytest.raises(UnguardedWrite):
        check_statement("INSERT INTO log_leaf VALUES (1)")


def test_every_exemption_has_a_reason() -> None:
    assert all(exemption.reason.endswith(".") for exemption in Exemption)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM accounts_role",
        'SELECT * FROM "accounts_role" FOR UPDATE OF "accounts_role"',
        "SELECT 'DELETE FROM accounts_role'",
        "SELECT E'it\\'s; DELETE FROM accounts_role'",
        "SELECT 1 -- DELETE FROM accounts_role",
        "SELECT /* ; DELETE FROM accounts_role */ 1",
        'SELECT "update" FROM accounts_role',
        "COPY accounts_role (id) TO STDOUT",
        "INSERT INTO django_session SELECT * FROM accounts_role ON CONFLICT DO NOTHING",
        "UPDATE procrastinate_jobs SET status = 'todo'",
    ],
)
def test_reading_and_other_tables_are_none_of_its_business(statement: str) -> None:
    check_statement(statement)


def test_a_statement_is_read_once() -> None:
    """What a statement writes is cached by its text: only values in the text make it new."""
    columns = ", ".join(f'"accounts_user"."column_{number}"' for number in range(30))
    select = f'SELECT {columns} FROM "accounts_user" WHERE "accounts_user"."id" = %s'
    check_statement(select)
    before = write_guard._cached_written_tables.cache_info()
    check_statement(select)
    check_statement("SELECT 'a value'")
    after = write_guard._cached_written_tables.cache_info()
    assert (after.hits - before.hits, after.misses - before.misses) == (1, 0)


def test_only_acts_open_the_guard_and_only_tests_use_the_tests_exemption() -> None:
    root = Path(__file__).resolve().parent.parent.parent / "bluelamp"
    openers = {"allow_all_writes", "allow_writes_to", "Exemption.TEST"}
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(name in path.read_text() for name in openers)
    }
    assert users == {"foundation/audit/acts.py", "foundation/kernel/database/write_guard.py"}
