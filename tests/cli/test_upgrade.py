"""An instance of the version before is brought up to date by the next start, and keeps its rows."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from bench.instance import ROOT, Instance, free_port
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.kernel.database import postgres

# The newest migration of each app in the version before accounts could be managed.
BEFORE = {
    "casefiles": "0002_triggers",
    "crimes": "0002_triggers",
    "investigations": "0002_append_only",
    "reports": "0001_initial",
    "victims": "0001_initial",
    "accounts": "0001_initial",
    "audit": "0002_append_only",
    "kernel": "0002_log",
    "notifications": "0001_initial",
    "evidence": "0001_initial",
    "people": "0001_initial",
    "reference": "0001_initial",
}
_MIGRATE = """
import json, sys
from bluelamp.cli import prepare
prepare(may_create=True)
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
before = json.loads(sys.argv[1])
others = [leaf for leaf in executor.loader.graph.leaf_nodes()
          if leaf[0] in {"auth", "contenttypes", "sessions", "procrastinate"}]
executor.migrate([*before.items(), *others])
"""
_ROWS = """
INSERT INTO accounts_organisation (id, code, name, kind, force)
    VALUES (gen_random_uuid(), 'police-01', 'Metropolitan Police', 'police', '01');
INSERT INTO accounts_role (id, name, title, held_by, purpose, permissions) VALUES
    (gen_random_uuid(), 'crime-desk', 'Our desk', '', '', '{report.view,own.permission}'),
    (gen_random_uuid(), 'auditor', 'Auditor', '', '', '{audit.view}');
INSERT INTO accounts_user (id, password, username, name, rank, collar, force, unit, email,
                           is_active, organisation_id)
    SELECT gen_random_uuid(), '!', 'joy', 'Joy Whitfield', '', '', '01', '', '', true, id
    FROM accounts_organisation;
INSERT INTO accounts_user_roles (user_id, role_id)
    SELECT accounts_user.id, accounts_role.id FROM accounts_user, accounts_role
    WHERE accounts_role.name = 'crime-desk';
"""


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    """An instance with the tables and a few rows of the version before, and an open folder."""
    var = Path(tempfile.mkdtemp(prefix="bluelamp-instance-"))
    address = postgres.start(var / "postgres")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BLUELAMP_")},
        "BLUELAMP_VAR": str(var),
        "DATABASE_URL": address,
    }
    subprocess.run(
        [sys.executable, "-c", _MIGRATE, json.dumps(BEFORE)], env=environment, cwd=ROOT, check=True
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_ROWS)
    var.chmod(0o755)
    instance = Instance(var, free_port(), is_demo=False)
    try:
        instance.start()
        yield instance
    finally:
        instance.stop()
        shutil.rmtree(var, ignore_errors=True)


def test_it_works(instance: Instance) -> None:
    assert httpx.get(f"{instance.origin}/report/").status_code == 200
    with psycopg.connect(postgres.start(instance.var / "postgres")) as connection:
        roles = dict(connection.execute("SELECT name, permissions FROM accounts_role").fetchall())
    assert "account.manage" in roles["administrator"]
    assert "own.permission" in roles["crime-desk"], "what the force added stays"
    assert "crime.record" not in roles["crime-desk"], "what the force took away stays away"
    assert set(roles["auditor"]) == ROLES["auditor"].permissions
    done = subprocess.run(
        [sys.executable, "-m", "bluelamp.cli", "account", "list"],
        env=instance.env,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        "joy  active       police-01   crime-desk  (Joy Whitfield)",
        "1 account",
    ], done.stderr
    assert not instance.var.stat().st_mode & 0o067
