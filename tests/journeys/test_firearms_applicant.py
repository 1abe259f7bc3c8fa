"""Grace applies for a shotgun certificate, two referees reply, she pays; years later she renews.

She applies without JavaScript. What the licensing team does between is another journey.
"""

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.instance import Instance
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import TextSource, field_names, walk_sections, write_answers
from bluelamp.foundation.kernel.ids import new_id
from tests import media_samples
from tests.journeys.browser import PHONE, Visitor
from tests.journeys.messages import wait_for_code, wait_for_message
from tests.prepared_instances import execute_sql
from tests.services.firearms.applications import complete_application
from tests.services.firearms.test_submit_application import REPLY

EMAIL = "grace@example.org"
NUMBER = "01-S-9000001-21"
# One certificate, one address, nothing to declare: the shortest way through the form.
ANSWERS: dict[str, Any] = {
    **complete_application(),
    "certificates": ["shotgun"],
    "app_shotgun": "grant",
    "had_other_names": "no",
    "works": "no",
    "lived_abroad": "no",
    "medical_conditions": "no",
    "gp_ten_years": "yes",
    "gp_gaps": "no",
    "medical_report_from": "doctor",
    "has_offences": "no",
    "has_certificates": "no",
    "refused_revoked": "no",
    "has_shotguns": "no",
}
ANSWERS["homes"] = [{**ANSWERS["homes"][0], "lived_from": "2016-05-02"}]
ANSWERS["storage"] = [{**ANSWERS["storage"][0], "storage_of": ["shotguns"], "storage_access": "no"}]


@pytest.fixture
def grace(bluelamp: Instance, browser: Browser) -> Iterator[Visitor]:
    """Grace's phone, without JavaScript."""
    visitor = Visitor.open(browser, bluelamp.origin, "grace-plain", PHONE, has_scripts=False)
    yield visitor
    visitor.close()


@pytest.fixture
def reader(bluelamp: Instance, browser: Browser) -> Iterator[Visitor]:
    """A browser with JavaScript, in which axe looks at the pages."""
    visitor = Visitor.open(browser, bluelamp.origin, "grace", PHONE)
    yield visitor
    visitor.close()


def answer(page: Page, name: str, values: dict[str, Any], address: str, files: list[Path]) -> None:
    """Answer every page of a question set that the values make it ask."""
    question_set = built_in_question_set(name)
    texts = write_answers(question_set, values)
    at = datetime.now(UTC)
    for section in walk_sections(question_set, TextSource(texts, at=at), today=at.date()):
        for step in section.pages:
            row = "" if step.row is None else f"{step.row}/"
            page.goto(f"{address}{step.page.id}/{row}")
            prefix = "" if step.row is None else f"{section.id}.{step.row}."
            fields = [name for question, _ in step.answers for name in field_names(question)]
            # An answer can make another question of its page appear: then the page comes again.
            for _time in range(3):
                for field in fields:
                    fill(page, field, texts.get(prefix + field, ""), files)
                page.locator("main form button[type=submit]").last.click()
                if f"/{step.page.id}/" not in page.url:
                    break
            assert "errors=1" not in page.url, page.url


def fill(page: Page, name: str, text: str, files: list[Path]) -> None:
    """Fill in one field, if the page has it."""
    controls = page.locator(f"main [name='{name}']")
    if not text or not controls.count():
        return
    kind = controls.first.get_attribute("type")
    if kind == "file":
        controls.first.set_input_files(files)
    elif kind in {"radio", "checkbox"}:
        for value in text.split("\n"):
            page.locator(f"main [name='{name}'][value='{value}']").check()
    else:
        controls.first.fill(text)


def pay(page: Page) -> None:
    """Pay with a mock card, on the stand-in's pages."""
    page.get_by_role("button", name="Pay the fee").click()
    page.get_by_role("button", name="Pay and continue").click()
    page.fill("#card-no", "4444333322221111")
    page.fill("#expiry", "12/35")
    page.fill("#cardholder-name", "Grace Okafor")
    page.fill("#cvc", "123")
    page.click("#submit-card-details")
    page.click("#confirm")
    page.get_by_role("button", name="Continue").click()


def open_my_licences(visitor: Visitor, reference: str, used_code: str = "") -> str:
    """Come back with a reference and the code that is sent for it, and return the code."""
    visitor.page.goto("/firearms/my/")
    visitor.page.get_by_label("Your reference or certificate number").fill(reference)
    visitor.page.get_by_role("button", name="Continue").click()
    deadline = time.monotonic() + 90
    # The outbox still shows the code of the time before.
    while (code := wait_for_code(visitor, EMAIL)) == used_code:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    visitor.page.get_by_label("Code").fill(code)
    visitor.page.get_by_role("button", name="Continue").click()
    return code


