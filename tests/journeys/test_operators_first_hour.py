"""The operator's first hour, as ops/README.md says it, on a real production instance.

Install, first account, passkey, first officer at the desk, upgrade, back-up, restore, a leaver.
With BLUELAMP_SCREENSHOTS=1, screenshots of every page are in var/screenshots.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from bench.instance import ROOT, Instance, free_port
from bluelamp.foundation.kernel.database import postgres
from tests.cli.test_operations_readme import read_settings_block
from tests.journeys.browser import DESKTOP, PHONE, Visitor
from tests.journeys.virtual_authenticator import VirtualAuthenticator
from tests.prepared_instances import execute_sql

# What an earlier version left: no encounters, and accounts without a column of today's.
TO_EARLIER_VERSION = """
from bluelamp.cli import prepare
prepare(may_create=True, is_run=True)  # with the tables' owner, as `run` has
from django.core.management import call_command
from bluelamp.foundation.kernel.database.roles import connect_as_owner
with connect_as_owner():
    call_command("migrate", "encounters", "zero", verbosity=0)
    call_command("migrate", "accounts", "0005", verbosity=0)
"""
REPORT = {
    "kind": "theft",
    "narrative": "A parcel was taken from the doorstep.",
    "person": {"given_name": "Esi", "family_name": "Mensah", "is_safe_to_contact": False},
    "is_declared_true": True,
}


@dataclass
class Operator:
    """Somebody with a shell on the machine of an instance."""

    instance: Instance
    browser: Browser

    @property
    def origin(self) -> str:
        """Return the address that people use. A passkey needs a name, so not 127.0.0.1."""
        return f"http://localhost:{self.instance.port}"

    def run(self, *arguments: str) -> str:
        """Run a `bluelamp` command, which must end well, and return what it printed."""
        status, out = self.try_running(*arguments)
        assert status == 0, out
        return out

    def try_running(self, *arguments: str) -> tuple[int, str]:
        """Run a `bluelamp` command, and return its exit status and what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "bluelamp.cli", *arguments],
            env=self.instance.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def open_browser(self, name: str, size: dict[str, int]) -> Visitor:
        """Open a person's browser."""
        return Visitor.open(self.browser, self.origin, f"operator-{name}", size)

    def enrol(self, visitor: Visitor, link: str) -> None:
        """Set up a passkey with a link, as the person does in their own browser."""
        page = visitor.page
        page.goto(link)
        page.get_by_role("heading", name="Set up how you sign in").wait_for()
        visitor.check_page("enrol")
        page.get_by_role("button", name="Create a passkey").click()
        page.get_by_role("heading", name="Your recovery codes").wait_for()
        visitor.check_page("recovery-codes")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url: "/enrol/" not in url)


@pytest.fixture(scope="module")
def operator(browser: Browser) -> Iterator[Operator]:
    """An instance that was just installed: nobody has an account, and it was never started."""
    parent = Path(tempfile.mkdtemp(prefix="bluelamp-instance-"))
    port = free_port()
    settings = read_settings_block() | {"BLUELAMP_ORIGIN": f"http://localhost:{port}"}
    # No proxy and no name of its own here: the browser asks localhost.
    for name in ("BLUELAMP_VAR", "BLUELAMP_HOSTS", "BLUELAMP_PROXY"):
        del settings[name]
    instance = Instance(parent / "var", port, settings, is_demo=False)
    instance.var.mkdir(mode=0o700)
    try:
        yield Operator(instance, browser)
    finally:
        instance.stop()
        shutil.rmtree(parent, ignore_errors=True)


def test_it_works(operator: Operator) -> None:
    instance = operator.instance
    instance.start()
    status, first_check = operator.try_running("check")
    assert status == 1
    for finding in ("https", "messages", "time stamps", "administrator", "passkey", "back-up"):
        assert f"FAIL  {finding}: " in first_check
    assert "PASS  real data only" in first_check

    # The first account.
    opened = operator.run("account", "open", "jfox", "--name", "Jo Fox", "--role", "administrator")
    link = opened.splitlines()[-1]
    assert link.startswith(f"{operator.origin}/sign-in/enrol/")
    jo = operator.open_browser("jo", DESKTOP)
    VirtualAuthenticator(jo.page)
    operator.enrol(jo, link)
    jo.check_page("start")
    jo.page.goto(link)
    assert "/enrol/" in jo.page.url
    jo.check_page("link-used")
    assert jo.page.get_by_role("button", name="Create a passkey").count() == 0

    # The first officer.
    ada = operator.open_browser("ada", PHONE)
    device = VirtualAuthenticator(ada.page)
    operator.enrol(ada, _open_officer_at_desk(jo))
    ada.page.goto("/desk/")
    ada.check_page("desk")
    status, second_check = operator.try_running("check")
    assert status == 1
    for finding in ("administrator", "passkey"):
        assert f"PASS  {finding}" in second_check

    _upgrade(operator, ada)
    _back_up_and_restore(operator, ada)
    _leaver(operator, ada, device)
    ada.close()
    jo.close()


