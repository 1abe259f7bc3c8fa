"""Rex applies to be a dealer, pays and is refused: two people refund him, and he can see it all."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests.journeys.browser import DESKTOP, Visitor
from tests.journeys.firearms_applicant import (
    FORM,
    answer,
    open_my_licences,
    pay,
    send,
    start_application,
)
from tests.journeys.firearms_desk import Desk
from tests.journeys.plain_visitor import PlainVisitor
from tests.journeys.test_firearms_dealer import ANSWERS as DEALER
from tests.prepared_instances import execute_sql, wait_until_prompt_jobs_are_done

EMAIL = "rex.moran@example.com"
GROUND = "Not trading to a substantial extent"
ANSWERS = {
    **DEALER,
    "forenames": "Rex",
    "surname": "Moran",
    "born_on": "1968-07-21",
    "email": EMAIL,
    "business_name": "Moran Guns",
    "responsible": "Rex Moran",
    "premises": DEALER["premises"][:1],
    "has_servants": "no",
    "servants": [],
    "signature": "Rex Moran",
}


@pytest.fixture
def rex(bluelamp: Instance, browser: Browser) -> Iterator[PlainVisitor]:
    visitor = PlainVisitor.open(browser, bluelamp.origin, "rex-refused")
    yield visitor
    visitor.close()


@pytest.fixture
def joy(bluelamp: Instance, browser: Browser) -> Iterator[Visitor]:
    """Joy, who approves refunds."""
    visitor = Visitor.open(browser, bluelamp.origin, "joy-firearms", DESKTOP)
    visitor.sign_in("joy")
    yield visitor
    visitor.close()


def test_it_works(rex: PlainVisitor, desk: Desk, joy: Visitor) -> None:
    start_application(rex, "Registered dealer", EMAIL)
    answer(rex.page, "form-116", ANSWERS, FORM)
    reference = send(rex)
    pay(rex, "£200")
    wait_until_prompt_jobs_are_done(desk.bluelamp.var)
    think_of_withdrawing(rex, reference)
    desk.find_application(reference)
    desk.take_on()
    desk.record_checks()
    desk.recommend_refusal(GROUND)
    payment = desk.refuse(reference, GROUND)
    see_refusal(rex, desk)
    approve_refund(joy, desk, payment)
    see_refund(rex, desk)
    expect_balance(desk.bluelamp, payment)


def think_of_withdrawing(rex: PlainVisitor, reference: str) -> None:
    """Read what follows from withdrawing the application, and keep it."""
    page = rex.page
    open_my_licences(rex, reference, EMAIL, facts=("Rex Moran", "21 7 1968"))
    page.get_by_role("link", name="Withdraw this application").click()
    expect(page.locator("main")).to_contain_text("we refund what you paid")
    rex.check_both_languages("withdraw")
    page.get_by_role("link", name="Keep my application").click()


def see_refusal(rex: PlainVisitor, desk: Desk) -> None:
    """Read why, until when to appeal, and the letter; the refund waits for a second person."""
    page = rex.page
    page.goto("/firearms/my/application/")
    main = page.locator("main")
    for text in ("Refused", GROUND, "Crown Court", "21 days after the day you receive our letter"):
        expect(main).to_contain_text(text)
    expect(main).to_contain_text("waiting for a second person to approve it")
    rex.check_both_languages("application-refused")
    desk.record_receipt()
    page.reload()
    until = datetime.now(UTC).date() + timedelta(days=21)
    expect(main).to_contain_text(f"{until.day} {until:%B %Y}")
    with page.expect_download() as letter:
        page.get_by_role("link", name=re.compile("^Read our letter")).click()
    assert letter.value.path().read_bytes().startswith(b"%PDF")


def approve_refund(joy: Visitor, desk: Desk, payment: str) -> None:
    """Approve the refund as Joy. Nell, who refused, may not."""
    page = joy.page
    page.goto("/desk/payments/refunds/")
    page.get_by_role("link", name=payment).first.click()
    desk.nell.page.goto(page.url)
    approve = re.compile("^Approve refund")
    assert desk.nell.page.get_by_role("button", name=approve).count() == 0
    page.get_by_role("button", name=approve).click()
    expect(page.get_by_role("main")).to_contain_text("Refund approved")


def see_refund(rex: PlainVisitor, desk: Desk) -> None:
    """See the money go back, and download the receipt."""
    wait_until_prompt_jobs_are_done(desk.bluelamp.var)
    page = rex.page
    page.reload()
    expect(page.locator("main")).to_contain_text("We refunded £200")
    expect(page.locator("main")).not_to_contain_text("waiting for a second person")
    rex.check_both_languages("application-refunded")
    with page.expect_download() as receipt:
        page.get_by_role("link", name=re.compile("^Receipt")).click()
    assert receipt.value.path().read_bytes().startswith(b"%PDF")


def expect_balance(bluelamp: Instance, payment: str) -> None:
    """Expect that each transaction of the payment comes to nothing, and each account too."""
    rows = execute_sql(
        bluelamp.var,
        "SELECT t.kind, e.account, e.amount_pence FROM payments_ledgerentry e"
        " JOIN payments_ledgertransaction t ON t.id = e.transaction_id"
        " JOIN payments_payment p ON p.id = t.payment_id WHERE p.reference = %s",
        payment,
    )
    totals: dict[str, int] = {}
    for kind, account, pence in rows:
        for name in (f"transaction {kind}", f"account {account}"):
            totals[name] = totals.get(name, 0) + pence
    assert {"transaction paid", "transaction refund_approved", "transaction refunded"} <= set(
        totals
    )
    assert set(totals.values()) == {0}, totals
