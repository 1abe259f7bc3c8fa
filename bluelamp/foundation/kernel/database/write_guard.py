"""Refuses writes to our tables outside a command, at run time, whatever way they take.

In: every statement that a cursor of our database backend is given, COPY included. Out: the
statement goes on to PostgreSQL, or `UnguardedWrite` is raised before it is sent.

`@command` allows every write while it runs and `@lookup` only writes to the audit tables
(`bluelamp.foundation.audit.acts`). The few writes that belong to no command are listed in
`Exemption`, each with its reason. The guard stops mistakes, not attackers: whoever can run Python
in this process can also open a connection of their own. It does not see what a database function
or a trigger writes.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeAlias

from django.apps import apps
from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg import ClientCursor
from psycopg.sql import Composable

TableTest: TypeAlias = Callable[[str], bool]


class UnguardedWrite(RuntimeError):
    """A statement would write one of our tables outside a command. It was not sent."""


class Exemption(Enum):
    """The writes that belong to no command: why each is allowed, and to which tables.

    The second value holds the beginnings of the names of the tables; an empty one means every
    table.
    """

    MIGRATION = ("A migration changes tables before any command can use them.", ("",))
    LOG_SEALING = ("A log that recorded its own sealing would never be finished.", ("log_",))
    EVENT_DELIVERY = (
        "How far an event got is no act of anybody's; each subscriber's command records its own.",
        ("kernel_eventdelivery",),
    )
    ACCOUNT_SESSION = (
        "When somebody was last seen is no act; to sign in or out, or to end a session, is one.",
        ("accounts_accountsession",),
    )
    FORM_POST = (
        "To which page a form led is no act; what it asked for is one.",
        ("kernel_formpost",),
    )
    RETENTION = ("Rows whose time is over are deleted by policy, which names no actor.", ("",))
    TEST = ("A test sets rows up or tampers with them to see what is noticed.", ("",))

    def __init__(self, reason: str, table_prefixes: tuple[str, ...]) -> None:
        self.reason = reason
        self.table_prefixes = table_prefixes

    def covers(self, table: str) -> bool:
        """Say whether a table may be written under this exemption."""
        return table.startswith(self.table_prefixes)


def _forbid_every_table(table: str) -> bool:
    return False


# Says whether the running code may write a table. None means every table: then a statement is not
# even looked at, which keeps the guard cheap where most writes are.
_may_write: ContextVar[TableTest | None] = ContextVar("may_write", default=_forbid_every_table)


@contextmanager
def allow_all_writes() -> Iterator[None]:
    """Allow writes to every table in the block. Only for `@command`."""
    token = _may_write.set(None)
    try:
        yield
    finally:
        _may_write.reset(token)


@contextmanager
def allow_writes_to(tables: frozenset[str]) -> Iterator[None]:
    """Allow writes to these tables in the block, and to no others. Only for `@lookup`."""
    token = _may_write.set(tables.__contains__)
    try:
        yield
    finally:
        _may_write.reset(token)


@contextmanager
def writes_outside_commands(exemption: Exemption) -> Iterator[None]:
    """Allow the writes of a named exemption in the block.

    Inside a command, which may write everything, it changes nothing.
    """
    outer = _may_write.get()
    if outer is None:
        yield
        return

    def may_write(table: str) -> bool:
        return exemption.covers(table) or outer(table)

    token = _may_write.set(may_write)
    try:
        yield
    finally:
        _may_write.reset(token)


def check_statement(statement: object, cursor: Any = None) -> None:
    """Raise UnguardedWrite if a statement writes one of our tables where that is not allowed.

    Args:
        statement: SQL as text, bytes or a psycopg composition; it may hold several statements.
        cursor: Needed to turn a composition into text.
    """
    may_write = _may_write.get()
    if may_write is None:
        return
    sql = _to_text(statement, cursor)
    # A statement with values written into it is not cached: it does not come back, and the values
    # may be personal data.
    tables = _written_tables(sql) if "'" in sql else _cached_written_tables(sql)
    refused = sorted(table for table in tables & _our_tables() if not may_write(table))
    if refused:
        raise UnguardedWrite(f"a write to {', '.join(refused)} outside a command")


class GuardedCursor(base.CursorMixin, ClientCursor[Any]):
    """Django's cursor, which shows each statement to the guard first.

    The guard stands here and not in Django's `execute_wrapper`, because `copy` and `stream` are
    methods of the driver that Django's wrappers never see.
    """

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Check a statement and run it."""
        check_statement(query, self)
        return super().execute(query, *args, **kwargs)

    def executemany(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Check a statement and run it once for each set of parameters."""
        check_statement(query, self)
        return super().executemany(query, *args, **kwargs)

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        """Check a COPY statement and start it."""
        check_statement(statement, self)
        return super().copy(statement, *args, **kwargs)

    def stream(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """Check a statement and yield its rows one by one."""
        check_statement(query, self)
        return super().stream(query, *args, **kwargs)


class GuardedSchemaEditor(DatabaseSchemaEditor):
    """Django's schema editor, inside which migrations run: their writes are exempt."""

    def __enter__(self) -> Any:
        """Begin a migration."""
        self._exemption = writes_outside_commands(Exemption.MIGRATION)
        self._exemption.__enter__()
        return super().__enter__()

    def __exit__(self, *exception: Any) -> None:
        """Run the deferred statements and end the migration."""
        try:
            super().__exit__(*exception)
        finally:
            self._exemption.__exit__(None, None, None)


def _to_text(statement: object, cursor: Any) -> str:
    if isinstance(statement, str):
        return statement
    if isinstance(statement, bytes):
        return statement.decode("utf-8", "replace")
    if isinstance(statement, Composable):
        return statement.as_string(cursor)
    return str(statement)


@cache
def _our_tables() -> frozenset[str]:
    """Return the tables of this project's models and of allauth's, which hold how people sign in.

    Django's own tables and the job queue's are not among them.
    """
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name.startswith(("bluelamp.", "allauth."))
    )


