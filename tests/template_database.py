"""The tests' databases: copies of one template, which holds the reference data and nothing else.

To run every migration and to load the reference data takes many seconds, for each process of each
run. The template is kept on the tests' server until a migration or the reference data changes.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from fasteners import InterProcessLock
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
_PREFIX = "bluelamp_template_"
# What decides what is in a new database.
_SOURCES = (
    "bluelamp/**/migrations/*.py",
    "bluelamp/foundation/kernel/database/*.py",
    "bluelamp/records/reference/**/*.*",
    "requirements/run.txt",
    "tests/template_database.py",
)
_KEPT_FOR = timedelta(days=2)
# Written when the database is made, and by no test that commits.
_FIXED_TABLES = ("django_migrations", "django_content_type", "auth_permission")
_REFERENCE_TABLES = "reference_"


@contextmanager
def use_test_database(name: str) -> Iterator[None]:
    """Make a copy of the template, have Django use it, and drop it afterwards."""
    from django.db import connection

    from tests.serving_role import connect_as_serving_role

    with _server() as server:
        # Nobody may be connected to a template while it is copied.
        with InterProcessLock(Path(tempfile.gettempdir()) / f"{_PREFIX}{os.getuid()}.lock"):
            template = _get_or_create_template(server)
            _create_database(server, name, template=template)
            # The role is the server's, so two runs may not create it at once.
            _use_database(name)
            connect_as_serving_role()
        try:
            yield
        finally:
            connection.close()
            _drop_database(server, name)


def empty_tables() -> None:
    """Empty every table of the current database in which there is something, save the fixed ones.

    The triggers that refuse it are off meanwhile.
    """
    from django.db import connection, transaction

    from tests.direct_writes import direct_writes

    tables = [
        table
        for table in connection.introspection.table_names()
        if table not in _FIXED_TABLES and not table.startswith(_REFERENCE_TABLES)
    ]
    with direct_writes(), transaction.atomic(), connection.cursor() as cursor:
        # To look takes a millisecond, to truncate each of a hundred tables takes half a second.
        looks = [
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(table), sql.Identifier(table)
            )
            for table in tables
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(looks))
        filled = [sql.Identifier(table) for (table,) in cursor.fetchall()]
        if filled:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(filled)))


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        yield server


def _get_or_create_template(server: psycopg.Connection) -> str:
    """Return the name of the template for this version of the program."""
    name = f"{_PREFIX}{_fingerprint()}"
    rows = server.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE starts_with(datname, %s)",
        [_PREFIX],
    ).fetchall()
    created = dict(rows)
    if name not in created:
        oldest = (datetime.now(UTC) - _KEPT_FOR).isoformat()
        for other, created_at in created.items():
            if (created_at or "") < oldest:
                _drop_database(server, other)
        _create_template(server, name)
    return name


def _create_template(server: psycopg.Connection, name: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from bluelamp.records.reference.commands import load_reference
    from tests.cast import INSTALLER, START

    # Under another name until it is complete: this process may be stopped.
    unfinished = f"{_PREFIX}{os.getpid()}_unfinished"
    _create_database(server, unfinished)
    _use_database(unfinished)
    call_command("migrate", verbosity=0)
    load_reference(actor=INSTALLER, at=START)
    empty_tables()
    connection.close()
    now = sql.Literal(datetime.now(UTC).isoformat())
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(unfinished), sql.Identifier(name)
        )
    )
    server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), now))


def _fingerprint() -> str:
    """Return a text that changes with what a new database holds."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _use_database(name: str) -> None:
    from django.conf import settings
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def _create_database(server: psycopg.Connection, name: str, *, template: str = "template0") -> None:
    _drop_database(server, name)
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _drop_database(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
