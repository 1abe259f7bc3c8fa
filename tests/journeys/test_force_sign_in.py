"""Staff sign in through their force's OpenID Connect provider, in a real browser.

The provider is `oidc-provider`, which the OpenID Foundation has certified.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance, free_port
from tests.journeys.browser import DESKTOP, Visitor, take_screenshot
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider, openid_provider
from tests.prepared_instances import execute_sql, prepared_instance

PROVIDER_PORT = free_port()
END_SESSIONS = "UPDATE accounts_accountsession SET last_seen_at = now() - interval '16 minutes'"
REPORT = {
    "kind": "theft",
    "narrative": "A parcel was taken from the doorstep.",
    "person": {"given_name": "Esi", "family_name": "Mensah", "is_safe_to_contact": False},
    "is_declared_true": True,
}


@pytest.fixture(scope="module")
def bluelamp() -> Iterator[Instance]:
    """An instance without demonstration data, as a force runs it."""
    with prepared_instance(
        is_demo=False,
        BLUELAMP_OIDC_ISSUER=f"http://127.0.0.1:{PROVIDER_PORT}",
        BLUELAMP_OIDC_CLIENT_ID=CLIENT_ID,
        BLUELAMP_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        BLUELAMP_OIDC_ACR="phrh",
        BLUELAMP_DIRECTORY_ROLES="Met CID = investigator; Met Crime Desk = crime-desk",
    ) as instance:
        yield instance


@pytest.fixture(scope="module")
def provider(bluelamp: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    folder: Path = tmp_path_factory.mktemp("openid")
    callback = f"{bluelamp.origin}/sign-in/force/callback/"
    with openid_provider(folder, port=PROVIDER_PORT, callback=callback) as running:
        yield running


def sign_in(visitor: Visitor, name: str) -> None:
    """Sign in as somebody whom the provider knows."""
    visitor.page.goto("/desk/")
    visitor.page.get_by_role("button", name="Sign in with your force account").click()
    visitor.page.get_by_label("User name").fill(name)
    visitor.page.get_by_role("button", name="Sign in").click()


def test_it_works(bluelamp: Instance, provider: Provider, browser: Browser) -> None:
    """Ivy joins, moves to another unit and leaves."""
    provider.set_account(
        "ivy", name="Ivy Lund", preferred_username="ivy.lund", groups=["Met CID", "Car park"]
    )
    ivy = Visitor.open(browser, bluelamp.origin, "ivy", DESKTOP)
    ivy.page.goto("/desk/")
    ivy.check_page("sign-in-with-a-force-account")
    sign_in(ivy, "ivy")
    expect(ivy.page).to_have_url(f"{bluelamp.origin}/desk/")
    expect(ivy.page.get_by_text("Ivy Lund").first).to_be_visible()
    ivy.close()

    provider.set_account("ivy", groups=["Met Crime Desk"])
    moved = Visitor.open(browser, bluelamp.origin, "ivy", DESKTOP)
    sign_in(moved, "ivy")
    moved.page.goto("/desk/reports/")
    expect(moved.page.get_by_role("heading", level=1)).to_be_visible()
    moved.close()

    provider.set_account("ivy", groups=["Car park"])
    left = Visitor.open(browser, bluelamp.origin, "ivy", DESKTOP)
    sign_in(left, "ivy")
    expect(left.page.get_by_text("does not give you a role").first).to_be_visible()
    left.check_page("force-sign-in-refused")
    left.page.goto("/desk/reports/")
    expect(left.page).to_have_url(f"{bluelamp.origin}/sign-in/?next=/desk/reports/")
    left.close()


def test_somebody_who_signed_in_with_a_password_alone_is_refused(
    bluelamp: Instance, provider: Provider, browser: Browser
) -> None:
    provider.set_account("mo", name="Mo Ray", preferred_username="mo.ray", groups=["Met CID"])
    provider.content["acr"] = "pwd"
    provider.save()
    mo = Visitor.open(browser, bluelamp.origin, "mo", DESKTOP)
    sign_in(mo, "mo")
    expect(mo.page.get_by_text("did not work. Try again").first).to_be_visible()
    mo.context.close()


def test_a_form_sent_after_the_session_ended_comes_back(
    bluelamp: Instance, provider: Provider, browser: Browser
) -> None:
    """The session ends while she writes, and her browser runs no scripts to warn her."""
    sent = httpx.post(
        f"{bluelamp.origin}/api/v1/reports",
        json={"id": str(uuid4()), **REPORT},
    )
    assert sent.status_code == 201, sent.text
    provider.content["acr"] = "phrh"
    provider.set_account(
        "kit", name="Kit Marsh", preferred_username="kit.marsh", groups=["Met Crime Desk"]
    )
    kit = Visitor.open(browser, bluelamp.origin, "kit", DESKTOP)
    sign_in(kit, "kit")
    context = browser.new_context(base_url=bluelamp.origin, java_script_enabled=False)
    context.add_cookies(kit.context.cookies())
    page = context.new_page()
    page.goto(f"/desk/reports/{sent.json()['reference']}/")
    page.get_by_text("This is not a crime", exact=True).click()
    page.get_by_label("Why is this not a crime?").fill("The parcel was next door, she says.")
    execute_sql(bluelamp.var, END_SESSIONS)
    page.get_by_role("button", name="Confirm this is not a crime").click()
    expect(page.get_by_text("We have kept what you typed")).to_be_visible()
    page.get_by_role("button", name="Sign in with your force account").click()
    page.wait_for_url(lambda url: "/desk/" not in url)
    # The provider may know her still.
    words = page.get_by_text("The parcel was next door, she says.")
    expect(page.get_by_label("User name").or_(words)).to_be_visible()
    if not words.is_visible():
        page.get_by_label("User name").fill("kit")
        page.get_by_role("button", name="Sign in").click()
    expect(words).to_be_visible()
    # No axe: it needs scripts.
    take_screenshot(page, "force-sign-in-carry-on")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("You've decided this is not a crime").first).to_be_visible()
    context.close()
    kit.context.close()
