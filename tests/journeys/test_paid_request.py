"""A collision report: asked for, paid by card, fulfilled and downloaded; another one refunded.

Grace's browser runs no JavaScript.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from bluelamp.services.requests.rules import MAX_DOWNLOADS
from tests.journeys.browser import DESKTOP, Visitor
from tests.journeys.messages import wait_for_code, wait_for_message
from tests.journeys.plain_visitor import PlainVisitor
from tests.services.requests.making import COLLISION

EMAIL = "grace.collision@example.com"
GOOD_CARD, DECLINED_CARD = "4242424242424242", "4000000000000002"
REDACTED = b"%PDF-1.7\n% a report with the names of witnesses taken out\n"


@pytest.fixture
def grace(bluelamp: Instance, browser: Browser) -> Iterator[PlainVisitor]:
    visitor = PlainVisitor.open(browser, bluelamp.origin, "grace-request")
    yield visitor
    visitor.close()


@pytest.fixture
def staff(bluelamp: Instance, browser: Browser) -> Iterator[dict[str, Visitor]]:
    """Dev, who answers requests, and Joy, who approves refunds."""
    visitors = {}
    for name in ("dev", "joy"):
        visitors[name] = Visitor.open(browser, bluelamp.origin, name, DESKTOP)
        visitors[name].sign_in(name)
    yield visitors
    for visitor in visitors.values():
        visitor.close()


def ask(grace: PlainVisitor, *, checks: bool, service: str = "collision-report") -> None:
    """Ask for a collision report, or another service with its form, and send it."""
    page = grace.page
    page.goto(f"/requests/{service}/")
    if checks:
        grace.check("service")
    grace.press("Start now")
    while "/check/" not in page.url:
        for name, value in (COLLISION | {"email": EMAIL}).items():
            field = page.locator(f"[name={name}]")
            if field.count() and field.first.get_attribute("type") == "radio":
                page.locator(f"[name={name}][value={value}]").check()
            elif field.count():
                field.fill(value)
        if checks:
            grace.check(f"form-{page.url.rstrip('/').rsplit('/', 1)[1]}")
        grace.press("Save and continue")
    if checks:
        grace.check("answers")
    grace.press("Send")


def pay(grace: PlainVisitor, card: str) -> None:
    """Enter a card on the pages of GOV.UK Pay, and come back."""
    page = grace.page
    grace.press("Pay and continue")
    page.locator("[name=cardNo]").fill(card)
    page.locator("[name=expiry]").fill("12/30")
    page.locator("[name=cardholderName]").fill("Grace Holloway")
    page.locator("[name=cvc]").fill("123")
    page.locator("#submit-card-details").click()
    if card == GOOD_CARD:
        page.locator("#confirm").click()
    else:
        page.locator("#return-url").click()
    page.wait_for_url("**/pay/**")


def confirm_address(grace: PlainVisitor) -> None:
    """Enter the code that confirms the e-mail address: only then a link is sent to it."""
    page = grace.page
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("Code").fill(wait_for_code(grace.plain, EMAIL))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("main")).to_contain_text("You have confirmed your email address")


def read_reference(grace: PlainVisitor) -> str:
    """Return the reference that the page shows."""
    match = re.search(r"RQ-\d\d-\d{6}", grace.page.inner_text("main"))
    assert match
    return match[0]


def open_request(dev: Visitor, reference: str) -> None:
    """Open a paid request from the queue, which has it a moment after it is paid."""
    link = dev.page.get_by_role("link", name=reference)
    for _number in range(60):
        dev.page.goto("/desk/requests/")
        if link.count():
            break
        dev.page.wait_for_timeout(500)
    link.first.click()


def answer(dev: Visitor, reference: str) -> None:
    """Take a request on, add the redacted file and send it."""
    page = dev.page
    open_request(dev, reference)
    page.get_by_role("button", name="Take it on").click()
    dev.check_page("request")
    page.get_by_label("Add the redacted file").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": REDACTED}
    )
    page.get_by_label("What did you take out, and why?").fill("Names of witnesses")
    page.get_by_role("button", name="Add file").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="report.pdf").click()
    assert download.value.path().read_bytes() == REDACTED
    page.get_by_role("button", name=f"Send it to {EMAIL}").click()
    dev.check_page("request-sent")


def open_own(grace: PlainVisitor, reference: str) -> None:
    """Open a request with its reference, what she told us, and a code."""
    page = grace.page
    page.goto("/requests/track/")
    page.get_by_label("Your reference").fill(reference)
    page.get_by_label("Your full name").fill(COLLISION["name"])
    page.get_by_label("Vehicle registration or date of birth").fill(COLLISION["registration"])
    grace.press("Continue")
    page.get_by_label("Code", exact=True).fill(wait_for_code(grace.plain, EMAIL))
    grace.press("Continue")


def test_it_works(grace: PlainVisitor, staff: dict[str, Visitor]) -> None:
    page = grace.page
    page.goto("/requests/")
    grace.check("services")
    ask(grace, checks=True)
    page.wait_for_url("**/pay/**")
    grace.check("pay")
    pay(grace, DECLINED_CARD)
    expect(page.get_by_role("alert")).to_contain_text("Your payment was not made")
    grace.check("pay-declined")
    pay(grace, GOOD_CARD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Payment received")
    grace.check("paid")
    with page.expect_download() as receipt:
        page.get_by_role("link", name=re.compile("receipt")).click()
    assert receipt.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="Continue").click()
    grace.check("sent")
    confirm_address(grace)
    answer(staff["dev"], read_reference(grace))
    message = wait_for_message(grace.plain, EMAIL, "/requests/download/")
    link = re.search(r"/requests/download/[\w-]+/", message)
    assert link
    for _number in range(MAX_DOWNLOADS):
        page.goto(link[0])
        with page.expect_download() as download:
            page.get_by_role("button", name="Download report.pdf").click()
        assert download.value.path().read_bytes() == REDACTED
        if _number == 0:
            page.goto(link[0])
            expect(page.get_by_role("main")).to_contain_text("Downloads left: 4")
            grace.check("download")
    page.goto(link[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("This link has ended")
    grace.check("link-ended")


def test_refused_and_refunded(grace: PlainVisitor, staff: dict[str, Visitor]) -> None:
    ask(grace, checks=False)
    grace.page.wait_for_url("**/pay/**")
    pay(grace, GOOD_CARD)
    page = grace.page
    page.get_by_role("button", name="Continue").click()
    reference = read_reference(grace)
    dev, joy = staff["dev"].page, staff["joy"].page
    open_request(staff["dev"], reference)
    dev.get_by_text("Refuse this request").click()
    dev.get_by_label("Why are you refusing it?").fill("No officer attended")
    dev.get_by_role("button", name="Refuse", exact=True).click()
    staff["dev"].check_page("request-refused")
    payment = re.search(r"PAY-[\w-]+", dev.inner_text("main"))
    assert payment
    joy.goto("/desk/payments/")
    staff["joy"].check_page("payments")
    joy.goto(f"/desk/payments/{payment[0]}/")
    staff["joy"].check_page("payment")
    joy.goto("/desk/payments/refunds/")
    staff["joy"].check_page("refunds")
    joy.get_by_role("link", name=payment[0]).first.click()
    staff["joy"].check_page("refund")
    dev.goto(joy.url)
    assert dev.get_by_role("button", name=re.compile("^Approve")).count() == 0
    joy.get_by_role("button", name=re.compile("^Approve refund")).click()
    expect(joy.get_by_role("main")).to_contain_text("Refund approved")
    staff["joy"].check_page("refund-approved")
    open_own(grace, reference)
    main = page.get_by_role("main")
    expect(main).to_contain_text("No officer attended")
    expect(main).to_contain_text("Refunded")
    grace.check("mine-refused")


def test_priced_by_the_page(grace: PlainVisitor, staff: dict[str, Visitor]) -> None:
    page, dev = grace.page, staff["dev"].page
    ask(grace, checks=False, service="collision-rough-data-page")
    main = page.get_by_role("main")
    expect(main).to_contain_text("We are working out the price")
    grace.check_both_languages("sent-to-price")
    reference = read_reference(grace)
    dev.goto("/desk/requests/services/")
    staff["dev"].check_page("services")
    dev.goto(f"/desk/requests/{reference}/")
    staff["dev"].check_page("request-to-price")
    dev.get_by_role("button", name="Tell them the price").click()
    expect(dev.get_by_role("alert")).to_contain_text("Enter how many there are")
    dev.get_by_label("How many: FCI rough data").fill("4")
    dev.get_by_label("What should they know?").fill("The data recorder of your own car.")
    dev.get_by_role("button", name="Tell them the price").click()
    expect(dev.get_by_role("main")).to_contain_text("£168.96")
    staff["dev"].check_page("request-priced")
    wait_for_message(grace.plain, EMAIL, f"The price of what you asked for: {reference}")
    open_own(grace, reference)
    expect(main).to_contain_text("The data recorder of your own car.")
    grace.check_both_languages("price")
    grace.press("Accept and pay £168.96")
    pay(grace, GOOD_CARD)
    page.get_by_role("button", name="Continue").click()
    expect(main).to_contain_text("We are working on it")
    expect(main).to_contain_text("£168.96")
    grace.check_both_languages("price-paid")
    open_request(staff["dev"], reference)
    expect(dev.get_by_role("button", name="Take it on")).to_have_count(0)
    expect(dev.get_by_label("Add the redacted file")).to_be_visible()
