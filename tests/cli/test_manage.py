"""Django's own commands run where there are no tables yet."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database with nothing in it."""
    server, name = os.environ["DATABASE_URL"], f"empty_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as there:
        there.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        path, mark, query = server.partition("?")
        yield f"{path.rpartition('/')[0]}/{name}{mark}{query}"
        there.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_it_works(empty_database: str, tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": empty_database, "BLUELAMP_VAR": str(tmp_path)}
    for command in (["migrate", "-v", "0"], ["migrate", "--check"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
