"""Who opens connections: only these modules, and docs/security/connections.md tells of each."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What can open a connection to another program.
LIBRARIES = frozenset(
    {
        "aiohttp",
        "authlib",
        "boto3",
        "ftplib",
        "httpx",
        "ldap3",
        "notifications_python_client",
        "paramiko",
        "requests",
        "smtplib",
        "socket",
        "telnetlib",
        "urllib.request",
        "urllib3",
        "websockets",
        "xmlrpc",
    }
)
# Modules that open one, and the line of the document that tells of it.
ALLOWED = {
    "bluelamp/cli/readiness.py": "Proxy",
    "bluelamp/cli/run.py": "Proxy",
    "bluelamp/foundation/kernel/database/postgres.py": "PostgreSQL",
    "bluelamp/foundation/notifications/gateway.py": "GOV.UK Notify",
    "bluelamp/foundation/payments/gateway.py": "GOV.UK Pay",
    "bluelamp/records/evidence/media/scanning.py": "clamd",
    "bluelamp/records/evidence/sealing.py": "time-stamping authority",
    "bluelamp/records/evidence/store/s3.py": "S3 store",
    "bluelamp/web/openid/client.py": "OpenID Connect provider",
    "bluelamp/web/openid/views.py": "OpenID Connect provider",
    "bluelamp/web/public/firearms/one_login.py": "GOV.UK One Login",
}


def libraries_of(source: str) -> set[str]:
    """Return which of `LIBRARIES` a module imports, at its top or inside."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {library for library in LIBRARIES for name in names if _belongs_to(name, library)}


def _belongs_to(name: str, library: str) -> bool:
    return name == library or name.startswith(f"{library}.")


def test_it_works() -> None:
    openers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bluelamp").rglob("*.py")
        if libraries_of(path.read_text())
    }
    assert openers == set(ALLOWED)


def test_the_document_tells_of_each() -> None:
    document = (ROOT / "docs" / "security" / "connections.md").read_text()
    assert [line for line in ALLOWED.values() if line not in document] == []


@pytest.mark.parametrize(
    "source",
    ["import httpx", "def f():\n    from urllib.request import urlopen", "import socket as s"],
)
def test_what_it_finds(source: str) -> None:
    assert libraries_of(source)


def test_what_it_lets_pass() -> None:
    assert not libraries_of("from urllib.parse import urlsplit\nimport json")
