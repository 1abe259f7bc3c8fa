"""Ada's phone: a stop and search without signal, and a crime that came from a report."""

import hashlib
import json
import re

from playwright.sync_api import expect

from bench.instance import Instance
from tests.journeys.browser import take_screenshot
from tests.journeys.officer_phone import Phone
from tests.journeys.reported_crime import record_reported_crime

# Long lists are drop-down lists on a phone.
_CHOICES = (
    "search_type-person", "started-now", "legislation=mda-23", "object=drugs", "gowisely-yes",
    "self_defined_ethnicity=W1", "observed_ethnicity-IC1", "age_range-18-24", "gender-1",
    "gave_name-no", "clothing-none", "outcome-none", "video-yes", "receipt-given",
)  # fmt: skip
GROUNDS = "I saw him hand a wrap to the driver of a van."


def _choose(phone: Phone, choice: str) -> None:
    field, is_list, value = choice.partition("=")
    if is_list:
        phone.find(field).select_option(value)
    else:
        phone.find(choice).check()


def _check_small(phone: Phone, name: str) -> None:
    """Nothing scrolls sideways on a small phone, by day and by night, nor at 400% zoom."""
    size = phone.page.viewport_size
    for width, height, label in ((360, 740, "360"), (320, 256, "zoomed")):
        phone.page.set_viewport_size({"width": width, "height": height})
        for time_of_day in ("day", "night"):
            take_screenshot(phone.page, f"ada-{name}-{label}-{time_of_day}")
            assert phone.page.evaluate("document.documentElement.scrollWidth") <= width, label
            phone.find("theme-toggle").click()
    if size:
        phone.page.set_viewport_size(size)


def test_it_works(bluelamp: Instance, phone: Phone) -> None:
    check_page = phone.visitor.check_page
    phone.go_offline()
    phone.find("record-a-crime").click()
    expect(phone.find("offence")).to_be_visible()
    _check_small(phone, "record")
    phone.find("nav-home").click()
    phone.find("stop-and-search").click()
    expect(phone.find("reference")).to_have_text(re.compile(r"SS(-[0-9A-Z]{3,4}){3}"))
    check_page("search")
    phone.find("keep-search").click()
    expect(phone.find("error-summary")).to_contain_text("Enter your grounds")
    check_page("search-errors")

    # Questions come and go as one answers, and what is hidden is not sent.
    phone.find("search_type-vehicle").check()
    phone.find("in_charge-no").check()
    expect(phone.find("gowisely-yes")).to_have_count(0)
    phone.find("search_type-person").check()
    expect(phone.find("in_charge-no")).to_have_count(0)
    phone.fill(place_address="Outside 12 Acorn Parade, Peckham", grounds=GROUNDS)
    for choice in _CHOICES[:5]:
        _choose(phone, choice)

    # Closed in the middle, it is there again.
    phone.reopen()
    phone.find("draft").click()
    expect(phone.find("restored")).to_be_visible()
    expect(phone.find("grounds")).to_have_value(GROUNDS)
    for choice in _CHOICES[5:]:
        _choose(phone, choice)
    check_page("search-filled-in")
    _check_small(phone, "search")
    phone.find("keep-search").click()
    expect(phone.find("receipt")).to_contain_text("Copy available until")
    reference = phone.find("reference").inner_text().strip()
    check_page("search-receipt")
    phone.find("theme-toggle").click()
    check_page("search-receipt-at-night")
    phone.find("theme-toggle").click()
    waiting = phone.read_queue(1)
    assert list(waiting.values()) == ["encounter"]

    phone.go_online()
    phone.wait_until_all_sent()
    (raw,) = {bytes(sent) for sent in phone.sent[next(iter(waiting))]}
    body = json.loads(raw)["body"]
    assert body["answers"]["values"]["grounds"] == GROUNDS
    assert "in_charge" not in body["answers"]["values"]
    assert hashlib.sha256(raw).hexdigest()[:8] == phone.find("capture-hash").first.inner_text()

    # A crime that came from a report: the phone shows an answer that has no field of its own.
    number = record_reported_crime(bluelamp)
    phone.reopen()
    crime = phone.page.locator(f'[data-testid=crime][data-number="{number}"]')
    expect(crime).to_be_visible(timeout=30_000)
    crime.click()
    expect(phone.find("report-answers")).to_contain_text("What the report says")
    expect(phone.find("report-answers").locator("dt")).to_have_text("Colour")
    expect(phone.find("report-answers").locator("dd")).to_have_text("dark blue")
    check_page("crime-from-a-report")

    phone.page.goto(f"{bluelamp.origin}/desk/encounters/{reference}/")
    expect(phone.page.get_by_text(GROUNDS)).to_be_visible()
