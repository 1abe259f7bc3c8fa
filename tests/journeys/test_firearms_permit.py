"""The shorter forms of firearms licensing, each from the application to a document that is checked.

A visitor's permit that Tom sponsors, an explosives certificate whose fee staff must confirm first,
and a shotgun certificate in place of one that its holder lost.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from bluelamp.demo import cast
from tests.journeys.browser import DESKTOP, Visitor
from tests.journeys.firearms_applicant import (
    FORM,
    answer,
    answer_page,
    date_texts,
    open_my_licences,
    pay,
    send,
    start_application,
)
from tests.journeys.firearms_desk import Desk
from tests.journeys.messages import wait_for_message
from tests.journeys.plain_visitor import PlainVisitor
from tests.prepared_instances import execute_sql, wait_until_prompt_jobs_are_done

TODAY = datetime.now(UTC).date()
TOM: dict[str, Any] = {
    "forenames": "Tom",
    "surname": "Reid",
    "born_on": "1971-02-03",
    "mobile": "07700 900789",
    "home_address": {"address": "42 Evelina Road\nPeckham", "postcode": "SE15 2DX"},
    "declaration": True,
    "signature": "Tom Reid",
}
PERMIT: dict[str, Any] = {
    **TOM,
    "email": "tom.sponsor@example.com",
    "permit_kind": "shotgun",
    "visitor_count": 2,
    "visit_from": (TODAY + timedelta(days=60)).isoformat(),
    "visit_to": (TODAY + timedelta(days=67)).isoformat(),
    "visit_places": "Bisley Camp, Brookwood GU24 0NY",
    "visit_storage": "The armoury of the club at Bisley Camp.",
    "visitors": [
        {
            "visitor_name": name,
            "visitor_born_on": "1984-05-06",
            "visitor_country": "Sweden",
            "visitor_passport": passport,
            "visitor_guns": "Beretta 686, 12 bore, serial number B-55100",
            "visitor_offences": "no",
        }
        for name, passport in (("Anna Lindqvist", "AA1234567"), ("Nils Berg", "AA7654321"))
    ],
}
EXPLOSIVES: dict[str, Any] = {
    **TOM,
    "email": "tom.powder@example.com",
    "explosives_kind": "keep",
    "with_certificate": "no",
    "explosives_purpose": "Black powder for a muzzle-loading rifle.",
    "explosives_most": "2",
    "explosives_keeping": "In the locked box that the club approved.",
    "prohibited": "no",
    "medical_conditions": "no",
}


@pytest.fixture
def tom(bluelamp: Instance, browser: Browser) -> Iterator[PlainVisitor]:
    visitor = PlainVisitor.open(browser, bluelamp.origin, "tom-permit")
    yield visitor
    visitor.close()


@pytest.fixture
def joy(bluelamp: Instance, browser: Browser) -> Iterator[Visitor]:
    """Joy, who keeps the table of fees."""
    visitor = Visitor.open(browser, bluelamp.origin, "joy-fees", DESKTOP)
    visitor.sign_in("joy")
    yield visitor
    visitor.close()


def test_it_works(tom: PlainVisitor, desk: Desk) -> None:
    """A visitor's permit."""
    reference = apply(tom, "Visitor permit", "visitor-permit", PERMIT)
    pay(tom, "£20")
    tom.check_both_languages("permit-paid")
    number = decide(desk, reference)
    assert number.startswith("01-V-")
    expect_valid(tom, desk, number)
    # Who may use it, with which guns, is what the manager read before deciding.
    main = desk.nell.page.locator("main")
    for text in ("Anna Lindqvist", "Nils Berg", "Beretta 686", "Bisley Camp"):
        expect(main).to_contain_text(text)


def test_explosives_once_staff_have_confirmed_the_fee(
    tom: PlainVisitor, desk: Desk, joy: Visitor
) -> None:
    page, email = tom.page, EXPLOSIVES["email"]
    reference = apply(tom, "Explosives certificate", "explosives-certificate", EXPLOSIVES)
    main = page.locator("main")
    expect(main).to_contain_text("You cannot pay the fee yet, because its amount is not confirmed")
    assert page.get_by_role("link", name="Pay the fee").count() == 0
    tom.check_both_languages("explosives-fee-unknown")
    set_fee(joy, "EXPL_CERT", "25.00")
    # Fees are asked for when nothing more urgent waits.
    wait_for_message(tom.plain, email, f"There is an update: {reference}", seconds=400)
    open_my_licences(tom, reference, email, facts=("Tom Reid", "3 2 1971"))
    pay(tom, "£25")
    number = decide(desk, reference)
    assert number.startswith("01-E-")
    expect_valid(tom, desk, number)


