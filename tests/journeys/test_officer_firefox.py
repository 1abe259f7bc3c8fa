"""The officer app's core journey in Firefox: enrol, record without signal, send."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor
from tests.journeys.firefox import firefox
from tests.journeys.officer_phone import (
    SCENE,
    Phone,
    give_phones_back,
    new_records,
    read_server_records,
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Firefox in place of Chromium."""
    with firefox(tmp_path_factory.mktemp("firefox")) as browser:
        yield browser


@pytest.fixture
def phone(bluelamp: Instance, browser: Browser) -> Iterator[Phone]:
    """Ada's phone with Firefox on it, signed in and ready to lose its signal."""
    visitor = Visitor.open(browser, bluelamp.origin, "ada", PHONE)
    phone = Phone(visitor, sees_requests=False)
    visitor.sign_in("ada")
    phone.enrol()
    phone.wait_until_ready_offline()
    yield phone
    visitor.close()
    give_phones_back(bluelamp)


def test_it_works(bluelamp: Instance, phone: Phone) -> None:
    assert "Firefox" in phone.page.evaluate("navigator.userAgent")
    before = read_server_records(bluelamp, [])
    phone.visitor.check_page("firefox-home")
    phone.go_offline()
    expect(phone.find("signal-words")).to_have_text("No signal")
    number = phone.record_crime(offence="damage vehicle", **SCENE)
    assert number.startswith("01/")
    phone.take_statement()
    phone.visitor.check_page("firefox-statement")
    phone.find("keep-statement").click()
    expect(phone.find("crime-number")).to_be_visible()
    photo_sha256 = phone.take_photo("The broken mirror")
    phone.find("keep-photo").click()
    expect(phone.find("crime-number")).to_be_visible()
    waiting = phone.read_queue(3)
    assert sorted(waiting.values()) == ["crime", "item", "statement"]

    # Opened again without signal: the page from the service worker, the rest from the store.
    phone.reopen()
    expect(phone.find("crime").first).to_have_attribute("data-number", number)
    assert phone.read_queue(3) == waiting

    phone.go_online()
    phone.wait_until_all_sent()
    records = read_server_records(bluelamp, list(waiting))
    assert set(records["receipts"]) == set(waiting)
    new = new_records(records, before)
    (crime_id,) = (capture for capture, kind in waiting.items() if kind == "crime")
    (item_id,) = (capture for capture, kind in waiting.items() if kind == "item")
    assert new["crimes"] == [[crime_id, number]]
    assert [row[1] for row in new["statements"]] == [crime_id]
    assert new["crime_items"] == [[item_id, crime_id]]
    assert records["items"][item_id][:3] == [photo_sha256] * 3
