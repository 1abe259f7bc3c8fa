"""Signing in as a person does, with Chromium's virtual authenticator.

A session ends here when it was not used for a minute. With BLUELAMP_SCREENSHOTS=1, screenshots of
every page, at phone and desktop width, are in var/screenshots.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.instance import ROOT, Instance
from tests.foundation.accounts.app_codes import wait_for_new_code
from tests.journeys.browser import DESKTOP, Visitor, take_screenshot
from tests.journeys.virtual_authenticator import VirtualAuthenticator
from tests.prepared_instances import execute_sql, prepared_instance

PHRASE = "seven brass lanterns"
NOTE = "She asked us to ring after six.\nNot on Tuesdays."
_AGE_SESSIONS = "UPDATE accounts_accountsession SET {} = now() - make_interval(secs => {})"
# Longer ago than a session lasts here, and than a confirmation holds.
_LONG_AGO = 11 * 60
# As if the half minute of her last code had passed.
_FORGET_CODE = """
UPDATE mfa_authenticator SET data = jsonb_set(data, '{last_counter}', '0') WHERE type = 'totp'
"""


@dataclass
class Cleo:
    """Cleo, a case builder, at her computer."""

    instance: Instance
    browser: Browser
    visitor: Visitor
    authenticator: VirtualAuthenticator
    codes: list[str] = field(default_factory=list)
    secret: str = ""
    story: dict[str, Any] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.visitor.page

    def run(self, *arguments: str) -> str:
        """Run a program of the instance, and return what it printed."""
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.instance.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def code(self) -> str:
        """Return what her app shows, and have the server take it once more.

        That saves half a minute at each code. That a code works once is tested in
        `tests/foundation/accounts`.
        """
        execute_sql(self.instance.var, _FORGET_CODE)
        return wait_for_new_code(self.secret)

    def age_sessions(self, column: str, *, seconds: int = _LONG_AGO) -> None:
        """Have every session confirmed or last used so long ago."""
        execute_sql(self.instance.var, _AGE_SESSIONS.format(column, seconds))

    def pass_half_a_minute(self) -> None:
        """Let the page's scripts believe that half of the minute passed that a session lasts."""
        self.page.clock.fast_forward(31_000)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out", exact=True).click()
        self.page.wait_for_url("**/")


@pytest.fixture(scope="module")
def cleo(browser: Browser) -> Iterator[Cleo]:
    with prepared_instance(BLUELAMP_IDLE_MINUTES="1") as instance:
        origin = f"http://localhost:{instance.port}"
        visitor = Visitor.open(browser, origin, "sign-in", DESKTOP)
        yield Cleo(instance, browser, visitor, VirtualAuthenticator(visitor.page))
        visitor.close()


def test_it_works(cleo: Cleo) -> None:
    cleo.story = json.loads(cleo.run("-m", "bluelamp.cli", "demo", "story"))
    _enrol(cleo)
    _sign_in_with_passkey(cleo)
    _add_and_remove_devices(cleo)
    _password_and_app(cleo)
    _recovery_code(cleo)
    _confirm_before_a_download(cleo)
    _idle_page(cleo)
    _late_form(cleo)
    _end_all_sessions(cleo)


def _enrol(cleo: Cleo) -> None:
    out = cleo.run("-m", "bluelamp.cli", "account", "link", "cleo")
    [token] = re.findall(r"/sign-in/enrol/([\w-]+)/", out)
    page = cleo.page
    page.goto(f"http://127.0.0.1:{cleo.instance.port}/sign-in/enrol/{token}/")
    expect(page.get_by_text("Passkeys do not work at this address")).to_be_visible()
    cleo.visitor.check_page("01-enrol-at-a-number")
    page.get_by_role("link", name="Open this page at localhost").click()
    page.get_by_label("What do you call this device?").fill("Work laptop")
    cleo.visitor.check_page("02-enrol")
    page.get_by_role("button", name="Create a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    cleo.codes = page.locator(".bl-codes__code").all_inner_texts()
    assert len(cleo.codes) == 10
    cleo.visitor.check_page("03-recovery-codes")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/desk/")
    page.goto(f"/sign-in/enrol/{token}/")
    expect(page.get_by_role("heading", name="This link does not work any more")).to_be_visible()
    cleo.visitor.check_page("04-link-used")
    page.goto("/desk/")
    cleo.sign_out()


def _sign_in_with_passkey(cleo: Cleo) -> None:
    page = cleo.page
    page.goto("/desk/crimes/")
    # Autofill would sign her in before anything is pressed: the device is always unlocked.
    page.wait_for_url("**/desk/crimes/")
    cleo.sign_out()
    device = cleo.authenticator.credentials()
    assert len(device) == 1
    cleo.authenticator.replace()  # by one without her passkey
    page.goto("/sign-in/")
    cleo.visitor.check_page("05-sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("We did not get a passkey")).to_be_visible()
    cleo.visitor.check_page("06-no-passkey")


def _add_and_remove_devices(cleo: Cleo) -> None:
    page = cleo.page
    # The laptop is lost: a recovery code lets her in, to set up another device and nothing else.
    page.get_by_role("link", name="Use a recovery code").click()
    cleo.visitor.check_page("07-recover")
    page.get_by_label("User name").fill("cleo")
    page.get_by_label("Password, if you have one").fill("bluelamp-demo")
    page.get_by_label("Recovery code").fill(cleo.codes[0])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("You signed in with a recovery code")).to_be_visible()
    cleo.visitor.check_page("08-recovering")
    page.goto("/desk/")
    page.wait_for_url("**/sign-in/?next=/desk/**")
    page.goto("/account/")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("What do you call this device?").fill("Phone")
    cleo.visitor.check_page("09-add-passkey")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Passkey added")).to_be_visible()
    cleo.visitor.check_page("10-account")
    page.get_by_role("link", name="Remove Work laptop").click()
    cleo.visitor.check_page("11-remove")
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("Passkey removed")).to_be_visible()
    page.goto("/desk/")
    expect(page).to_have_url(re.compile("/desk/$"))