def test_replaces_a_lost_certificate(bluelamp: Instance, tom: PlainVisitor, desk: Desk) -> None:
    page = tom.page
    lost, email, facts = _shotgun_certificate_of_somebody(bluelamp)
    open_my_licences(tom, lost, email, facts)
    guns = page.locator("main ul", has_text="(").first.inner_text()
    tom.press("Replace it")
    expect(page.locator("main")).to_contain_text("Filled in from our records")
    tom.check_both_languages("replacement-tasks")
    loss = {
        "loss_kind": "lost",
        **date_texts("lost_on", TODAY - timedelta(days=1)),
        "loss_details": "It was in a jacket that I left on a train.",
    }
    answer_page(page, f"{FORM}loss/", loss)
    answer_page(page, f"{FORM}declaration/", {"declaration": "yes", "signature": "As on record"})
    page.goto("/firearms/form/check/")
    expect(page.locator("main")).to_contain_text(lost)
    tom.check_both_languages("replacement-check")
    reference = send(tom)
    pay(tom, "£4")
    old_address = desk.download_certificate(lost)
    number = decide(desk, reference)
    expect_valid(tom, desk, number)
    # Whoever finds the lost one finds no valid certificate, and the guns are on the new one.
    page.goto(old_address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Not valid")
    open_my_licences(tom, number, email, facts)
    expect(page.locator("main ul", has_text="(").first).to_have_text(guns)


def apply(tom: PlainVisitor, kind: str, form: str, answers: dict[str, Any]) -> str:
    """Apply up to where the fee is asked for, and return the reference."""
    start_application(tom, kind, answers["email"])
    tom.check_both_languages(f"{form}-tasks")
    answer(tom.page, form, answers, FORM)
    tom.page.goto("/firearms/form/check/")
    tom.check_both_languages(f"{form}-check")
    return send(tom)


def decide(desk: Desk, reference: str) -> str:
    """Check, recommend and grant an application, and return the number of what is issued."""
    wait_until_prompt_jobs_are_done(desk.bluelamp.var)
    return desk.decide_as_before(reference)


def expect_valid(tom: PlainVisitor, desk: Desk, number: str) -> None:
    """Follow the QR code of a document, as anyone can who is shown it."""
    tom.page.goto(desk.download_certificate(number))
    expect(tom.page.get_by_role("heading", level=1)).to_have_text("Valid")


def set_fee(joy: Visitor, code: str, pounds: str) -> None:
    """Confirm what a fee is, from today on."""
    page = joy.page
    page.goto("/desk/payments/fees/")
    joy.check_page("fees")
    page.get_by_role("link", name=code).click()
    joy.check_page("fee")
    page.get_by_label("Amount before VAT").fill(pounds)
    page.get_by_label("From", exact=True).fill(TODAY.isoformat())
    page.get_by_label("Where is the amount from?").fill("The force’s own table, 1 November 2026")
    page.get_by_role("button", name="Set fee").click()
    expect(page.locator(".moj-alert--success")).to_be_visible()


def _shotgun_certificate_of_somebody(bluelamp: Instance) -> tuple[str, str, tuple[str, str]]:
    """Return a certificate in force with a gun, and its holder's address, name and birthday."""
    ((number, email, name, born_on),) = execute_sql(
        bluelamp.var,
        "SELECT number, email, given_name || ' ' || family_name, born_on"
        " FROM firearms_certificate certificate JOIN people_person person ON person.id = holder_id"
        " WHERE certificate.kind = 'shotgun' AND certificate.state = 'in-force' AND email <> ''"
        " AND email <> %s AND expires_on > %s AND (SELECT count(*) FROM firearms_certificate other"
        " WHERE other.holder_id = certificate.holder_id) = 1 AND EXISTS (SELECT FROM firearms_gun"
        " WHERE certificate_id = certificate.id) ORDER BY number LIMIT 1",
        cast.GRACE.email,
        TODAY + timedelta(days=365),
    )
    return str(number), str(email), (str(name), f"{born_on:%d %m %Y}")
