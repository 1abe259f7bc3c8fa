"""The public pages without JavaScript, uploads and pickers while it loads, and desk shortcuts.

axe is a script: where there is no JavaScript, labels and roles are checked here instead.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from bench.instance import Instance
from tests import media_samples
from tests.journeys.browser import DESKTOP, PHONE, Visitor, take_screenshot
from tests.journeys.messages import wait_for_code, wait_for_message

EMAIL = "esi.without.scripts@example.com"
STORY = "Someone broke the window of my car. “Glass” everywhere – £120 to mend."


@pytest.fixture
def esi(bluelamp: Instance, browser: Browser) -> Iterator[Visitor]:
    visitor = Visitor.open(browser, bluelamp.origin, "esi-plain", PHONE, has_scripts=False)
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("phone")
    paths = [folder / "IMG_0001.jpg", folder / "IMG_0002.jpg"]
    for path in paths:
        path.write_bytes(media_samples.rotated_jpeg_with_gps() + path.name.encode())
    return paths


def _press(esi: Visitor, name: str) -> None:
    """Press a button and check the next page: one h1, a label for every control, nothing that
    needs a script.
    """
    esi.page.get_by_role("button", name=name, exact=True).click()
    _check_page(esi)


def _check_page(esi: Visitor) -> None:
    page = esi.page
    assert page.get_by_role("heading", level=1).count() == 1, page.url
    assert page.get_by_role("main").count() == 1
    assert page.locator("html").get_attribute("lang") == "en-GB"
    for control in page.locator(
        "input:not([type=hidden]):visible, textarea:visible, select:visible"
    ).all():
        assert _label_of(control), f"{page.url}: {control.get_attribute('name')} has no label"
    assert page.locator("main [data-print]:visible").count() == 0, "a button that would do nothing"
    slug = page.url.split("//")[1].partition("/")[2].strip("/").replace("/", "-") or "home"
    take_screenshot(page, f"esi-plain-{slug.partition('?')[0]}")


def _label_of(control: Locator) -> str:
    place = control.page.locator(f"label[for='{control.get_attribute('id')}']")
    return place.first.inner_text().strip() if place.count() else ""


def test_it_works(esi: Visitor, photos: list[Path]) -> None:
    page = esi.page
    page.goto("/report/")
    _check_page(esi)
    page.get_by_label("No", exact=True).check()
    _press(esi, "Start now")
    page.get_by_label("Something was damaged").check()
    _press(esi, "Continue")
    _enter_place(esi)
    page.get_by_label("I know when").check()
    for label, part in (("Day", "1"), ("Month", "11"), ("Year", "2026")):
        page.get_by_label(label, exact=True).and_(page.locator(":visible")).fill(part)
    page.get_by_label("What time?").and_(page.locator(":visible")).fill("7pm")
    _press(esi, "Continue")
    page.get_by_label("Tell us what happened").fill(STORY)
    _press(esi, "Continue")
    _add_photos(esi, photos)
    page.get_by_label("It happened to me").check()
    page.get_by_label("First name").fill("Esi")
    page.get_by_label("Last name").fill("Mensah")
    _press(esi, "Continue")
    _make_and_correct_a_mistake(esi)
    assert STORY in page.inner_text("main")
    assert "IMG_0001.jpg" in page.inner_text("main")
    assert "IMG_0002.jpg" not in page.inner_text("main")
    page.get_by_label("Yes, as far as I know").check()
    _press(esi, "Send your report")
    reference = re.search(r"BL-\w{3}-\w{3}-\w{3}", page.inner_text("main"))
    assert reference
    wait_for_message(esi, EMAIL, reference[0])
    _track_case(esi, reference[0])


def _enter_place(esi: Visitor) -> None:
    """Several streets match: the page comes back with a choice of them."""
    page = esi.page
    page.get_by_label("Postcode or street").fill("choumert road")
    _press(esi, "Find place")
    page.get_by_role("radio", name=re.compile("^Choumert Road")).first.check()
    page.get_by_label(re.compile("House number")).fill("14")
    _press(esi, "Continue")
    expect(page).to_have_url(re.compile("/report/when/"))


def _add_photos(esi: Visitor, photos: list[Path]) -> None:
    page = esi.page
    picker = page.get_by_label("Add photos, videos or documents")
    picker.set_input_files(photos)
    _press(esi, "Add these files")
    received = page.get_by_role("listitem").filter(has_text="Received")
    expect(received).to_have_count(2)
    page.get_by_role("button", name="Remove IMG_0002.jpg").click()
    expect(received).to_have_count(1)
    _press(esi, "Continue")


def _make_and_correct_a_mistake(esi: Visitor) -> None:
    page = esi.page
    page.get_by_label("Email address").fill("esi at example")
    page.get_by_label("Yes", exact=True).check()
    _press(esi, "Continue")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    assert page.title().startswith("Error: ")
    summary.get_by_role("link").first.click()
    assert page.url.endswith("#email")
    expect(page.get_by_label("Email address")).to_have_value("esi at example")
    expect(page.get_by_label("Yes", exact=True)).to_be_checked()
    page.get_by_label("Email address").fill(EMAIL)
    _press(esi, "Continue")
    expect(page).to_have_url(re.compile("/report/check/"))


def _track_case(esi: Visitor, reference: str) -> None:
    page = esi.page
    # The place she chose has no postcode, so she confirms her address in this browser.
    _press(esi, "Email me a code")
    page.get_by_label("Code", exact=True).fill(wait_for_code(esi, EMAIL))
    _press(esi, "Confirm")
    page.get_by_role("link", name="Track your case").first.click()
    _check_page(esi)
    page.get_by_label("Your reference or crime number").fill(reference.lower())
    _press(esi, "Continue")
    page.get_by_label("Code", exact=True).fill(wait_for_code(esi, EMAIL))
    _press(esi, "Show my case")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your case with the")
    _press(esi, "Hide my case")
    page.goto("/track/case/")
    expect(page.get_by_label("Your reference or crime number")).to_be_visible()


def test_continue_waits_for_uploads(
    bluelamp: Instance, browser: Browser, photos: list[Path]
) -> None:
    esi = Visitor.open(browser, bluelamp.origin, "esi-waits", PHONE)
    page = esi.page
    page.goto("/report/files/")
    page.route("**/uploads/**", lambda route: route.abort())
    page.locator("input#files").set_input_files(photos[0])
    page.get_by_text("Your connection is poor").wait_for()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("still uploading your files")
    expect(page).to_have_url(re.compile("/report/files/"))
    page.unroute("**/uploads/**")
    page.wait_for_url("**/report/you/")
    page.goto("/report/files/")
    expect(page.get_by_role("listitem").filter(has_text="Received")).to_have_count(1)
    page.route("**/uploads/**", lambda route: route.abort())
    page.locator("input#files").set_input_files(photos[1])
    page.get_by_text("Your connection is poor").wait_for()
    page.get_by_role("button", name="Continue").click()
    page.unroute("**/uploads/**")
    page.route("**/uploads/**", lambda route: route.fulfill(status=413))
    page.locator(".bl-upload__file--wrong").wait_for()
    assert page.get_by_role("alert").count() == 0, (
        "after a failed upload nobody is held back, nor sent on"
    )
    expect(page).to_have_url(re.compile("/report/files/"))
    esi.context.close()


def test_text_entered_before_the_script_loaded_is_looked_up(
    bluelamp: Instance, browser: Browser
) -> None:
    esi = Visitor.open(browser, bluelamp.origin, "esi-early", PHONE)
    page = esi.page
    delayed: list[Route] = []
    page.route("**/combobox*.js", lambda route: delayed.append(route))
    page.goto("/report/where/")
    page.locator("#place").fill("se15 4ql")
    assert page.get_by_role("option").count() == 0
    for _ in range(100):
        if delayed:
            break
        page.wait_for_timeout(100)
    delayed[0].continue_()
    expect(page.get_by_role("option", name=re.compile("SE15 4QL"))).to_be_visible()
    esi.close()


def test_desk_shortcuts(bluelamp: Instance, browser: Browser) -> None:
    joy = Visitor.open(browser, bluelamp.origin, "joy-keys", DESKTOP)
    page = joy.page
    joy.sign_in("joy")
    page.goto("/desk/")
    page.keyboard.press("r")
    page.wait_for_url("**/desk/reports/")
    page.keyboard.press("/")
    page.keyboard.type("rc")
    expect(page.get_by_role("searchbox")).to_have_value("rc")
    page.goto("/desk/reports/next")
    first = page.url
    page.keyboard.press("1")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first and "/desk/reports/BL-" in url)
    page.goto(first)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="View crime").wait_for()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Next report")
    joy.check_page("keys")
    dialog.get_by_label("Use keyboard shortcuts on this device").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(dialog).to_have_count(0)
    assert "/desk/reports/" in page.url, "shortcuts that are off do nothing"
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog.get_by_label("Use keyboard shortcuts on this device").check()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/crimes/")
    joy.close()
