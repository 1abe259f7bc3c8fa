"""What somebody typed at the desk and did not send: kept for them, and unreadable to the next."""

from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import DESKTOP, Visitor

NOTE = "The suspect is said to be Kwame Zebedee"


def test_it_works(bluelamp: Instance, browser: Browser) -> None:
    bilal = Visitor.open(browser, bluelamp.origin, "bilal-drafts", DESKTOP)
    page = bilal.page
    bilal.sign_in("bilal")
    page.goto("/desk/crimes/")
    note = f"{page.locator('table a').first.get_attribute('href')}note"
    page.goto(note)
    page.locator("textarea").fill(NOTE)
    expect(page.locator(".bl-autosave")).to_have_text("Draft saved on this computer")
    storage = page.evaluate("JSON.stringify(localStorage)")
    assert "bluelamp-draft" in storage
    assert "Zebedee" not in storage

    page.goto(note)
    expect(page.locator("textarea")).to_have_value(NOTE)

    # Joy uses the same computer, with Bilal signed out.
    page.get_by_role("button", name="Sign out").click()
    bilal.sign_in("joy")
    page.goto(note)
    expect(page.locator("textarea")).to_have_value("")
    page.locator("textarea").fill("Called the witness")
    expect(page.locator(".bl-autosave")).to_have_text("Draft saved on this computer")

    page.goto("/desk/")
    page.get_by_role("button", name="Sign out").click()
    bilal.sign_in("bilal")
    page.goto(note)
    expect(page.locator("textarea")).to_have_value(NOTE)
    page.get_by_role("button", name="Add to log").click()
    page.goto(note)
    expect(page.locator("textarea")).to_have_value("")
    bilal.close()
