"""A refused form comes back after a redirect with every word, and goes to its own report."""

import re

import pytest
from django.test import Client

from bluelamp.casework.reports.models import Report, ReportDraft
from tests.web.public.conftest import ANSWERS, ON, answer_all

pytestmark = pytest.mark.django_db

REFUSED_POSTS = [
    ("/report/", {}, "Select yes if someone is in danger", ""),
    ("/report/what/", {}, "Select what happened", ""),
    (
        "/report/where/",
        {"place_text": "Nowhere Xyzzy Road", "address": ""},
        "We cannot find that postcode or street",
        "Nowhere Xyzzy Road",
    ),
    (
        "/report/when/",
        {
            "when": "between",
            "from_day": "31",
            "from_month": "2",
            "from_year": "2026",
            "on_day": "7",
        },
        "Enter a real date",
        'value="31"',
    ),
    ("/report/story/", {"narrative": "x" * 4001}, "4,000 characters or fewer", "x" * 4001),
    ("/report/you/", {"role": "", "given_name": "Esi"}, "Select how you were involved", "Esi"),
    (
        "/report/contact/",
        {"email": "nobody at all", "is_safe_to_contact": ""},
        "Select whether it is safe for us to contact you",
        "nobody at all",
    ),
    ("/track/", {"reference": "my reference"}, "Enter a reference in the correct", "my reference"),
]


@pytest.mark.parametrize(("url", "answers", "error", "typed"), REFUSED_POSTS)
def test_it_works(
    reference: None, url: str, answers: dict[str, str], error: str, typed: str
) -> None:
    """Reload and Back ask the browser for a page again, and never to send a form again."""
    browser = Client()
    browser.post("/report/what/", ANSWERS["what"])
    response = browser.post(url, answers)
    assert response.status_code == 302
    assert response["location"] == f"{url}?error=1"
    for _ in range(2):
        page = browser.get(response["location"])
        assert page.status_code == 422
        assert error in page.content.decode()
        assert typed in page.content.decode()
        assert "There is a problem" in page.content.decode()
    assert "There is a problem" not in browser.get(url).content.decode()


def test_the_date_of_the_other_choice_is_kept_too(reference: None) -> None:
    browser = Client()
    posted = {"when": "between", "from_day": "x", "on_day": "7", "on_month": "3", "on_time": "noon"}
    page = browser.get(browser.post("/report/when/", posted)["location"]).content.decode()
    assert re.search(r'name="on_day"[^>]*value="7"', page)
    assert re.search(r'name="on_time"[^>]*value="noon"', page)


def test_what_cannot_be_stored_is_shown_at_once(reference: None) -> None:
    browser = Client()
    for narrative in ("nul \x00 here", "x" * 20_001):
        response = browser.post("/report/story/", {"narrative": narrative})
        assert response.status_code == 422
        assert narrative.replace("\x00", "\ufffd") in response.content.decode()


def test_sending_too_early_leads_to_what_is_missing(reference: None) -> None:
    browser = Client()
    browser.post("/report/what/", ANSWERS["what"])
    response = browser.post("/report/check/", {"is_declared_true": "yes"})
    assert response["location"] == "/report/check/?error=1"
    page = browser.get(response["location"])
    assert page.status_code == 422
    assert 'href="#step-where"' in page.content.decode()


def test_a_wrong_code_leads_back_to_its_form(reference: None) -> None:
    browser = Client()
    browser.post("/track/", {"reference": "BL-000-000-000"})
    response = browser.post("/track/code/", {"code": "12 34 56"})
    assert response["location"] == "/track/code/?error=1"
    assert 'value="12 34 56"' in browser.get(response["location"]).content.decode()


def _draft_of(page: str) -> str:
    match = re.search(r'name="draft" value="([0-9a-f-]{36})"', page)
    assert match, page
    return match[1]


def test_two_tabs_keep_their_own_reports(reference: None) -> None:
    browser = Client()
    browser.post("/report/", {"emergency": "no"})
    browser.post("/report/what/", {"kind": "theft"})
    first = _draft_of(browser.get("/report/story/").content.decode())
    browser.post("/report/", {"emergency": "no", "anew": "yes"})
    second = _draft_of(browser.get("/report/what/").content.decode())
    assert first != second
    browser.post("/report/what/", {"kind": "robbery", "draft": second})
    response = browser.post("/report/story/", {"narrative": "My bag was taken.", "draft": first})
    page = browser.get(response["location"]).content.decode()
    assert "You have another report open in this browser" in page
    answers = {str(draft.id): draft.answers for draft in ReportDraft.objects.all()}
    assert answers[first] == {"kind": "theft", "narrative": "My bag was taken."}
    assert answers[second] == {"kind": "robbery"}
    response = browser.post("/report/story/", {"narrative": "He had a knife.", "draft": second})
    assert ReportDraft.objects.get(id=second).answers["narrative"] == "He had a knife."
    assert "You have another report" in browser.get(response["location"]).content.decode()


def test_a_tab_of_a_report_that_was_sent_says_so(visitor: Client) -> None:
    answer_all(visitor)
    draft = _draft_of(visitor.get("/report/story/").content.decode())
    visitor.post("/report/check/", {"is_declared_true": "yes", "draft": draft})
    response = visitor.post("/report/story/", {"narrative": "And one more thing", "draft": draft})
    page = visitor.get(response["location"]).content.decode()
    assert "You have already sent this report" in page
    assert Report.objects.get().narrative == ANSWERS["story"]["narrative"]
    assert ReportDraft.objects.get().answers["narrative"] == ANSWERS["story"]["narrative"]


def test_a_draft_that_is_gone_does_not_write_into_another(reference: None) -> None:
    browser = Client()
    browser.post("/report/what/", {"kind": "theft"})
    gone = "01234567-89ab-7def-8123-456789abcdef"
    browser.post("/report/story/", {"narrative": "Of another report", "draft": gone})
    assert [draft.answers for draft in ReportDraft.objects.order_by("started_at")] == [
        {"kind": "theft"},
        {"narrative": "Of another report"},
    ]


def test_deleting_from_the_device_deletes_every_open_report(reference: None) -> None:
    browser = Client()
    browser.post("/report/what/", {"kind": "theft"})
    browser.post("/report/", {"emergency": "no", "anew": "yes"})
    browser.post("/report/forget/")
    assert not ReportDraft.objects.exists()


@pytest.mark.parametrize(
    ("url", "fields", "typed"),
    [
        ("/report/story/", {"narrative": "Twenty minutes of writing"}, "Twenty minutes of writing"),
        ("/report/where/", {"place_text": "SE15 4QL", "address": "24 Rye Lane"}, "24 Rye Lane"),
        ("/report/when/", {"when": "exact", **{f"on_{k}": v for k, v in ON.items()}}, "10pm"),
        ("/report/you/", {"role": "victim", "given_name": "Esi"}, 'value="Esi"'),
        ("/report/contact/", {"email": "esi@example.com"}, "esi@example.com"),
        ("/report/what/", {"kind": "theft"}, "checked"),
    ],
)
def test_a_page_that_was_open_too_long_keeps_what_was_typed(
    reference: None, url: str, fields: dict[str, str], typed: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post(url, fields)
    page = response.content.decode()
    assert response.status_code == 403
    assert typed in page
    assert "open for too long" in page
    assert not ReportDraft.objects.exists(), "another website's post must not be saved"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    again = browser.post(url, {**fields, "csrfmiddlewaretoken": token[1]})
    assert again.status_code == 302


def test_any_other_stale_form_has_the_usual_page(reference: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/track/", {"reference": "x"})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()
