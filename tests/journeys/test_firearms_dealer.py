"""Tom registers as a firearms dealer, and sells a shotgun to Grace: both sides tell us."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from bluelamp.demo import cast
from tests.journeys.firearms_applicant import (
    FORM,
    answer,
    date_texts,
    open_my_licences,
    pay,
    send,
    start_application,
    tell_us,
)
from tests.journeys.firearms_desk import Desk
from tests.journeys.plain_visitor import PlainVisitor
from tests.prepared_instances import execute_sql, wait_until_prompt_jobs_are_done

EMAIL = "tom.reid@example.com"
SHOP = {"address": "40 Evelina Road\nPeckham", "postcode": "SE15 2DX"}
STORE = {"address": "Unit 3, Copeland Park\nPeckham", "postcode": "SE15 3SN"}
ANSWERS: dict[str, Any] = {
    "forenames": "Tom",
    "surname": "Reid",
    "born_on": "1971-02-03",
    "email": EMAIL,
    "mobile": "07700 900789",
    "home_address": {"address": "42 Evelina Road\nPeckham", "postcode": "SE15 2DX"},
    "business_name": "Reid and Daughters",
    "dealer_kind": "new",
    "trade_details": "Sales and repairs of shotguns, all of my trade.",
    "responsible": "Tom Reid",
    "premises": [
        {"premise_address": SHOP, "premise_security": "A strong room, with an alarm."},
        {"premise_address": STORE, "premise_security": "A steel cage, with an alarm."},
    ],
    "has_servants": "yes",
    "servants": [
        {
            "servant_name": "Bea Reid",
            "servant_born_on": "1999-08-14",
            "servant_certificate": "01-S-0000077-24",
        }
    ],
    "has_offences": "no",
    "medical_conditions": "no",
    "declaration": True,
    "signature": "Tom Reid",
}


@pytest.fixture
def tom(bluelamp: Instance, browser: Browser) -> Iterator[PlainVisitor]:
    visitor = PlainVisitor.open(browser, bluelamp.origin, "tom-dealer")
    yield visitor
    visitor.close()


@pytest.fixture
def grace(bluelamp: Instance, browser: Browser) -> Iterator[PlainVisitor]:
    visitor = PlainVisitor.open(browser, bluelamp.origin, "grace-buyer")
    yield visitor
    visitor.close()


def test_it_works(bluelamp: Instance, tom: PlainVisitor, grace: PlainVisitor, desk: Desk) -> None:
    registration = register(tom, desk)
    certificate = _number_of_grace(bluelamp)
    sold = tell_of_sale(tom, registration, certificate)
    bought = tell_of_purchase(grace, certificate, registration)
    page = desk.ike.page
    page.goto(f"/desk/firearms/notices/{sold.replace('/', '-')}/")
    main = page.locator("main")
    expect(main).to_contain_text("Both sides told us")
    expect(main.get_by_role("link", name=bought)).to_be_visible()
    # It stood in his own register, and on no certificate: there is nothing of ours to change.
    assert page.get_by_label("Change the gun on the certificate").count() == 0
    desk.act_on_notice(sold, "Nothing needs to change")
    desk.act_on_notice(bought, "Change the gun on the certificate", place=certificate)
    desk.open_certificate(desk.ike, certificate)
    gun = main.get_by_role("row", name="M-70771")
    expect(gun).to_contain_text("Miroku")
    expect(gun).to_contain_text("from Reid and Daughters")
    desk.check_page(desk.ike, "certificate-with-guns")


def register(tom: PlainVisitor, desk: Desk) -> str:
    """Apply with two places and a servant, pay, be checked and registered."""
    page = tom.page
    start_application(tom, "Registered dealer", EMAIL)
    answer(page, "form-116", ANSWERS, FORM)
    page.goto("/firearms/form/rows/premises/")
    tom.check_both_languages("places")
    page.goto("/firearms/form/rows/servants/")
    tom.check_both_languages("servants")
    page.goto("/firearms/form/check/")
    expect(page.locator("main")).to_contain_text("Bea Reid")
    tom.check_both_languages("check")
    reference = send(tom)
    pay(tom, "£200")
    wait_until_prompt_jobs_are_done(desk.bluelamp.var)
    desk.find_application(reference)
    desk.take_on()
    assert desk.record_checks() == 7
    desk.recommend_grant()
    (number,) = desk.grant(reference)
    assert number.startswith("01-D-")
    tom.page.goto(desk.download_certificate(number))
    expect(tom.page.get_by_role("heading", level=1)).to_have_text("Valid")
    # Each place of business is on the certificate (Firearms Act 1968, sections 33 and 34).
    main = desk.ike.page.locator("main")
    for place in (SHOP, STORE):
        expect(main).to_contain_text(place["postcode"])
    return number


def tell_of_sale(tom: PlainVisitor, registration: str, certificate: str) -> str:
    """Tell us as the seller: the gun was in the dealer's own register."""
    open_my_licences(tom, registration, EMAIL, facts=("Tom Reid", "3 2 1971"))
    tom.check_both_languages("licences")
    tom.page.goto("/firearms/my/tell/passed-on/")
    expect(tom.page.locator("main")).to_contain_text("within 7 days")
    tom.check_both_languages("tell-passed-on")
    return tell_us(
        tom,
        "passed-on",
        {
            **_gun(),
            "way": "sold",
            "other_kind": "holder",
            "other_name": "Grace Holloway",
            "other_address": "14 Choumert Road, Peckham SE15 4AA",
            "other_number": certificate,
        },
    )


def tell_of_purchase(grace: PlainVisitor, certificate: str, registration: str) -> str:
    """Tell us as the buyer."""
    open_my_licences(grace, certificate, cast.GRACE.email)
    grace.page.goto("/firearms/my/tell/acquired/")
    grace.check_both_languages("tell-acquired")
    return tell_us(
        grace,
        "acquired",
        {
            **_gun(),
            "way": "bought",
            "other_kind": "dealer",
            "other_name": "Reid and Daughters",
            "other_address": "40 Evelina Road, Peckham SE15 2DX",
            "other_number": registration,
        },
    )


def _gun() -> dict[str, str]:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return {
        "gun_type": "shotgun",
        "gun_make": "Miroku",
        "gun_model": "MK 70",
        "gun_calibre": "12",
        "serial_number": "M-70771",
        **date_texts("happened_on", yesterday),
    }


def _number_of_grace(bluelamp: Instance) -> str:
    """Return the number of the shotgun certificate that the demonstration gave Grace."""
    ((number,),) = execute_sql(
        bluelamp.var,
        "SELECT number FROM firearms_certificate JOIN people_person person"
        " ON person.id = holder_id WHERE person.email = %s AND kind = 'shotgun'",
        cast.GRACE.email,
    )
    return str(number)
