"""Reading settings from the environment, and what a demonstration's settings may not say.

Plain Python, because the command line asks it before there is a database or Django.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_HOSTS = "127.0.0.1,localhost,[::1]"


def read_text(name: str, default: str = "") -> str:
    """Return an environment variable, or the content of the file that NAME_FILE points at."""
    if path := os.environ.get(f"{name}_FILE"):
        # Editors and `echo` end a file with a line break, which is no part of a secret.
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def read_flag(name: str, default: bool) -> bool:
    """Return a setting that is 1 or 0.

    Raises:
        ValueError: It is neither.
    """
    value = read_text(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ValueError(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes"}


def read_number(name: str, default: int) -> int:
    """Return a setting that is a whole number.

    Raises:
        ValueError: It is not.
    """
    value = read_text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def check_demo_address() -> None:
    """Check that a demonstration can be reached from this machine only.

    Anybody who opens it can sign in as anybody, and can read every message.

    Raises:
        ValueError: Demo mode is on, and the origin or a host name is for other machines too.
    """
    if not read_flag("BLUELAMP_DEMO", False):
        return
    if setting := _find_public_setting():
        raise ValueError(
            "The demonstration never serves a public address, because anybody can sign in as"
            f" anybody: {setting}. Set BLUELAMP_DEMO=0, or use an address of this machine such as"
            " http://127.0.0.1:8000."
        )


def _find_public_setting() -> str:
    """Return which setting names an address that other machines can reach; "" if none does."""
    origin = read_text("BLUELAMP_ORIGIN")
    # https on loopback is a proxy's work, and a proxy is there to let others in
    if origin and (origin.startswith("https:") or not is_loopback_origin(origin)):
        return f"BLUELAMP_ORIGIN is {origin}"
    for host in read_text("BLUELAMP_HOSTS", DEFAULT_HOSTS).split(","):
        if host and not is_loopback_host(host):
            return f"BLUELAMP_HOSTS has {host}"
    return ""


def is_loopback_origin(origin: str) -> bool:
    """Say whether an origin such as `http://127.0.0.1:8000` is this machine's own.

    >>> [is_loopback_origin(o) for o in ("http://localhost:80", "http://[::1]", "http://10.0.0.1")]
    [True, True, False]
    """
    try:
        return is_loopback_host(urlsplit(origin).hostname or "")
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """Say whether a host name is this machine's own: localhost, or a loopback address."""
    name = host.strip().lower().removeprefix("[").removesuffix("]")
    # RFC 6761, 6.3: every name under .localhost is this machine.
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
