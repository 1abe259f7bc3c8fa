"""The database server, and the role that serves."""

from typing import Any

from django.conf import settings

from bluelamp.environment import is_loopback_host
from bluelamp.foundation.kernel.database.roles import find_excess_privileges


def check_server() -> str:
    """Check that the database is not the embedded one, which dies with this machine's disk."""
    host = str(settings.DATABASES["default"]["HOST"])
    if _is_embedded(host):
        return (
            "the embedded database is on the disk of this machine, and has no standby. Set"
            " DATABASE_URL to a PostgreSQL server that has one"
        )
    return ""


def check_connection() -> str:
    """Check that the connection to a database on another machine is encrypted and checked."""
    server: dict[str, Any] = settings.DATABASES["default"]
    host, options = str(server["HOST"]), server["OPTIONS"]
    is_here = not host or host.startswith("/") or is_loopback_host(host)
    if not is_here and options.get("sslmode") != "verify-full":
        return (
            f"the connection to the database on {host} may be read or answered by somebody else."
            " Add sslmode=verify-full to DATABASE_URL"
        )
    return ""


def check_privileges() -> str:
    """Check that the role which serves may do no more than it must."""
    excess = find_excess_privileges()
    if excess:
        return f"{'; '.join(excess)}. Set DATABASE_URL to a role without that (ops/README.md)"
    return ""


def _is_embedded(host: str) -> bool:
    """Say whether a socket folder is that of the embedded server of this instance."""
    try:
        # the lock file of a running server names its socket's folder in the fifth line
        lock_file = settings.BLUELAMP_VAR / "postgres" / "postmaster.pid"
        return bool(lock_file.read_text(encoding="utf-8").splitlines()[4] == host)
    except (OSError, IndexError):
        return False
