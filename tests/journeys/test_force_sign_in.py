"""Staff sign in through their force's OpenID Connect provider, in a real browser.

The provider is `oidc-provider`, which the OpenID Foundation has certified.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance, free_port, temporary_instance
from tests.journeys.browser import DESKTOP, Visitor
from tests.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider, openid_provider

PROVIDER_PORT = free_port()


@pytest.fixture(scope="module")
def bluelamp() -> Iterator[Instance]:
    """An instance without demonstration data, as a force runs it."""
    with temporary_instance(
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
