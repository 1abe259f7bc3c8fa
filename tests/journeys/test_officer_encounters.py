"""Ada's phone: encounters without signal, and how many taps and fields a stop and search takes.

Code A wants no more than is needed for the record; an officer has a minute. The count is printed.
"""

import re

from playwright.sync_api import expect

from tests.journeys.browser import take_screenshot
from tests.journeys.officer_phone import Phone
from tests.journeys.test_officer_search import GROUNDS
from tests.journeys.test_officer_taps import Thumb

# A minute, at three seconds for each.
MOST_OF_A_SEARCH = 20
SEARCH_CHOICES = (
    "search_type-person", "started-now", "legislation=mda-23", "object=drugs", "gowisely-yes",
    "self_defined_ethnicity=W1", "observed_ethnicity-IC1", "age_range-18-24", "gender-1",
    "gave_name-no", "clothing-none", "outcome-none", "video-yes", "receipt-given",
)  # fmt: skip
FOUND = {
    "description": "Black phone, cracked screen",
    "serial": "SN-4411-XY",
    "place_address": "Bench by the pond, Peckham Rye",
    "finder_name": "Grace Holloway",
    "store_reference": "Peckham store, seal A12345",
    "video_reference": "BWV-77",
}


def _choose(thumb: Thumb, choice: str) -> None:
    name, is_list, value = choice.partition("=")
    if not is_list:
        thumb.tap(name)
        return
    thumb.steps.append(f"choose {choice}")
    thumb.phone.find(name).select_option(value)


def test_it_works(phone: Phone) -> None:
    thumb, find, page = Thumb(phone), phone.find, phone.page
    phone.go_offline()
    page.set_viewport_size({"width": 360, "height": 640})
    thumb.tap("stop-and-search")
    thumb.enter("place_address", "Outside 12 Acorn Parade, Peckham")
    thumb.enter("grounds", GROUNDS)
    for choice in SEARCH_CHOICES:
        _choose(thumb, choice)
    # They may want none: it counts as no tap.
    find("receipt-to").fill("07700 900412")
    find("receipt-welsh").check()
    find("receipt-field").scroll_into_view_if_needed()
    take_screenshot(page, "ada-search-link-360")
    thumb.tap("keep-search")
    expect(find("link-sent")).to_contain_text("text you the link when this phone has signal")
    expect(find("copy-code")).to_contain_text("once this phone has signal")
    print(f"\nstop and search: {len(thumb.steps)} taps and fields")
    assert len(thumb.steps) <= MOST_OF_A_SEARCH, thumb.steps
    take_screenshot(page, "ada-search-receipt-360")
    phone.visitor.check_page("search-receipt-code")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    receipt = page.url

    # Property found, whole without signal.
    find("done").click()
    find("other-encounters").locator("summary").click()
    take_screenshot(page, "ada-other-encounters-360")
    find("property-found").click()
    reference = find("reference").inner_text().strip()
    assert re.fullmatch(r"PF(-[0-9A-Z]{3,4}){3}", reference)
    phone.find("keep-search").click()
    expect(find("error-summary")).to_contain_text("Enter what it is")
    find("category").select_option("phone")
    for choice in ("started-now", "found_by-public", "finder_claims-no", "store-store"):
        find(choice).check()
    for choice in ("claimed-no", "video-yes"):
        find(choice).check()
    phone.fill(**FOUND)
    take_screenshot(page, "ada-property-found-360")
    phone.visitor.check_page("property-found")
    find("keep-search").click()
    expect(find("reference")).to_have_text(reference)
    expect(find("receipt")).to_have_count(0)
    waiting = phone.read_queue(2)
    assert set(waiting.values()) == {"encounter"}

    phone.go_online()
    phone.wait_until_all_sent()
    page.goto(receipt)
    expect(find("copy-code")).to_contain_text("read the record now")
    bodies = [raw for sent in phone.sent.values() for raw in sent]
    (secret,) = {
        found[1].decode() for raw in bodies if (found := re.search(rb'"copy_secret":"(\w+)"', raw))
    }
    assert len(secret) == 32
    expect(find("link-sent")).to_contain_text("We text you the link now")
    base = page.url.partition("/officer")[0]
    page.set_viewport_size({"width": 320, "height": 640})
    for path, title in (
        (f"/copy/{secret}/", "Record of your stop and search"),
        (f"/cy/copy/{secret}/", "Cofnod o’ch stopio a chwilio"),
    ):
        page.goto(f"{base}{path}")
        expect(page.locator("h1")).to_have_text(title)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        take_screenshot(page, f"search-record-{path[1:3]}-320")
    phone.visitor.check_page("search-record-welsh")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Record of your stop and search")
