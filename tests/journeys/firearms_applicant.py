"""What applicants, holders and referees do on the public pages of firearms licensing."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import TextSource, field_names, walk_sections, write_answers
from tests.journeys.browser import Visitor
from tests.journeys.messages import wait_for_code, wait_for_message
from tests.journeys.plain_visitor import PlainVisitor
from tests.services.firearms.test_submit_application import REPLY

FORM = "/firearms/form/pages/"


def start_application(grace: PlainVisitor, kind: str, email: str) -> None:
    """Choose what to apply for, and give the address for the reference to come back with."""
    grace.page.goto("/firearms/apply/")
    grace.page.get_by_label(kind, exact=True).check()
    grace.page.get_by_label("Your email address").fill(email)
    grace.press("Continue")


def answer(
    page: Page, name: str, values: dict[str, Any], address: str, files: Collection[Path] = ()
) -> None:
    """Answer every page of a question set that the values make it ask."""
    question_set = built_in_question_set(name)
    texts = write_answers(question_set, values)
    at = datetime.now(UTC)
    for section in walk_sections(question_set, TextSource(texts, at=at), today=at.date()):
        for step in section.pages:
            row = "" if step.row is None else f"{step.row}/"
            prefix = "" if step.row is None else f"{section.id}.{step.row}."
            fields = [name for question, _ in step.answers for name in field_names(question)]
            # The form begins with the rows that it must have.
            repeat = section.section.repeat
            if repeat and step.row and step.row > repeat.least:
                page.goto(f"{address.replace('/pages/', '/rows/')}{section.id}/")
                page.locator("#add").click()
            answer_page(
                page,
                f"{address}{step.page.id}/{row}",
                {field: texts.get(prefix + field, "") for field in fields},
                files,
            )


def answer_page(
    page: Page, address: str, texts: Mapping[str, str], files: Collection[Path] = ()
) -> None:
    """Fill in the fields of one page, whichever it shows, and go on."""
    page.goto(address)
    # An answer can make another question of its page appear: then the page comes again.
    for _time in range(3):
        for name, text in texts.items():
            _fill(page, name, text, files)
        page.locator("main form button[type=submit]").last.click()
        if address not in page.url:
            break
    assert address not in page.url, page.inner_text("main")


def _fill(page: Page, name: str, text: str, files: Collection[Path]) -> None:
    controls = page.locator(f"main [name='{name}']")
    if not text or not controls.count():
        return
    kind = controls.first.get_attribute("type")
    if kind == "file":
        controls.first.set_input_files(list(files))
    elif kind in {"radio", "checkbox"}:
        for value in text.split("\n"):
            page.locator(f"main [name='{name}'][value='{value}']").check()
    else:
        controls.first.fill(text)


def send(grace: PlainVisitor) -> str:
    """Send the application from the page with all answers, and return its reference."""
    grace.page.goto("/firearms/form/check/")
    grace.page.locator("main form button[type=submit]").last.click()
    expect(grace.page.get_by_role("heading", level=1)).to_have_text("We have your application")
    reference = grace.page.locator(".bl-reference__value").inner_text().strip()
    assert re.fullmatch(r"FL/\w+/\d{7}/\d{2}", reference)
    return reference


def pay(grace: PlainVisitor, pounds: str) -> None:
    """Pay the fee with a mock card, on the stand-in's pages."""
    page = grace.page
    grace.press("Pay the fee")
    grace.press("Pay and continue")
    page.fill("#card-no", "4444333322221111")
    page.fill("#expiry", "12/35")
    page.fill("#cardholder-name", "Grace Okafor")
    page.fill("#cvc", "123")
    page.click("#submit-card-details")
    page.click("#confirm")
    grace.press("Continue")
    expect(page.locator("main")).to_contain_text(f"We have your payment of {pounds}")


def open_my_licences(
    grace: PlainVisitor,
    reference: str,
    email: str,
    facts: tuple[str, str] = ("", ""),
) -> None:
    """Come back with a reference and the code that is sent for it.

    Args:
        grace: The visitor.
        reference: That of an application or a certificate.
        email: Where the code goes.
        facts: Name and date of birth, which somebody gives who has not confirmed the address yet.
    """
    page = grace.page
    page.goto("/firearms/my/")
    page.get_by_label("Your reference or certificate number").fill(reference)
    for label, fact in zip(("Full name", "Postcode or date of birth"), facts, strict=True):
        if fact:
            page.get_by_label(label).fill(fact)
    grace.press("Continue")
    page.get_by_label("Code", exact=True).fill(wait_for_code(grace.plain, email))
    grace.press("Continue")


def reply_as_referee(referee: PlainVisitor, email: str, name: str, *, is_checked: bool) -> None:
    """Answer as a referee, from the link in the message."""
    page = referee.page
    text = wait_for_message(referee.plain, email, "has named you as a referee")
    link = re.search(r"/firearms/referee/[\w-]+/", text)
    assert link, text
    answer(page, "referee-reply", REPLY, link[0])
    page.goto(link[0] + "check/")
    if is_checked:
        referee.check_both_languages(f"referee-{name}-check")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    if is_checked:
        referee.check_both_languages(f"referee-{name}-thanks")


def tell_us(grace: PlainVisitor, kind: str, texts: Mapping[str, str]) -> str:
    """Tell us something as a holder whose licences are open, and return its reference."""
    page = grace.page
    page.goto(f"/firearms/my/tell/{kind}/")
    for name, text in texts.items():
        _fill(page, name, text, [])
    grace.press("Tell us")
    alert = page.locator(".moj-alert--success")
    expect(alert).to_contain_text("You have told us")
    reference = re.search(r"FN/\w+/\d{7}/\d{2}", alert.inner_text())
    assert reference
    return reference[0]


def date_texts(name: str, day: date) -> dict[str, str]:
    """Return the three fields of a date."""
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


def check_errors(visitor: Visitor, address: str, name: str) -> None:
    """Send a form with nothing filled in, and run axe on the page that says what is missing."""
    visitor.page.goto(address)
    visitor.page.locator("main form button[type=submit]").last.click()
    # In Welsh a problem is "broblem" here: codespell:ignore broblem
    title = re.compile("problem|broblem")  # codespell:ignore broblem
    expect(visitor.page.get_by_role("alert")).to_contain_text(title)
    visitor.check_page(name)