def _open_officer_at_desk(jo: Visitor) -> str:
    """Open Ada's account on the desk's pages, and return her link."""
    page = jo.page
    page.goto("/desk/")
    page.get_by_role("link", name="Accounts", exact=True).last.click()
    jo.check_page("accounts")
    page.get_by_role("button", name="Open an account").click()
    page.get_by_role("button", name="Open account").click()
    page.get_by_text("There is a problem").wait_for()
    jo.check_page("account-open-mistakes")
    page.get_by_label("Name", exact=True).fill("Ada Bello")
    page.get_by_label("User name").fill("abello")
    page.get_by_label("Rank").fill("PC")
    page.get_by_label("Collar number").fill("1234SE")
    page.get_by_label("Response officer").check()
    jo.check_page("account-open")
    page.get_by_role("button", name="Open account").click()
    page.get_by_role("heading", name="Give abello this link").wait_for()
    jo.check_page("account-link")
    link = page.locator("#link").inner_text()
    page.get_by_role("link", name="Go to the account").click()
    page.get_by_role("heading", name="PC Ada Bello 1234SE").wait_for()
    jo.check_page("account")
    return link


def _upgrade(operator: Operator, ada: Visitor) -> None:
    """Start this version on what an earlier one left: its tables, and its roles."""
    instance = operator.instance
    report = REPORT | {"id": str(uuid4())}
    answer = httpx.post(f"{operator.origin}/api/v1/reports", json=report, timeout=30)
    assert answer.status_code == 201, answer.text
    # The earlier version did not have the first, and the force took the second away.
    execute_sql(
        instance.var,
        "UPDATE accounts_role SET offered_permissions = array_remove(offered_permissions,"
        " 'device.enrol'), permissions = array_remove(array_remove(permissions, 'device.enrol'),"
        " 'person.view') WHERE name = 'response-officer'",
    )
    instance.stop()
    subprocess.run(
        [sys.executable, "-c", TO_EARLIER_VERSION], env=instance.env, cwd=ROOT, check=True
    )
    instance.start()
    [(permissions,)] = execute_sql(
        instance.var, "SELECT permissions FROM accounts_role WHERE name = 'response-officer'"
    )
    assert "device.enrol" in permissions
    assert "person.view" not in permissions
    [(count,)] = execute_sql(
        instance.var, "SELECT count(*) FROM reports_report WHERE id = %s", report["id"]
    )
    assert count == 1
    assert execute_sql(instance.var, "SELECT count(*) FROM encounters_encounter") == [(0,)]
    for verb in ("audit", "verify"), ("evidence", "fsck"):
        assert "0 failed" in operator.run(*verb)
    ada.page.goto("/desk/")
    ada.page.get_by_role("heading", name="Your work").wait_for()


def _back_up_and_restore(operator: Operator, ada: Visitor) -> None:
    """Lose what came after the back-up, say so on the record, and sign in as before."""
    instance = operator.instance
    copy, broken = instance.var.with_name("copy"), instance.var.with_name("broken")
    instance.stop()
    assert not postgres.is_up(instance.var / "postgres"), "the stop ends PostgreSQL too"
    shutil.copytree(instance.var, copy, symlinks=True)
    _give_postgres_its_files(instance.var, copy)
    instance.start()
    (instance.var / "last-backup").touch()
    assert "PASS  back-up" in operator.try_running("check")[1]
    report = REPORT | {"id": str(uuid4())}
    answer = httpx.post(f"{operator.origin}/api/v1/reports", json=report, timeout=30)
    assert answer.status_code == 201, answer.text
    assert "0 failed" in operator.run("audit", "verify")

    instance.stop()
    instance.var.rename(broken)
    copy.rename(instance.var)
    shutil.rmtree(instance.var / "witness")
    shutil.copytree(broken / "witness", instance.var / "witness")
    instance.start()
    status, out = operator.try_running("audit", "verify")
    # The newest entries are gone, and nobody said why.
    assert status == 1, out
    because = "disk failed on 3 March; J. Fox restored the backup of 2 March, 23:00"
    assert "set aside" in operator.run("audit", "restored", "--because", because)
    assert "0 failed" in operator.run("audit", "verify")
    assert "0 failed" in operator.run("evidence", "fsck")

    ada.page.goto("/desk/")
    ada.page.get_by_role("button", name="Sign out", exact=True).click()
    ada.page.wait_for_url("**/")
    ada.page.goto("/desk/")
    # The sign-in page offers the passkey by itself, and her device is always unlocked.
    ada.page.wait_for_url("**/desk/")


def _leaver(operator: Operator, ada: Visitor, device: VirtualAuthenticator) -> None:
    """Shut an officer out: her open page leads to the sign-in page, and her passkey nowhere."""
    operator.run("account", "deactivate", "abello")
    ada.page.reload()
    ada.page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    # The page offers her passkey by itself, and it is refused.
    ada.page.get_by_text("We could not sign you in with this passkey").first.wait_for()
    device.remove()  # or the page would offer it again and again
    # A try that had begun before it was removed may still take the page elsewhere.
    with suppress(PlaywrightError):
        ada.page.goto("/desk/")
    ada.page.goto("/desk/")
    assert "/sign-in/" in ada.page.url
    ada.check_page("deactivated")
    listed = operator.run("account", "list")
    assert "abello  deactivated" in listed
    assert "jfox    active" in listed


def _give_postgres_its_files(source: Path, copy: Path) -> None:
    """Do what `cp -a` does and `copytree` does not: keep the owner of each file."""
    for path in (source, *source.rglob("*")):
        status = path.lstat()
        os.chown(
            copy / path.relative_to(source), status.st_uid, status.st_gid, follow_symlinks=False
        )
