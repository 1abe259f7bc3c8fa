"""Servers for the tests of uploads, and tokens for them."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from tests.records.evidence.uploads.server import TusClient, UploadServer


@pytest.fixture(scope="session")
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Make a copy of the test database, and yield its address.

    What the server commits is not rolled back, so no other test may see it.
    """
    with django_db_blocker.unblock():
        connection.close()
    base = os.environ["DATABASE_URL"]
    name, template = f"uploads_{os.getpid()}", str(connection.settings_dict["NAME"])
    with psycopg.connect(base, autocommit=True) as admin:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        admin.execute(copy)
    head, separator, query = base.partition("?")
    yield f"{head.rsplit('/', 1)[0]}/{name}{separator}{query}"
    with psycopg.connect(base, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server(own_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UploadServer]:
    """Start the upload application, for all tests."""
    running = UploadServer(own_database, tmp_path_factory.mktemp("var"), settings.SECRET_KEY)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def fresh_server(own_database: str, tmp_path: Path) -> Iterator[Callable[..., UploadServer]]:
    """Return a function that starts a server which the test may kill or starve."""
    started: list[UploadServer] = []

    def start(**environment: str) -> UploadServer:
        running = UploadServer(own_database, tmp_path, settings.SECRET_KEY, environment)
        running.start()
        started.append(running)
        return running

    yield start
    for running in started:
        if running.process and running.process.poll() is None:
            running.kill()


@pytest.fixture
def add_account(own_database: str) -> Callable[[Actor], None]:
    """Return a function that gives somebody an account in the server's own database too."""
    from bluelamp.foundation.accounts.models import User

    def add(actor: Actor) -> None:
        assert actor.id
        user = User.objects.select_related("organisation").get(id=actor.id)
        with psycopg.connect(own_database, autocommit=True) as server:
            # Every test opens its accounts anew, with other ids: an earlier one keeps its row.
            server.execute(
                "UPDATE accounts_user SET username = id::text WHERE username = %s", [user.username]
            )
            _insert(server, user.organisation)
            _insert(
                server,
                user,
                organisation_id="(SELECT id FROM accounts_organisation WHERE code = %s)",
                parameters={"organisation_id": user.organisation.code},
            )
            for role in user.roles.all():
                _insert(server, role)
                server.execute(
                    "INSERT INTO accounts_user_roles (user_id, role_id)"
                    " SELECT %s, id FROM accounts_role WHERE name = %s",
                    [user.id, role.name],
                )

    return add


def _insert(
    server: psycopg.Connection[Any],
    row: Any,
    *,
    parameters: dict[str, object] | None = None,
    **expressions: str,
) -> None:
    """Copy a row, unless there is one like it.

    Args:
        server: A connection to the server's database.
        row: A row of the test's database.
        parameters: The parameters of the expressions, by column.
        **expressions: SQL for the columns that have other values there.
    """
    fields = row._meta.local_concrete_fields
    values = {
        field.column: field.get_db_prep_save(field.value_from_object(row), connection)
        for field in fields
    } | (parameters or {})
    places = ", ".join(expressions.get(column, "%s") for column in values)
    query = (
        f"INSERT INTO {row._meta.db_table} ({', '.join(values)}) VALUES ({places})"
        " ON CONFLICT DO NOTHING"
    )
    server.execute(query.encode(), list(values.values()))


@pytest.fixture
def token(db: None, esi: Actor) -> Callable[..., str]:
    """Return a function that issues upload tokens, by default to Esi for her report.

    The report is another in each test: what the server keeps counts as a part of it.
    """
    # Django starts after this file is read.
    from bluelamp.records.evidence.commands import issue_upload_token
    from bluelamp.records.evidence.rules import Subject

    own_report = uuid4().int

    def issue(
        *, actor: Actor = esi, at: datetime | None = None, report: int = own_report, **limits: Any
    ) -> str:
        limits.setdefault("max_files", 100)
        subject = Subject("report", UUID(int=report))
        return issue_upload_token(actor=actor, at=at or now(), subject=subject, **limits)

    return issue


@pytest.fixture
def importer() -> Actor:
    """A part of the system that sends files, whom the public's limits do not hold.

    It has no account, which the server's own database would not know.
    """
    return Actor.system("importer", permissions={"upload.token", "evidence.take_in"})


@pytest.fixture
def tus(server: UploadServer, token: Callable[..., str]) -> TusClient:
    """Esi, sending files for her report."""
    return TusClient(server, token())