def reply_as_referee(reader: Visitor, address: str, name: str) -> None:
    """Answer as a referee, from the link in the message."""
    text = wait_for_message(reader, address, "has named you as a referee")
    link = re.search(r"/firearms/referee/[\w-]+/", text)
    assert link, text
    answer(reader.page, "referee-reply", REPLY, link[0], [])
    reader.page.goto(link[0] + "check/")
    if name == "Ben":
        reader.check_page("referee-check")
    reader.page.locator("main form button[type=submit]").last.click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("Thank you")


def issue_certificate(bluelamp: Instance, reference: str, ends_on: date) -> None:
    """Put a certificate of the applicant on record, which has been theirs for years."""
    certificate_id = new_id()
    execute_sql(
        bluelamp.var,
        "INSERT INTO firearms_certificate (id, force, number, kind, holder_id, valid_from,"
        " expires_on, issued_on, issued_at, issued_by_name, state, public_code, pdf_sha256,"
        " pdf_bytes) SELECT %s, force, %s, 'shotgun', applicant_id, %s, %s, %s, %s, 'Nell',"
        " 'in-force', %s, '', 0 FROM firearms_application WHERE reference = %s",
        certificate_id,
        NUMBER,
        ends_on - timedelta(days=1825),
        ends_on,
        ends_on - timedelta(days=1825),
        datetime.now(UTC) - timedelta(days=1769),
        f"code of {NUMBER}",
        reference,
    )
    execute_sql(
        bluelamp.var,
        "INSERT INTO firearms_gun (id, certificate_id, status, type, action, make, model, calibre,"
        " serial_number, serial_key, good_reason, acquired_from_name, acquired_from_address,"
        " passed_to_name, passed_to_address, disposal) VALUES (%s, %s, 'held', 'shotgun',"
        " 'over-and-under', 'Beretta', '686', '12', 'N-12345', 'N12345', '', '', '', '', '', '')",
        new_id(),
        certificate_id,
    )


def test_it_works(bluelamp: Instance, grace: Visitor, reader: Visitor, tmp_path: Path) -> None:
    photo = tmp_path / "me.jpg"
    photo.write_bytes(media_samples.rotated_jpeg_with_gps())
    page = grace.page
    page.goto("/firearms/apply/")
    page.get_by_label("New certificate").check()
    page.get_by_label("Your email address").fill(EMAIL)
    page.get_by_role("button", name="Continue").click()
    answer(page, "form-201", ANSWERS, "/firearms/form/pages/", [photo])
    page.goto("/firearms/form/check/")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your application")
    reference = page.locator(".bl-reference__value").inner_text().strip()
    assert re.fullmatch(r"FL/\w+/\d{7}/\d{2}", reference)

    for name in ("Ben", "Ruth"):
        reply_as_referee(reader, f"{name.lower()}@example.org", name)

    pay(page)
    expect(page.locator("main")).to_contain_text("We have your payment of £194")

    code = open_my_licences(reader, reference)
    reader.check_page("application")
    main = reader.page.locator("main")
    expect(main.get_by_text("Replied")).to_have_count(2)
    # The doctor's report is all that is left.
    expect(main).to_contain_text("We are waiting for your doctor’s report")
    expect(main).not_to_contain_text("The fee is not paid yet")
    reader.page.get_by_role("button", name="Finish and close").click()

    issue_certificate(bluelamp, reference, datetime.now(UTC).date() + timedelta(weeks=8))
    renew(reader, code)


def renew(reader: Visitor, used_code: str) -> None:
    """Tell us of a sale, then renew in the eighth week, with everything known filled in."""
    page = reader.page
    open_my_licences(reader, NUMBER, used_code)
    reader.check_page("licences")
    page.get_by_role("link", name="You sold, gave, hired out or lent a gun").click()
    expect(page.locator("main")).to_contain_text("within 7 days")
    page.get_by_role("button", name="Tell us").click()
    reader.check_page("tell-errors")
    page.goto("/firearms/my/licences/")
    page.get_by_role("button", name="Renew with what we have").click()
    reader.check_page("renewal-tasks")
    filled_in = page.locator(".govuk-task-list__status", has_text="Filled in from our records")
    # About her, her homes, abroad, offences, certificates, shotguns, storage: none asks again.
    assert filled_in.count() >= 7
    page.goto("/firearms/form/pages/shotgun-held/1/")
    expect(page.locator("main")).to_contain_text(f"our record of certificate {NUMBER}")
    expect(page.get_by_label("Make and model")).to_have_value("Beretta 686")
    reader.check_page("renewal-known")
    page.goto("/firearms/form/check/")
    reader.check_page("renewal-check")
