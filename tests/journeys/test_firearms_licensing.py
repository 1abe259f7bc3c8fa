"""A whole licence of Grace's, from her application to an appeal that she wins.

She applies without JavaScript, two referees reply by their private links, Ike checks and visits,
Nell grants, Grace has a gun added, moves, renews in the eighth week before the end, is revoked, and
the court allows her appeal.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bench.instance import Instance
from tests import media_samples
from tests.journeys.firearms_applicant import (
    FORM,
    answer,
    answer_page,
    check_errors,
    date_texts,
    open_my_licences,
    pay,
    reply_as_referee,
    send,
    start_application,
    tell_us,
)
from tests.journeys.firearms_desk import Desk
from tests.journeys.messages import wait_for_message
from tests.journeys.plain_visitor import PlainVisitor
from tests.prepared_instances import execute_sql, wait_until_prompt_jobs_are_done
from tests.services.firearms.applications import complete_application

EMAIL = "grace@example.org"
# One certificate, one address, nothing to declare: the shortest way through the form.
ANSWERS: dict[str, Any] = {
    **complete_application(),
    "certificates": ["firearm"],
    "app_firearm": "grant",
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
    "reasons": ["deer"],
    "wants_firearms": "no",
    "wants_ammunition": "no",
}
ANSWERS["homes"] = [{**ANSWERS["homes"][0], "lived_from": "2016-05-02"}]
ANSWERS["firearms-held"] = ANSWERS["firearms-held"][:1]
ANSWERS["land"] = [{**ANSWERS["land"][0], "land_owner": "me"}]
ANSWERS["storage"] = [{**ANSWERS["storage"][0], "storage_of": ["firearms"], "storage_access": "no"}]
NEW_HOME = {"address": "3 Rye Lane\nPeckham", "postcode": "SE15 5BS"}


@pytest.fixture
def grace(bluelamp: Instance, browser: Browser) -> Iterator[PlainVisitor]:
    visitor = PlainVisitor.open(browser, bluelamp.origin, "grace-licence")
    yield visitor
    visitor.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "me.jpg"
    path.write_bytes(media_samples.rotated_jpeg_with_gps())
    return path


def test_it_works(bluelamp: Instance, grace: PlainVisitor, desk: Desk, photo: Path) -> None:
    reference = apply(grace, photo)
    first = be_granted(grace, desk, reference)
    open_my_licences(grace, first, EMAIL)
    grace.check_both_languages("licences")
    number = have_a_gun_added(grace, desk, first)
    move(grace, desk, number)
    let_time_pass(bluelamp, number, ends_in=timedelta(weeks=8))
    renew(grace, desk, photo)
    run_into_the_extension(bluelamp, grace, desk, number)
    lose_and_win_back(grace, desk, number)


def apply(grace: PlainVisitor, photo: Path) -> str:
    """Apply with Form 201, have two referees reply, and pay. Returns the reference."""
    page = grace.page
    page.goto("/firearms/")
    grace.check_both_languages("start")
    start_application(grace, "New certificate", EMAIL)
    answer(page, "form-201", ANSWERS, FORM, [photo])
    page.goto("/firearms/form/")
    grace.check_both_languages("tasks")
    page.goto("/firearms/form/check/")
    grace.check_both_languages("check")
    reference = send(grace)
    grace.check_both_languages("sent")
    for name in ("ben", "ruth"):
        reply_as_referee(grace, f"{name}@example.org", name, is_checked=name == "ben")
    page.goto("/firearms/done/")
    pay(grace, "£198")
    open_my_licences(grace, reference, EMAIL, facts=("Grace Okafor", "31 3 1980"))
    grace.check_both_languages("application")
    main = page.locator("main")
    expect(main.get_by_text("Replied")).to_have_count(2)
    # The doctor's report is all that is left.
    expect(main).to_contain_text("We are waiting for your doctor’s report")
    expect(main).not_to_contain_text("The fee is not paid yet")
    grace.press("Finish and close")
    return reference


def be_granted(grace: PlainVisitor, desk: Desk, reference: str) -> str:
    """Be checked, visited and granted a certificate, which anyone can check. Returns its number."""
    desk.find_application(reference)
    desk.complete("The doctor’s report came by post")
    desk.take_on()
    desk.plan_visit()
    assert desk.record_checks() == 11
    desk.recommend_grant()
    (number,) = desk.grant(reference)
    address = desk.download_certificate(number)
    grace.page.goto(address)
    expect(grace.page.get_by_role("heading", level=1)).to_have_text("Valid")
    # Whoever stands before the holder reads nothing here of who that is.
    assert not re.search("Grace|Okafor|Tikka|firearm", grace.page.inner_text("main"), re.I)
    grace.check_both_languages("certificate-valid")
    return number


def have_a_gun_added(grace: PlainVisitor, desk: Desk, number: str) -> str:
    """Vary the certificate, with everything on it filled in. Returns the new number."""
    page = grace.page
    page.goto("/firearms/my/licences/")
    expect(page.locator("main")).to_contain_text("Tikka T3x")
    grace.press("Add or drop guns")
    expect(page.locator("main")).to_contain_text("Filled in from our records")
    grace.check_both_languages("variation-tasks")
    answer_page(page, f"{FORM}what/", {"wants_firearms": "yes"})
    wanted = {
        "wanted_number": "1",
        "wanted_type": "Bolt action rifle",
        "wanted_calibre": ".22 LR",
        "wanted_reason": "vermin",
        "wanted_details": "Rabbits on Home Farm.",
    }
    answer_page(page, f"{FORM}firearm-wanted/1/", wanted)
    answer_page(page, f"{FORM}storage/", {"storage_changed": "no"})
    declare(grace)
    reference = send(grace)
    # One gun more costs a fee.
    pay(grace, "£20")
    wait_until_prompt_jobs_are_done(desk.bluelamp.var)
    varied = desk.decide_as_before(reference)
    assert varied != number
    desk.open_certificate(desk.ike, varied)
    main = desk.ike.page.locator("main")
    expect(main).to_contain_text("TK12345")
    expect(main).to_contain_text("May be acquired")
    expect(main).to_contain_text(number)
    return varied


def move(grace: PlainVisitor, desk: Desk, number: str) -> None:
    """Tell us of a new address, which the desk deals with."""
    check_errors(grace.checker, "/firearms/my/tell/address/", "tell-address-errors")
    moved_on = datetime.now(UTC).date() - timedelta(days=2)
    reference = tell_us(grace, "address", {**NEW_HOME, **date_texts("happened_on", moved_on)})
    grace.check_both_languages("told")
    desk.act_on_notice(reference, "Follow it up, by a visit or a review")
    desk.open_certificate(desk.ike, number)
    expect(desk.ike.page.locator("main")).to_contain_text("3 Rye Lane")


def renew(grace: PlainVisitor, desk: Desk, photo: Path) -> None:
    """Renew with everything known filled in, in time for the extension by law."""
    page = grace.page
    page.goto("/firearms/my/licences/")
    grace.press("Renew with what we have")
    filled_in = page.locator(".govuk-task-list__status", has_text="Filled in from our records")
    # About her, her homes, abroad, offences, certificates, guns, storage: none asks again.
    assert filled_in.count() >= 7
    grace.check_both_languages("renewal-tasks")
    page.goto(f"{FORM}firearm-held/1/")
    expect(page.locator("main")).to_contain_text("We filled this in from")
    expect(page.get_by_label("Make and model")).to_have_value("Tikka T3x")
    grace.check_both_languages("renewal-known")
    # Form 201 did not ask this of the gun that was added since.
    answer_page(page, f"{FORM}firearm-wanted/1/", {"wanted_details": "Rabbits on Home Farm."})
    answer_page(page, f"{FORM}conditions/", {"medical_conditions": "no"})
    report = {"medical_report_from": "doctor", "medical_consent": "yes"}
    answer_page(page, f"{FORM}medical-report/", report)
    for row in ("1", "2"):
        answer_page(page, f"{FORM}referee/{row}/", {"referee_allowed": "yes"})
    answer_page(page, f"{FORM}referee-guide/", {"referee_guide": "yes"})
    answer_page(page, f"{FORM}photo/", {"photo": "me.jpg"}, [photo])
    declare(grace)
    page.goto("/firearms/form/check/")
    expect(page.locator("main")).to_contain_text("3 Rye Lane")
    reference = send(grace)
    pay(grace, "£131")
    # The referees write by post this time.
    desk.find_application(reference)
    desk.complete("Both replies and the doctor’s report came by post")


def declare(grace: PlainVisitor) -> None:
    """Sign the declaration."""
    texts = {"declaration": "yes", "signature": "Grace Ann Okafor"}
    answer_page(grace.page, f"{FORM}declaration/", texts)


def run_into_the_extension(
    bluelamp: Instance, grace: PlainVisitor, desk: Desk, number: str
) -> None:
    """The certificate's own last day passes while the renewal is decided: it stays valid."""
    page = grace.page
    until = datetime.now(UTC).date() + timedelta(weeks=16)
    page.goto("/firearms/my/licences/")
    expect(page.locator("main")).to_contain_text(f"{until.day} {until:%B %Y}")
    let_time_pass(bluelamp, number, ends_in=timedelta(days=-1))
    page.reload()
    expect(page.locator("main")).to_contain_text("Extended")
    grace.check_both_languages("licences-extended")
    desk.open_certificate(desk.ike, number)
    expect(desk.ike.page.locator("main")).to_contain_text("Extended by law until")
    desk.check_page(desk.ike, "certificate-extended")
    expect_validity(grace, desk, number, "Valid")
    desk.ike.page.goto("/desk/firearms/expiring/")
    expect(desk.ike.page.get_by_role("link", name=number)).to_be_visible()
    desk.check_page(desk.ike, "expiring")


