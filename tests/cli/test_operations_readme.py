"""The very lines of ops/README.md start an instance, which only its own user can look into."""

import http.client
import os
import re
import signal
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bench.instance import ROOT, Instance, temporary_instance
from bluelamp.foundation.kernel.database import postgres

OPERATIONS = (ROOT / "ops" / "README.md").read_text(encoding="utf-8")


def read_settings_block() -> dict[str, str]:
    """Return the settings of the block that the page says to write to /etc/bluelamp/environment."""
    [block] = re.findall(r"^```sh\n# /etc/bluelamp/environment\n(.*?)^```", OPERATIONS, re.M | re.S)
    lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    """An instance with those settings, in a folder and on a port of its own."""
    settings = read_settings_block()
    assert settings.pop("BLUELAMP_VAR")
    with temporary_instance(is_demo=False, **settings) as running:
        yield running


def get(instance: Instance, path: str, **headers: str) -> int:
    """Return the status that a page is answered with."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", instance.port, timeout=30)) as connection:
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def test_it_works(instance: Instance) -> None:
    settings = read_settings_block()
    assert settings["BLUELAMP_ORIGIN"].startswith("https://")
    assert "BLUELAMP_DEMO" not in settings
    own = settings["BLUELAMP_HOSTS"]
    for path in ("/", "/report/", "/sign-in/"):
        assert get(instance, path, Host=own, X_Forwarded_For="192.0.2.1") == 200
        assert get(instance, path, Host=f"127.0.0.1:{instance.port}") == 400
        assert get(instance, path, Host="192.0.2.99") == 400
    assert get(instance, "/demo/outbox/", Host=own) == 404


def test_probes(instance: Instance) -> None:
    for path in ("/healthz", "/readyz"):
        assert get(instance, path) == 200
        assert get(instance, path, Host="192.0.2.99", X_Forwarded_For="192.0.2.1") == 200
    assert get(instance, "/metrics") == 200
    for header in ("X_Forwarded_For", "Forwarded"):
        assert get(instance, "/metrics", **{header: "192.0.2.1"}) == 404
    assert get(instance, "/metrics", Host="192.0.2.99") == 404


def test_a_stranger_fills_no_log(instance: Instance) -> None:
    log = instance.var / "run.log"
    before = log.stat().st_size
    assert get(instance, "/", Host="evil.example") == 400
    own = read_settings_block()["BLUELAMP_HOSTS"]
    fields = httpx.post(
        f"{instance.origin}/track/",
        # with a cookie for forms, or its lack would be the answer
        headers={"Host": own, "Cookie": f"__Host-bluelamp_csrf={'a' * 32}"},
        data={f"field{number}": "x" for number in range(1200)},
    )
    assert fields.status_code == 400
    lines = log.read_bytes()[before:].decode().splitlines()
    for kind in ("DisallowedHost", "TooManyFieldsSent"):
        [line] = [line for line in lines if kind in line]
        assert f" WARNING django.security.{kind} " in line
    assert not [line for line in lines if "ERROR" in line or "Traceback" in line]


def test_nobody_else_can_look_into_its_folder(instance: Instance) -> None:
    assert (instance.var / "postgres" / "PG_VERSION").exists()
    readable = [
        f"{stat.S_IMODE(path.lstat().st_mode):o} {path}"
        for path in instance.var.rglob("*")
        if not path.is_symlink()
        and stat.S_IMODE(path.lstat().st_mode) & 0o077
        # what the test itself put there
        and path != instance.var / "run.log"
    ]
    assert readable == []
    # Where root runs it, PostgreSQL's own user may pass through, and not read.
    assert stat.S_IMODE(instance.var.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)


def test_a_polite_stop_after_a_kill_stops_the_database(instance: Instance) -> None:
    assert instance.process
    os.killpg(instance.process.pid, signal.SIGKILL)
    instance.process.wait(30)
    assert postgres.is_up(instance.var / "postgres"), "it outlives the program"
    instance.start()
    instance.stop()
    assert not postgres.is_up(instance.var / "postgres")
    assert not Path(f"/proc/{instance.process.pid}").exists()
