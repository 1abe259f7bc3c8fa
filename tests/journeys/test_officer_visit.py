"""Ike visits an applicant: his phone has the visit, takes a photo offline, the desk shows it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import PHONE, Visitor
from tests.journeys.firearms_desk import Desk
from tests.journeys.officer_phone import Phone, give_phones_back
from tests.prepared_instances import execute_sql

FOUND = "Cabinet, and how it is fixed: bolted to a brick wall"


@pytest.fixture
def ikes_phone(bluelamp: Instance, browser: Browser) -> Iterator[Phone]:
    """The phone of Ike, who makes visits and records no crimes."""
    visitor = Visitor.open(browser, bluelamp.origin, "ike-phone", PHONE)
    visitor.context.grant_permissions(["camera", "geolocation"], origin=bluelamp.origin)
    phone = Phone(visitor)
    phone.record_captures()
    visitor.sign_in("ike")
    phone.page.goto("/officer/")
    phone.enrol()
    expect(phone.find("signal-words")).to_have_text("Connected")
    phone.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    yield phone
    visitor.close()
    give_phones_back(bluelamp)


def test_it_works(
    bluelamp: Instance, browser: Browser, desk: Desk, request: pytest.FixtureRequest
) -> None:
    reference = _application_that_waits_for_a_visit(bluelamp)
    page = desk.ike.page
    page.goto(f"/desk/firearms/applications/{reference.replace('/', '-')}/")
    desk.plan_visit()
    # The phone is taken up afterwards: it fetches its visits when it is opened.
    phone: Phone = request.getfixturevalue("ikes_phone")
    phone.visitor.check_page("visits")
    visit = phone.find("visit").filter(has_text=reference)
    expect(visit).to_be_visible(timeout=30_000)
    phone.go_offline()
    visit.click()
    expect(phone.page.get_by_text(f"Application {reference}")).to_be_visible()
    expect(phone.page.get_by_text("apart from the applicant")).to_be_visible()
    phone.visitor.check_page("visit")
    phone.find("visit-photo").click()
    phone.find("shutter").click()
    expect(phone.find("photo-preview")).to_be_visible(timeout=15_000)
    phone.find("visit-prompt").first.click()
    expect(phone.find("description")).to_have_value("Cabinet, and how it is fixed: ")
    phone.fill(description=FOUND)
    phone.visitor.check_page("visit-photo")
    phone.find("keep-photo").click()
    expect(phone.find("visit-photos")).to_contain_text(FOUND)
    phone.visitor.check_page("visit-with-photo")
    phone.find("theme-toggle").click()
    phone.visitor.check_page("visit-at-night")
    phone.find("theme-toggle").click()
    # Closed and opened without signal, the phone still has all of it.
    phone.reopen()
    phone.page.goto(f"/officer/#/visit/{reference.replace('/', '%2F')}")
    expect(phone.find("visit-photos")).to_contain_text(FOUND)
    phone.go_online()
    phone.wait_until_all_sent()
    page.goto(f"/desk/firearms/applications/{reference.replace('/', '-')}/visit/photos/")
    expect(page.locator("main")).to_contain_text(FOUND)
    desk.check_page(desk.ike, "visit-photos")


def _application_that_waits_for_a_visit(bluelamp: Instance) -> str:
    """Return an application of the demonstration whose visit nobody has planned."""
    ((reference,),) = execute_sql(
        bluelamp.var,
        "SELECT reference FROM firearms_application application"
        " JOIN firearms_check visit ON visit.application_id = application.id"
        " WHERE stage = 'checks' AND visit.kind = 'visit' AND visit.state = 'open'"
        " AND planned_at IS NULL ORDER BY received_at LIMIT 1",
    )
    return str(reference)
