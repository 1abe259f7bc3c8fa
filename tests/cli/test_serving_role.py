"""A real instance serves as a role that owns nothing, from its first start on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from bluelamp.foundation.kernel.database import postgres
from tests.prepared_instances import copied_folder

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """The folder of an instance with the demonstration force, which its first start loaded."""
    with copied_folder() as folder:
        yield folder
        with suppress(OSError):  # it is not running
            pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGINT)


def run(var: Path, *arguments: str) -> int:
    """Run one of our verbs on an embedded database of its own, and return its status."""
    environment = {
        **os.environ,
        "BLUELAMP_VAR": str(var),
        "DATABASE_URL": "",
        "BLUELAMP_DEMO": "1",
        "BLUELAMP_ORIGIN": "http://127.0.0.1:8000",
    }
    return subprocess.run(
        [sys.executable, "-m", "bluelamp.cli", *arguments], env=environment, cwd=ROOT
    ).returncode


def test_it_works(var: Path) -> None:
    address = postgres.serving_address(postgres.start(var / "postgres"), role="bluelamp_app")
    with psycopg.connect(address, autocommit=True) as serving:
        row = serving.execute("SELECT current_user, usesuper FROM pg_user").fetchall()
        assert ("bluelamp_app", False) in row
        assert serving.execute("SELECT count(*) > 300 FROM crimes_crime").fetchone() == (True,)
        for statement in (
            "UPDATE audit_auditentry SET actor_name = 'PC Framed'",
            "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
            "CREATE TABLE extra (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                serving.execute(statement)


@pytest.mark.parametrize("verb", [("audit", "verify"), ("evidence", "fsck"), ("demo", "story")])
def test_ordinary_verbs_need_no_more(var: Path, verb: tuple[str, str]) -> None:
    assert run(var, *verb) == 0


def test_instance_of_an_older_version_gets_the_role(var: Path) -> None:
    owner = postgres.start(var / "postgres")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("DROP OWNED BY bluelamp_app")
        connection.execute("DROP ROLE bluelamp_app")
    assert run(var, "audit", "verify") == 2  # start it once, it says
    assert run(var, "demo", "load") == 0
    assert run(var, "audit", "verify") == 0
