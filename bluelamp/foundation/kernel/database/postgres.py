"""The embedded PostgreSQL: a private server in var/postgres, reached through a socket only.

Each program that uses it takes a handle; the server stops when the last handle is released. After
a kill -9 it recovers from its own log at the next start. Anybody on this machine who can enter the
socket's folder can connect: a force runs its own server and sets DATABASE_URL.
"""

import os
import re
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

# pg_ctl hands the path to a shell, which would take any other character apart
_SAFE_PATH = re.compile(r"[\w./+,@-]+")
SETTINGS = """
# Written by Bluelamp at the start of its embedded server.
max_connections = 200
unix_socket_permissions = 0700
shared_buffers = '256MB'
effective_cache_size = '2GB'
random_page_cost = 1.1
max_wal_size = '2GB'
wal_compression = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
idle_in_transaction_session_timeout = '60s'
# A failing statement is not logged, nor the row that it is about: both hold what is on record about
# people.
log_min_error_statement = panic
log_error_verbosity = terse
"""


def start(folder: Path, *, extra: str = "") -> str:
    """Start the embedded server in a folder, or join the one that runs there.

    Args:
        folder: Where its data is, or shall be.
        extra: More lines for its configuration.

    Returns:
        The address of the database, for its superuser: `serving_address` gives another role's.

    Raises:
        RuntimeError: It did not start within a minute (the message ends with its log), or it cannot
            live under that path.
    """
    folder = folder.resolve()
    if not _SAFE_PATH.fullmatch(str(folder)):
        raise RuntimeError(
            f"The embedded database cannot live in {folder}: its path may hold letters, digits and"
            " . _ - + , @ only, and no space. Set BLUELAMP_VAR to another folder, or DATABASE_URL"
            " to a server."
        )
    # imported here: a node with a server of its own does not need the wheel
    from bluelamp.foundation.kernel.database.embedded_server import EmbeddedServer

    folder.mkdir(parents=True, exist_ok=True)
    server = EmbeddedServer(folder)
    with server._lock:
        server.ensure_pgdata_inited()
        configuration = folder / "bluelamp.conf"
        configuration.write_text(SETTINGS + extra, encoding="utf-8")
        # as root, the server runs as a user of its own, which must be able to read it
        os.chown(configuration, folder.stat().st_uid, folder.stat().st_gid)
        configuration.chmod(0o600)
        main = folder / "postgresql.conf"
        text = main.read_text(encoding="utf-8")
        if "include 'bluelamp.conf'" not in text:
            main.write_text(text + "\ninclude 'bluelamp.conf'\n", encoding="utf-8")
    # Recovery after a crash reads the whole write-ahead log again.
    deadline = time.monotonic() + 60
    while True:
        try:
            server.start()
            return _with_database(server.get_uri(), "bluelamp")
        except (subprocess.SubprocessError, AssertionError, psycopg.OperationalError):
            # pg_ctl gives up after ten seconds, but recovery after a crash may take longer; and a
            # server that was just killed may still look as if it ran
            if time.monotonic() > deadline:
                log = (folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(
                    f"The database in {folder} did not start. Its log ends:\n{log}"
                ) from None
            time.sleep(1)


def serving_address(owner_address: str, *, role: str) -> str:
    """Return the address of the same database for a role that only serves.

    The role is created if it is missing, as in a folder that an older version made. It has no
    rights yet: see `roles.grant_privileges`.
    """
    with psycopg.connect(owner_address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            # another program of this instance may be making it at this moment
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    scheme, _, rest = owner_address.partition("://")
    return f"{scheme}://{role}@{rest.partition('@')[2]}"


def is_up(folder: Path) -> bool:
    """Say whether the server of a folder accepts connections at its socket."""
    try:
        # the lock file names the port in its fourth line and the socket's folder in its fifth
        lines = (folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            probe.connect(f"{lines[4]}/.s.PGSQL.{lines[3]}")
    except (OSError, IndexError):
        return False
    return True


def _with_database(uri: str, name: str) -> str:
    """Return the address of a database of that name, and create it if it does not exist."""
    with psycopg.connect(uri, autocommit=True) as connection:
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    head, _, query = uri.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")
