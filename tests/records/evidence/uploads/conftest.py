"""One server for the tests of the upload door, and tokens for it."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from tests.records.evidence.uploads.server import Server, Tus


@pytest.fixture(scope="session")
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the test database: what the server commits is not undone, so no other test may see
    it.
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
    head, mark, query = base.partition("?")
    yield f"{head.rsplit('/', 1)[0]}/{name}{mark}{query}"
    with psycopg.connect(base, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server(own_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The upload door, running."""
    running = Server(own_database, tmp_path_factory.mktemp("var"), settings.SECRET_KEY)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def fresh_server(own_database: str, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server of one's own, to be killed or starved."""
    started: list[Server] = []

    def start(**environment: str) -> Server:
        running = Server(own_database, tmp_path, settings.SECRET_KEY, environment)
        running.start()
        started.append(running)
        return running

    yield start
    for running in started:
        if running.process and running.process.poll() is None:
            running.kill()


@pytest.fixture
def token(db: None, esi: Actor) -> Callable[..., str]:
    """Issue an upload token; to Esi, for her report, unless said otherwise."""
    from bluelamp.records.evidence.commands import (
        issue_upload_token,
    )  # needs Django, which starts after this file

    def issue(
        *, actor: Actor = esi, at: datetime | None = None, purpose: str = "report:1", **limits: Any
    ) -> str:
        limits.setdefault("max_files", 100)
        return issue_upload_token(actor=actor, at=at or now(), purpose=purpose, **limits)

    return issue


@pytest.fixture
def tus(server: Server, token: Callable[..., str]) -> Tus:
    """Esi, sending files for her report."""
    return Tus(server, token())
