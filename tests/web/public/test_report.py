"""The whole report, as a browser without JavaScript sends it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bluelamp.casework.reports.models import Report, ReportDraft
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.records.evidence.models import Item
from bluelamp.web.public import drafts
from bluelamp.web.public.flow import report_form
from tests.direct_writes import direct_writes
from tests.web.public.conftest import ANSWERS, answer_all, photo, reference_on

pytestmark = pytest.mark.django_db


DECLARED = {"is_declared_true": "yes"}


def send(visitor: Client) -> str:
    response = visitor.post("/report/check/", DECLARED)
    assert (response.status_code, response["location"]) == (302, "/report/done/")
    return reference_on(visitor.get("/report/done/").content.decode())


def test_it_works(visitor: Client) -> None:
    answer_all(visitor)
    visitor.post("/report/files/", {"files": [photo()], "add": "yes"})
    page = visitor.get("/report/check/").content.decode()
    assert "car.jpg" in page
    assert "SE15 4QL" in page
    assert "Before you send your report" not in page
    reference = send(visitor)
    report = Report.objects.get()
    assert report.reference == reference
    assert report.location is not None
    assert report.location.postcode == "SE15 4QL"
    assert (report.narrative, report.vrm) == (ANSWERS["story"]["narrative"], "AB12CDE")
    assert report.occurred_from is not None
    assert [item.item_id for item in report.items.all()] == [Item.objects.get().id]


def test_a_day_is_read_back_as_it_was_understood(visitor: Client) -> None:
    day = {"when": "exact", "on_day": "3", "on_month": "march", "on_year": "26", "on_time": "noon"}
    assert visitor.post("/report/when/", day).status_code == 302
    assert "3 March 2026, noon" in visitor.get("/report/check/").content.decode()


def test_nothing_is_lost_by_a_reload_or_a_mistake(visitor: Client) -> None:
    visitor.post("/report/story/", {"narrative": "Somebody broke the window."})
    visitor.post("/report/contact/", {"email": "not an address", "phone": "12"})
    page = visitor.get("/report/contact/").content.decode()
    assert "not an address" in page
    assert "Somebody broke the window." in visitor.get("/report/story/").content.decode()
    assert "not sent your report yet" in visitor.get("/report/").content.decode()


def test_the_steps_may_be_taken_in_any_order(visitor: Client) -> None:
    for slug, answers in reversed(ANSWERS.items()):
        assert visitor.post(f"/report/{slug}/", answers).status_code == 302
    assert send(visitor)


def test_what_is_missing_is_named_with_a_link(visitor: Client) -> None:
    visitor.post("/report/what/", ANSWERS["what"])
    page = visitor.get("/report/check/").content.decode()
    for slug in ("where", "when", "story", "you", "contact"):
        assert f'href="/report/{slug}/?from=check"' in page
    response = visitor.post("/report/check/", DECLARED)
    page = response.content.decode()
    assert response.status_code == 422
    assert not Report.objects.exists()
    assert 'href="#step-where"' in page
    assert "govuk-error-summary" in page


def test_it_must_be_declared_true(visitor: Client) -> None:
    answer_all(visitor)
    response = visitor.post("/report/check/", {})
    assert response.status_code == 422
    assert 'href="#is_declared_true"' in response.content.decode()
    assert not Report.objects.exists()


def test_changing_an_answer_leads_back_to_the_check(visitor: Client) -> None:
    answer_all(visitor)
    assert 'name="from" value="check"' in visitor.get("/report/story/?from=check").content.decode()
    response = visitor.post("/report/story/", {"narrative": "Another story.", "from": "check"})
    assert response["location"] == "/report/check/"


def test_a_doubled_submit_is_one_report(visitor: Client) -> None:
    answer_all(visitor)
    cookie = visitor.cookies[drafts.DRAFT_COOKIE].value
    reference = send(visitor)
    visitor.cookies[drafts.DRAFT_COOKIE] = cookie
    assert send(visitor) == reference
    assert Report.objects.count() == 1


def test_after_sending_the_draft_is_gone_from_the_browser(visitor: Client) -> None:
    answer_all(visitor)
    send(visitor)
    assert visitor.cookies[drafts.DRAFT_COOKIE].value == ""
    assert visitor.get("/report/check/")["location"] == "/report/done/"
    assert "Somebody scratched" not in visitor.get("/report/story/").content.decode()


def test_a_second_report_is_another_one(visitor: Client) -> None:
    answer_all(visitor)
    first = send(visitor)
    answer_all(visitor)
    assert send(visitor) != first


def test_an_old_draft_is_started_again_with_what_is_typed_now(visitor: Client) -> None:
    visitor.post("/report/what/", ANSWERS["what"])
    with direct_writes():
        started_at = ReportDraft.objects.get().started_at
        ReportDraft.objects.update(expires_at=started_at - timedelta(days=1))
    assert visitor.post("/report/story/", ANSWERS["story"]).status_code == 302
    assert ANSWERS["story"]["narrative"] in visitor.get("/report/story/").content.decode()


def test_the_cookie_is_for_the_server_alone(visitor: Client) -> None:
    response = visitor.post("/report/what/", ANSWERS["what"])
    cookie = response.cookies[drafts.DRAFT_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/report/")


def test_an_emergency_leads_to_999(visitor: Client) -> None:
    response = visitor.post("/report/", {"emergency": "yes"}, follow=True)
    page = response.content.decode()
    assert "999" in page
    assert "18000" in page
    assert "55" in page
    assert visitor.post("/report/", {}).status_code == 422


def test_fraud_leads_to_report_fraud(visitor: Client) -> None:
    page = visitor.post("/report/what/", {"kind": "fraud"}, follow=True).content.decode()
    assert "0300 123 2040" in page


def test_a_report_may_be_deleted_from_the_device(visitor: Client) -> None:
    answer_all(visitor)
    copied = visitor.cookies[drafts.DRAFT_COOKIE].value
    assert "Somebody scratched" in visitor.get("/report/story/").content.decode()
    assert visitor.get("/report/forget/").status_code == 200
    visitor.post("/report/forget/")
    assert "Somebody scratched" not in visitor.get("/report/story/").content.decode()
    visitor.cookies[drafts.DRAFT_COOKIE] = copied
    assert "Somebody scratched" not in visitor.get("/report/story/").content.decode()
    assert visitor.post("/report/forget/")["location"] == "/"


def test_one_sender_cannot_begin_reports_for_ever(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFTS_AN_HOUR", 3)

    def start_status(address: str) -> int:
        visitor.cookies.clear()
        return visitor.get("/report/files/", REMOTE_ADDR=address).status_code

    assert [start_status(f"2001:db8:0:1::{number}") for number in range(4)] == [200, 200, 200, 429]
    assert start_status("2001:db8:0:2::1") == 200
    assert ReportDraft.objects.count() == 4


def test_every_page_of_the_report_has_the_exit_button(visitor: Client) -> None:
    answer_all(visitor)
    for slug in (
        "what",
        "where",
        "when",
        "story",
        "files",
        "you",
        "contact",
        "check",
        "emergency",
        "fraud",
    ):
        assert "Exit this page" in visitor.get(f"/report/{slug}/").content.decode(), slug


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "when"),
        ({"when": "exact"}, "on"),
        ({"when": "exact", "on_day": "31", "on_month": "2", "on_year": "2026"}, "on"),
        ({"when": "exact", "on_day": "1", "on_month": "1", "on_year": "2999"}, "on"),
        (
            {
                "when": "exact",
                "on_day": "1",
                "on_month": "1",
                "on_year": "2026",
                "on_time": "25:99",
            },
            "on_time",
        ),
        ({"when": "between", "from_day": "2", "from_month": "1", "from_year": "2026"}, "to"),
    ],
)
def test_a_wrong_time_has_an_error_beside_its_field(
    visitor: Client, answers: Any, field: str
) -> None:
    response = visitor.post("/report/when/", answers)
    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page


def test_too_many_from_one_address(visitor: Client) -> None:
    answer_all(visitor)
    entry = AuditEntry.objects.filter(act="report.draft_saved").latest("at")
    with direct_writes():
        AuditEntry.objects.bulk_create(
            AuditEntry(
                at=entry.at,
                act="report.submitted",
                category="collection",
                result="done",
                actor_kind="public",
                actor_name="x",
                force="01",
                organisation="public",
                address="203.0.113.9",
                rate_limit_key="203.0.113.9",
            )
            for _ in range(30)
        )
    assert visitor.post("/report/check/", DECLARED, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert visitor.post("/report/check/", DECLARED).status_code == 302


@pytest.mark.parametrize("number", range(1, 8))
def test_every_question_says_how_many_there_are(visitor: Client, number: int) -> None:
    page = visitor.get(report_form(None).steps[number - 1].url).content.decode()
    assert f"Question {number} of 7" in page


def test_a_section_with_one_answer_has_no_label(visitor: Client) -> None:
    visitor.post("/report/what/", {"kind": "criminal-damage"})
    page = visitor.get("/report/check/").content.decode()
    assert page.count("Something was damaged") == 1
    assert "<dt" in page, "a section of several rows has their names"
    assert ">What happened</dt>" not in page


def test_what_is_typed_is_saved_before_continue(visitor: Client) -> None:
    visitor.post("/report/", {"emergency": "no"})
    page = visitor.get("/report/story/").content.decode()
    assert 'data-save-url="/report/story/save"' in page
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft
    typed = {"draft": draft[1], "narrative": "Somebody scra"}
    assert visitor.post("/report/story/save", typed).status_code == 204
    assert "Somebody scra" in visitor.get("/report/story/").content.decode()
    wrong = {**typed, "narrative": "x" * 30_000}
    assert visitor.post("/report/story/save", wrong).status_code == 204, "left out, not an error"
    assert "Somebody scra" in visitor.get("/report/story/").content.decode()
    assert Client().post("/report/story/save", typed).status_code == 404, "another browser"
    assert visitor.post("/report/none/save", typed).status_code == 404