# What follows reads SQL in lower case. No table of ours has a capital in its name, so nothing is
# lost, and it is several times faster than patterns that ignore case.
_WRITE_WORDS = ("insert", "update", "delete", "truncate", "merge", "copy")
_IDENTIFIER = r'(?:"(?:[^"]|"")+"|\w+)'
_NAME = rf"{_IDENTIFIER}(?:\s*\.\s*{_IDENTIFIER})?"
# Text that is no SQL: strings (E'…' with backslashes too) and comments. Names in double quotes are
# matched so that an apostrophe in one does not begin a string, and are kept. A doubled quote ends
# one match and begins the next, which comes to the same. What stands between dollar signs stays: a
# DO block holds statements, and psycopg never writes values so.
_NOT_SQL = re.compile(
    r"""("[^"]*")|\be'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'|'[^']*'|--[^\n]*|/\*.*?\*/""",
    re.DOTALL,
)
# «FOR UPDATE OF» and «DO UPDATE SET» match with OF and SET as the table, which are none of ours.
_WRITE = re.compile(
    rf"""\b(?:
        (?: insert\s+into | update | delete\s+from | merge\s+into )
            \b \s* (?:only\b \s*)? (?P<row>{_NAME})
        | truncate\b (?P<several>[^;]+)
        | copy\b \s* (?P<copied>{_NAME}) \s* (?:\([^)]*\))? \s* from\b
    )""",
    re.VERBOSE,
)


def _written_tables(sql: str) -> frozenset[str]:
    """Return the names that statements insert into, update, delete from, empty, merge or copy into.

    Names are in lower case and without a schema. Some may be no tables at all.
    """
    sql = sql.lower()
    if not any(word in sql for word in _WRITE_WORDS):
        return frozenset()
    names: set[str] = set()
    # `\1` is the name where there is one. A string or a comment leaves a space.
    for match in _WRITE.finditer(_NOT_SQL.sub(r"\1 ", sql)):
        if match["several"]:
            names.update(map(_table_name, re.findall(_NAME, match["several"])))
        else:
            names.add(_table_name(match["row"] or match["copied"]))
    return frozenset(names)


_cached_written_tables = lru_cache(maxsize=2048)(_written_tables)


def _table_name(written: str) -> str:
    """Return a table's name from `"schema"."table"`."""
    name = re.findall(_IDENTIFIER, written)[-1]
    return str(name[1:-1].replace('""', '"') if name.startswith('"') else name)