def _password_and_app(cleo: Cleo) -> None:
    page = cleo.page
    page.goto("/account/password/set-up/")
    cleo.visitor.check_page("12-set-up-password")
    [secret] = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.inner_text("main"))
    cleo.secret = secret.replace(" ", "")
    page.get_by_label("New password").fill("cleo-bluelamp")
    page.get_by_label("6-digit code that the app shows").fill(cleo.code())
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    cleo.visitor.check_page("13-easy-password")
    page.get_by_label("New password").fill(PHRASE)
    page.get_by_label("6-digit code that the app shows").fill(cleo.code())
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("Password and app set up")).to_be_visible()
    cleo.visitor.check_page("14-account-with-password")
    page.goto("/account/password/")
    cleo.visitor.check_page("15-change-password")
    page.goto("/account/app/")
    cleo.visitor.check_page("16-replace-app")
    cleo.sign_out()
    cleo.authenticator.remove()
    code = cleo.code()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("cleo")
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("6-digit code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk/")


def _recovery_code(cleo: Cleo) -> None:
    page = cleo.page
    page.goto("/account/")
    page.get_by_role("button", name="Get new codes").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    fresh = page.locator(".bl-codes__code").all_inner_texts()
    assert set(fresh).isdisjoint(cleo.codes)


def _confirm_before_a_download(cleo: Cleo) -> None:
    page = cleo.page
    cleo.age_sessions("confirmed_at")
    page.goto(f"/desk/case-files/{cleo.story['urn']}/")
    page.get_by_role("button", name=re.compile("Download", re.I)).first.click()
    expect(page.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    cleo.visitor.check_page("17-confirm")
    page.locator("main").get_by_label("6-digit code").fill(cleo.code())
    page.get_by_role("button", name="Confirm", exact=True).first.click()
    expect(page.get_by_role("heading", name="Thank you. Carry on")).to_be_visible()
    cleo.visitor.check_page("18-carry-on")
    with page.expect_download() as download:
        page.get_by_role("button", name="Continue").click()
    assert download.value.suggested_filename.endswith(".zip")


def _idle_page(cleo: Cleo) -> None:
    """She types half a note, goes away for more than a minute, and carries on typing."""
    page = cleo.page
    number = cleo.story["crime_numbers"][0].replace("/", "-")
    # Her minute passes on the page's clock and in the server's record, and nobody waits for it.
    page.clock.install()
    page.goto(f"/desk/crimes/{number}/note")
    box = page.locator("main textarea").first
    box.fill(NOTE)
    notice = page.get_by_text("You will be signed out soon")
    cleo.age_sessions("last_seen_at", seconds=35)
    cleo.pass_half_a_minute()
    expect(notice).to_be_visible()
    cleo.visitor.check_page("19-idle-notice")
    page.get_by_role("button", name="Stay signed in").click()
    expect(notice).to_be_hidden()
    cleo.age_sessions("last_seen_at")
    cleo.pass_half_a_minute()
    dialog = page.get_by_role("dialog", name="Sign in to carry on")
    expect(dialog).to_be_visible()
    cleo.visitor.check_page("20-idle-sign-in")
    dialog.get_by_text("Use your password and a code").click()
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog.get_by_text("Check your user name")).to_be_visible()
    dialog.get_by_label("Password").fill(PHRASE)
    dialog.get_by_label("6-digit code").fill(cleo.code())
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_be_hidden()
    assert box.input_value() == NOTE
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("She asked us to ring after six.").first).to_be_visible()


def _late_form(cleo: Cleo) -> None:
    """Her browser runs no scripts, so the form is sent after the session ended."""
    context = cleo.browser.new_context(
        base_url=f"http://localhost:{cleo.instance.port}", java_script_enabled=False
    )
    context.add_cookies(cleo.visitor.context.cookies())
    page = context.new_page()
    number = cleo.story["crime_numbers"][0].replace("/", "-")
    page.goto(f"/desk/crimes/{number}/note")
    page.locator("main textarea").first.fill("Second note, sent late.")
    cleo.age_sessions("last_seen_at")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("We have kept what you typed")).to_be_visible()
    # No axe: it needs scripts.
    take_screenshot(page, "sign-in-21-late-form")
    page.get_by_label("User name").fill("cleo")
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("6-digit code").fill(cleo.code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Second note, sent late.")).to_be_visible()
    take_screenshot(page, "sign-in-22-carry-on-late")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Second note, sent late.").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"/desk/crimes/{number}/"))
    context.close()


def _end_all_sessions(cleo: Cleo) -> None:
    page = cleo.page
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("cleo")
    page.get_by_label("Password", exact=True).fill(PHRASE)
    page.get_by_label("6-digit code").fill(cleo.code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk/")
    page.goto("/account/")
    here = page.locator(".bl-sessions__one")
    assert here.count() >= 2
    expect(page.get_by_text("Chrome on Linux").first).to_be_visible()
    cleo.visitor.check_page("23-sessions")
    page.get_by_role("button", name="Sign out everywhere", exact=True).click()
    page.wait_for_url("**/sign-in/")
    page.goto("/desk/")
    page.wait_for_url("**/sign-in/**")
