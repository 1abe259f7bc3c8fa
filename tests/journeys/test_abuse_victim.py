"""An abuse victim reports, is never written to, and follows her case: what anybody could see.

Every page, message, title and entry of the browser's history is looked at, with and without
JavaScript, on a phone. Screenshots are in var/screenshots.
"""

import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from bench.instance import Instance
from tests import media_samples
from tests.journeys.browser import DESKTOP, PHONE, Visitor, take_screenshot
from tests.journeys.messages import wait_for_code, wait_for_message
from tests.prepared_instances import wait_until_prompt_jobs_are_done

FORCE = "Metropolitan Police Service"
STORY = "My husband hit me again last night. He looks at my phone."
PASSPHRASE = "copper kettle garden"
# What nobody else may read in a title, an address, or a message.
TELLING = re.compile(
    r"abuse|domestic|violen|partner|family|husband|assault|sexual|stalk|harass|victim|helpline",
    re.IGNORECASE,
)
TELLING_IN_MESSAGES = re.compile(
    TELLING.pattern + r"|police|crime|report|\bcase\b|officer|danger|\b999\b|\b101\b|offence",
    re.IGNORECASE,
)
SAFE_PHONE = "07700 900 417"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def victim(
    bluelamp: Instance, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    name = "abuse" if request.param else "abuse-plain"
    visitor = Visitor.open(browser, bluelamp.origin, name, PHONE, has_scripts=request.param)
    visitor.has_scripts = request.param  # type: ignore[attr-defined]
    yield visitor
    visitor.close()


def test_it_works(victim: Visitor, bluelamp: Instance, browser: Browser) -> None:
    """She says no: nothing is sent, and her passphrase opens her case on another device."""
    page = victim.page
    seen = _record_pages(page)
    _report(victim, is_safe=False)
    main = page.inner_text("main")
    reference = _reference_in(main)
    assert "We have not sent it to you" in main
    assert "We will not call, text, email or write to you." in main
    assert "0808 2000 247" in main
    for promise in ("sending it", "We’ll send", "We’ll tell you", "at any time"):
        assert promise not in main, promise
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    _press(victim, "Save my passphrase", "done-passphrase")
    assert "You have chosen a passphrase" in page.inner_text("main")
    assert PASSPHRASE not in page.content()

    page.get_by_role("button", name="Delete this report from this device").click()
    _look(victim, "forget")
    _press(victim, "Delete this report", "home")
    page.goto("/report/done/")
    assert page.url.endswith("/report/"), "her reference is gone from the device"
    page.goto("/report/story/")
    assert STORY not in page.content()

    other = Visitor.open(browser, bluelamp.origin, "abuse-other", DESKTOP)
    seen_elsewhere = _record_pages(other.page)
    _open_with_passphrase(other, reference)
    assert "We do not contact you, as you asked." in other.page.inner_text("main")
    assert "husband" not in other.page.content()
    other.check_page("case")
    other.page.get_by_role("button", name="Hide my case").click()
    other.close()

    _assert_desk_sees(bluelamp, browser, reference, "Do not contact them: they asked us not to.")
    _assert_no_message(victim, bluelamp, reference)
    _assert_neutral(seen | seen_elsewhere)


def test_nothing_goes_on_without_an_answer(victim: Visitor) -> None:
    page = victim.page
    seen = _record_pages(page)
    _answer_until_contact(victim)
    page.get_by_label("Phone number").fill(SAFE_PHONE)
    _press(victim, "Continue", "contact-unanswered")
    expect(page.get_by_role("alert")).to_contain_text(
        "Select whether it is safe for us to contact you"
    )
    expect(page.get_by_label("Phone number")).to_have_value(SAFE_PHONE)
    # Reload and Back show pages, and never ask to send a form again.
    page.reload()
    expect(page.get_by_label("Phone number")).to_have_value(SAFE_PHONE)
    page.go_back()
    page.go_forward()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    _assert_neutral(seen)


def test_she_says_yes_and_later_that_it_is_no_longer_safe(
    victim: Visitor, bluelamp: Instance, browser: Browser
) -> None:
    page = victim.page
    seen = _record_pages(page)
    email = f"safe.{time.time_ns()}@example.com"
    _report(victim, is_safe=True, email=email)
    main = page.inner_text("main")
    reference = _reference_in(main)
    assert "We’re sending it by email to s…@example.com" in main
    messages = [wait_for_message(victim, email, reference)]
    _press(victim, "Email me a code", "report-confirm")
    page.get_by_label("Code", exact=True).fill(wait_for_code(victim, email))
    _press(victim, "Confirm", "report-confirmed")
    assert "You have confirmed your email address" in page.inner_text("main")
    page.goto("/track/")
    page.get_by_label("Your reference or crime number").fill(reference.lower())
    _press(victim, "Continue", "track-code")
    page.get_by_label("Code", exact=True).fill(wait_for_code(victim, email))
    _press(victim, "Show my case", "track-case")
    page.get_by_role("link", name="It’s no longer safe to contact me").click()
    _look(victim, "track-contact")
    page.get_by_label("Contact me another way").check()
    page.get_by_label("When or how can we reach you safely?").fill("My sister Ama, 07700 900456")
    _press(victim, "Stop contacting me", "track-passphrase")
    assert "We will not send you any more messages." in page.inner_text("main")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    _press(victim, "Save my passphrase", "track-case-unsafe")
    assert "We only contact you in the way you told us is safe." in page.inner_text("main")
    assert "Ama" not in page.content(), "whoever opens the page must not learn who helps her"
    _press(victim, "Hide my case", "track-hidden")
    _assert_desk_sees(bluelamp, browser, reference, "Ama, 07700 900456")
    messages += [text for text in _messages_to(victim, email) if text not in messages]
    for text in messages:
        shown = text.replace(FORCE, "").replace(bluelamp.origin, "")
        assert not TELLING_IN_MESSAGES.search(shown), shown
    _assert_neutral(seen)


def test_exit_leaves_nothing_to_go_back_to(bluelamp: Instance, browser: Browser) -> None:
    visitor = Visitor.open(browser, bluelamp.origin, "abuse-exit", PHONE)
    page = visitor.page
    page.route(
        "https://www.bbc.co.uk/**",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Weather</h1>"),
    )
    page.goto("/report/what/")
    page.get_by_label("Abuse by a partner or family member").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/report/where/")
    page.get_by_role("button", name="Exit this page").first.click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    # The page before leads on to the other website at once, which interrupts going back to it.
    with suppress(Error):
        page.go_back()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    assert page.inner_text("h1") == "Weather"
    # Whoever comes back by the address finds the report as it was left.
    page.goto(f"{bluelamp.origin}/report/what/")
    expect(page.get_by_label("Abuse by a partner or family member")).to_be_checked()
    visitor.context.close()


def test_a_file_that_was_cut_off_leaves_no_name_on_her_device(
    bluelamp: Instance, browser: Browser, tmp_path: Path
) -> None:
    """What the browser keeps to go on with an upload says nothing of what was reported."""
    photo = tmp_path / "bruises after he hit me.jpg"
    photo.write_bytes(media_samples.rotated_jpeg_with_gps() + photo.name.encode())
    visitor = Visitor.open(browser, bluelamp.origin, "abuse-cut-off", PHONE)
    page = visitor.page
    page.goto("/report/")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/report/what/")
    page.goto("/report/files/")
    page.route(
        "**/uploads/*",
        lambda route: route.abort() if route.request.method == "PATCH" else route.continue_(),
    )
    page.locator("input#files").set_input_files(photo)
    expect(page.locator(".bl-upload__state")).to_contain_text("connection")
    stored = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert "tus::" in stored
    assert "bruises" not in stored
    page.on("dialog", lambda dialog: dialog.accept())  # "Leave site?", with an upload under way
    page.reload()
    expect(page.locator(".bl-upload__file")).to_contain_text("A file you chose before")
    expect(page.locator(".bl-upload__file")).to_contain_text("Not finished")
    take_screenshot(page, "abuse-cut-off-phone")
    page.unroute("**/uploads/*")
    page.locator("input#files").set_input_files(photo)
    expect(page.locator(".bl-upload__file--done")).to_contain_text(photo.name)
    assert page.locator(".bl-upload__file").count() == 1
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tus::'))") == []

    # She is cut off again, and deletes her report from the device.
    second = tmp_path / "second.jpg"
    second.write_bytes(photo.read_bytes() + b"2")
    page.route(
        "**/uploads/*",
        lambda route: route.abort() if route.request.method == "PATCH" else route.continue_(),
    )
    page.locator("input#files").set_input_files(second)
    expect(page.locator(".bl-upload__state").last).to_contain_text("connection")
    assert "tus::" in page.evaluate("JSON.stringify({...localStorage})")
    page.goto("/report/forget/")
    page.get_by_role("button", name="Delete this report").click()
    page.wait_for_url(f"{bluelamp.origin}/")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    visitor.context.close()


def _record_pages(page: Page) -> set[tuple[str, str]]:
    """Return a set that fills with the address and the title of each page as it is shown.

    That is what the browser's history has.
    """
    seen: set[tuple[str, str]] = set()

    def record_page(shown: Page) -> None:
        title = shown.title()
        # Between two pages the title is empty or the browser's own, for a moment.
        if title and not title.startswith("Loading http"):
            seen.add((shown.url, title))

    page.on("load", record_page)
    return seen


def _assert_neutral(seen: set[tuple[str, str]]) -> None:
    assert len(seen) > 5
    for url, title in seen:
        assert not TELLING.search(url.partition("//")[2].partition("/")[2]), url
        assert not TELLING.search(title), title
        if "/demo/" not in url:
            assert title.endswith(f" – {FORCE}"), title
        assert "BL-" not in url
        assert "07700" not in url


def _answer_until_contact(victim: Visitor) -> None:
    page = victim.page
    page.goto("/")
    _look(victim, "home")
    page.get_by_role("link", name="Report a crime").click()
    _look(victim, "start")
    page.get_by_label("No", exact=True).check()
    _press(victim, "Start now", "what")
    page.get_by_label("Abuse by a partner or family member").check()
    _press(victim, "Continue", "where")
    page.locator("#place").fill("SE15 4QL")
    page.keyboard.press("Escape")
    page.get_by_label(re.compile("House number")).fill("14")
    _press(victim, "Continue", "when")
    page.get_by_label("I’m not sure").check()
    _press(victim, "Continue", "story")
    page.get_by_label("Tell us what happened").fill(STORY)
    _press(victim, "Continue", "files")
    _press(victim, "Continue", "you")
    page.get_by_label("It happened to me").check()
    page.get_by_label("First name").fill("Esi")
    _press(victim, "Continue", "contact")


def _report(victim: Visitor, *, is_safe: bool, email: str = "") -> None:
    page = victim.page
    _answer_until_contact(victim)
    if is_safe:
        page.get_by_label("Yes", exact=True).check()
        page.get_by_label("Email address").fill(email)
    else:
        page.get_by_label("No, someone else might see or hear it").check()
        page.get_by_label("Do not contact me").check()
        _look(victim, "contact-no")
    _press(victim, "Continue", "check")
    page.get_by_label("Yes, as far as I know").check()
    _press(victim, "Send your report", "done-yes" if is_safe else "done-no")
    assert page.url.endswith("/report/done/")


def _press(victim: Visitor, name: str, screenshot: str) -> None:
    victim.page.get_by_role("button", name=name, exact=True).click()
    victim.page.wait_for_load_state()
    _look(victim, screenshot)


def _look(victim: Visitor, name: str) -> None:
    """Take a screenshot; with JavaScript at both widths, with axe."""
    # The page may still be on its way after a press of a button.
    expect(victim.page.get_by_role("heading", level=1)).to_have_count(1)
    assert victim.page.title().endswith(f" – {FORCE}")
    assert not TELLING.search(victim.page.title())
    if victim.has_scripts:  # type: ignore[attr-defined]
        victim.check_page(name)
        return
    take_screenshot(victim.page, f"{victim.name}-{name}")


def _reference_in(text: str) -> str:
    match = re.search(r"BL-\w{3}-\w{3}-\w{3}", text)
    assert match, text
    return match[0]


def _open_with_passphrase(visitor: Visitor, reference: str) -> None:
    page = visitor.page
    page.goto("/track/")
    page.get_by_label("Your reference or crime number").fill(reference)
    page.get_by_label("Passphrase").fill("a wrong one")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("not correct")
    expect(page.get_by_label("Your reference or crime number")).to_have_value(reference)
    visitor.check_page("track-wrong")
    page.get_by_label("Passphrase").fill("Copper kettle  garden")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/track/case/")


def _messages_to(visitor: Visitor, address: str) -> list[str]:
    page = visitor.context.new_page()
    page.goto("/demo/outbox/")
    texts = [message.inner_text() for message in page.locator("[data-message]").all()]
    page.close()
    return [text for text in texts if address in text]


def _assert_no_message(visitor: Visitor, bluelamp: Instance, reference: str) -> None:
    """Nothing was sent, and nothing waits to be sent."""
    wait_until_prompt_jobs_are_done(bluelamp.var)
    page = visitor.context.new_page()
    page.goto("/demo/outbox/")
    assert reference not in page.content()
    page.close()


def _assert_desk_sees(
    bluelamp: Instance, browser: Browser, reference: str, how_to_reach: str
) -> None:
    joy = Visitor.open(browser, bluelamp.origin, "abuse-joy", DESKTOP)
    joy.sign_in("joy")
    joy.page.goto(f"/desk/reports/{reference}/")
    main = joy.page.inner_text("main")
    # The style sheet shows a badge in capitals.
    assert "not safe to contact" in main.lower()
    assert how_to_reach in main
    joy.check_page("report")
    joy.close()
