"""What somebody typed at the desk and did not send: kept for them, and unreadable to the next."""

from playwright.sync_api import Browser, Route, expect

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


def test_what_was_chosen_before_the_script_came_stays(bluelamp: Instance, browser: Browser) -> None:
    """A draft fills what is still empty: what somebody has just chosen is newer than it."""
    bilal = Visitor.open(browser, bluelamp.origin, "bilal-early", DESKTOP)
    page = bilal.page
    bilal.sign_in("bilal")
    page.goto("/desk/crimes/")
    form = f"{page.locator('table a').last.get_attribute('href')}suspect"
    page.goto(form)
    bases, story = page.locator("[name=basis]"), page.locator("textarea").first
    bases.first.check()
    story.fill("An older reason")
    expect(page.locator(".bl-autosave")).to_have_text("Draft saved on this computer")

    late: list[Route] = []
    page.route("**/autosave*", lambda route: late.append(route))
    page.goto(form, wait_until="commit")
    bases.last.check()
    page.wait_for_timeout(500)
    [script] = late
    script.continue_()
    expect(page.locator(".bl-autosave")).to_have_text("Draft saved on this computer")
    expect(bases.last).to_be_checked()
    expect(story).to_have_value("An older reason")
    page.unroute("**/autosave*")

    # It is the draft now, though nothing was typed after the script came.
    page.goto(form)
    expect(story).to_have_value("An older reason")
    expect(bases.last).to_be_checked()
    bilal.close()