def lose_and_win_back(grace: PlainVisitor, desk: Desk, number: str) -> None:
    """Be revoked, appeal to the Crown Court, and have the certificate back."""
    desk.revoke(number)
    expect_validity(grace, desk, number, "Not valid")
    grace.check_both_languages("certificate-not-valid")
    desk.serve_notice()
    appeal_until = datetime.now(UTC).date() + timedelta(days=21)
    main = desk.nell.page.locator("main")
    expect(main).to_contain_text("Last day to appeal")
    expect(main).to_contain_text(f"{appeal_until.day} {appeal_until:%B %Y}")
    wait_for_message(desk.nell, "Provided as PDF", "The letter as it is printed")
    desk.record_allowed_appeal(number)
    expect_validity(grace, desk, number, "Valid")


def expect_validity(grace: PlainVisitor, desk: Desk, number: str, heading: str) -> None:
    """Expect what anyone reads who scans a certificate."""
    desk.open_certificate(desk.ike, number)
    link = desk.ike.page.get_by_role("link", name="What anyone who scans it sees")
    grace.page.goto(link.get_attribute("href") or "")
    expect(grace.page.get_by_role("heading", level=1)).to_have_text(heading)


def let_time_pass(bluelamp: Instance, number: str, *, ends_in: timedelta) -> None:
    """Set the certificate's days as if it had been issued long ago."""
    ends_on = datetime.now(UTC).date() + ends_in
    begins_on = ends_on - timedelta(days=1825)
    # A certificate's first day is set once. Only here may a trigger be passed by.
    execute_sql(
        bluelamp.var,
        "SET session_replication_role = replica;"
        f" UPDATE firearms_certificate SET valid_from = '{begins_on}', expires_on = '{ends_on}',"
        f" extended_until = {_literal(ends_on, is_set=ends_in < timedelta())}"
        f" WHERE number = '{number}'",
    )


def _literal(ends_on: date, *, is_set: bool) -> str:
    return f"'{ends_on + timedelta(weeks=8)}'" if is_set else "NULL"
