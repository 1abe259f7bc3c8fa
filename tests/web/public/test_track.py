"""Tracking a case with a reference and a code."""

import re
import time
from datetime import timedelta

import pytest
from django.core.signing import get_cookie_signer
from django.test import Client

from bluelamp.casework.reports.models import Report, ReportDraft, ReporterChange
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.web.public import track
from tests.web.public.conftest import ANSWERS, Visitor, answer_all, reference_on

pytestmark = pytest.mark.django_db

UNKNOWN = "BL-000-000-000"


@pytest.fixture
def reference_sent(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """Esi's report, and a code that is always 000000."""
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    answer_all(visitor)
    visitor.post("/report/check/", {"is_declared_true": "yes"})
    visitor.post("/report/done/confirm/", {"send": "yes"})
    visitor.post("/report/done/confirm/", {"code": "000000"})
    return reference_on(visitor.get("/report/done/").content.decode())


def test_it_works(visitor: Client, reference_sent: str) -> None:
    response = visitor.post("/track/", {"reference": reference_sent.lower().replace("-", " ")})
    assert response["location"] == "/track/code/"
    response = visitor.post("/track/code/", {"code": "000 000"})
    assert response["location"] == "/track/case/"
    page = visitor.get("/track/case/").content.decode()
    assert reference_sent in page
    assert "We received your report" in page
    assert "0808 168 9111" in page
    assert visitor.post("/track/finish/")["location"] == "/"
    assert visitor.get("/track/case/")["location"] == "/track/?over=1"


def test_an_address_that_is_not_confirmed_takes_name_and_postcode(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stranger whose address she typed has the reference, and gets no code."""
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    answer_all(visitor)
    visitor.post("/report/check/", {"is_declared_true": "yes"})
    reference = reference_on(visitor.get("/report/done/").content.decode())
    stranger = Visitor()
    stranger.post("/track/", {"reference": reference})
    assert not TrackingCode.objects.exists()
    assert "Your full name" in stranger.get("/track/code/").content.decode()
    visitor.post("/track/", {"reference": reference})
    facts = {"name": "esi boateng", "detail": "se15 4ql"}
    visitor.post("/track/", {"reference": reference, "again": "yes", **facts})
    # Her code has come to the stranger, who cannot use it.
    assert stranger.post("/track/code/", {"code": "000000"}).status_code == 422
    assert visitor.post("/track/code/", {"code": "000000"})["location"] == "/track/case/"
    elsewhere = Visitor()
    elsewhere.post("/track/", {"reference": reference})
    assert elsewhere.post("/track/code/", {"code": "000000"})["location"] == "/track/case/"


def test_the_page_is_the_same_for_a_reference_that_does_not_exist(
    visitor: Client, reference_sent: str
) -> None:
    def code_pages(reference: str) -> str:
        assert visitor.post("/track/", {"reference": reference}).status_code == 302
        page = visitor.get("/track/code/").content.decode()
        wrong = visitor.post("/track/code/", {"code": "123456"})
        assert wrong.status_code == 422
        return (page + wrong.content.decode()).replace(reference, "REFERENCE")

    def without_token(page: str) -> str:
        return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)

    assert without_token(code_pages(reference_sent)) == without_token(code_pages(UNKNOWN))


def test_it_says_who_may_read_a_code(client: Client) -> None:
    """ASVS 5.0, 6.6.1: people hear of the risk before they choose a code."""
    page = client.get("/track/").content.decode()
    assert "Anyone who can see your phone or your emails could read a code" in page


def test_an_invalid_reference_has_an_error_beside_its_field(visitor: Client) -> None:
    for posted in ("", "BL-XXX", "<b>no</b>", "x" * 5000, "a\x00b"):
        response = visitor.post("/track/", {"reference": posted})
        assert response.status_code == 422
        assert 'id="reference-error"' in response.content.decode()


def test_wrong_codes_run_out(visitor: Client, reference_sent: str) -> None:
    visitor.post("/track/", {"reference": reference_sent})
    for posted in (
        "",
        "abc",
        "1" * 5000,
        "123456\x00",
        "\u0661\u0662\u0663\u0664\u0665\u0666",
        *["111111"] * 5,
    ):
        assert visitor.post("/track/code/", {"code": posted}).status_code == 422
    assert visitor.post("/track/code/", {"code": "000000"}).status_code == 422


def test_another_code_can_be_requested(visitor: Client, reference_sent: str) -> None:
    visitor.post("/track/", {"reference": reference_sent})
    response = visitor.post("/track/", {"reference": reference_sent, "again": "yes"}, follow=True)
    assert "we’re sending another code" in response.content.decode()
    assert TrackingCode.objects.count() == 2


def test_without_the_code_nothing_is_shown(visitor: Client, reference_sent: str) -> None:
    visitor.post("/track/", {"reference": reference_sent})
    assert visitor.get("/track/case/")["location"] == "/track/?over=1"
    assert "after 2 hours" in visitor.get("/track/?over=1").content.decode()


def test_the_session_ends_after_two_hours(
    visitor: Client, reference_sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.post("/track/", {"reference": reference_sent})
    visitor.post("/track/code/", {"code": "000000"})
    later = time.time() + timedelta(hours=2, minutes=1).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert visitor.get("/track/case/").status_code == 302


def test_the_cookie_is_for_tracking_alone(visitor: Client, reference_sent: str) -> None:
    visitor.post("/track/", {"reference": reference_sent})
    cookie = visitor.post("/track/code/", {"code": "000000"}).cookies[track.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/track/")


def test_one_sender_is_one_however_many_addresses_it_has(
    visitor: Client, reference_sent: str
) -> None:
    statuses = [
        visitor.post(
            "/track/", {"reference": UNKNOWN}, REMOTE_ADDR=f"2001:db8:0:1::{number:x}"
        ).status_code
        for number in range(track.MAX_CODES_AN_HOUR + 1)
    ]
    assert statuses == [302] * track.MAX_CODES_AN_HOUR + [429]
    other_network = visitor.post("/track/", {"reference": UNKNOWN}, REMOTE_ADDR="2001:db8:0:2::1")
    assert other_network.status_code == 302


def test_a_cookie_from_before_finishing_leads_back_to_the_start(
    visitor: Client, reference_sent: str
) -> None:
    visitor.post("/track/", {"reference": reference_sent})
    copied = visitor.post("/track/code/", {"code": "000000"}).cookies[track.COOKIE].value
    assert reference_sent in visitor.get("/track/case/").content.decode()
    visitor.post("/track/finish/")
    visitor.cookies[track.COOKIE] = copied
    assert visitor.get("/track/case/")["location"] == "/track/?over=1"
    assert visitor.post("/track/finish/")["location"] == "/"


def test_a_cookie_that_names_a_reference_opens_nothing(
    visitor: Client, reference_sent: str
) -> None:
    """A cookie from before the code was entered, signed with our own key."""
    signed = get_cookie_signer(salt=track.COOKIE + track.SESSION_SALT).sign(reference_sent)
    visitor.cookies[track.COOKIE] = signed
    assert visitor.get("/track/case/")["location"] == "/track/?over=1"


def open_case(visitor: Client, reference: str) -> None:
    visitor.post("/track/", {"reference": reference})
    assert visitor.post("/track/code/", {"code": "000000"})["location"] == "/track/case/"


def page_of(visitor: Client, address: str) -> str:
    return re.sub(r"\s+", " ", visitor.get(address).content.decode())


def submit_again(visitor: Client, reference: str, **contact: str) -> Report:
    """Report another crime from the case, with these answers about contact."""
    assert visitor.post("/track/report-again/")["location"] == "/report/"
    visitor.post("/report/", {"emergency": "no"})
    shown = ReportDraft.objects.latest("started_at").answers
    steps = {**ANSWERS, "you": {**shown, "role": "victim"}, "contact": {**shown, **contact}}
    for slug, answers in steps.items():
        assert visitor.post(f"/report/{slug}/", answers).status_code == 302, slug
    visitor.post("/report/check/", {"is_declared_true": "yes"})
    return Report.objects.exclude(reference=reference).get()


def test_another_report_has_what_is_known(visitor: Client, reference_sent: str) -> None:
    open_case(visitor, reference_sent)
    assert "Report another crime" in page_of(visitor, "/track/case/")
    assert visitor.post("/track/report-again/")["location"] == "/report/"
    assert "We’ve filled in what we know about you" in page_of(visitor, "/report/")
    assert "You have not sent your report yet" not in page_of(visitor, "/report/")
    visitor.post("/report/", {"emergency": "no"})
    from_case = f"We filled this in from your case {reference_sent}. Change it if it’s wrong."
    you = page_of(visitor, "/report/you/")
    assert 'value="Boateng"' in you
    assert you.count(from_case) == 2, "the two names"
    contact = page_of(visitor, "/report/contact/")
    assert 'value="esi@example.com"' in contact
    assert from_case in contact
    # Each report has its own answer, and nobody is safe because they were once.
    assert not re.search(r'name="is_safe_to_contact"[^>]* checked', contact)
    assert ReportDraft.objects.count() == 2


def test_what_nobody_changed_is_the_same_person(visitor: Client, reference_sent: str) -> None:
    open_case(visitor, reference_sent)
    again = submit_again(visitor, reference_sent, is_safe_to_contact="yes")
    first = Report.objects.get(reference=reference_sent)
    assert again.person_reporting == first.person_reporting
    assert not ReporterChange.objects.exists()


def test_what_they_change_is_for_the_desk(visitor: Client, reference_sent: str) -> None:
    """The record stays as it is: somebody could have made them tell their passphrase."""
    open_case(visitor, reference_sent)
    submit_again(visitor, reference_sent, is_safe_to_contact="yes", email="esi.b@example.com")
    first = Report.objects.get(reference=reference_sent).person_reporting
    assert first.email == "esi@example.com"
    change = ReporterChange.objects.get()
    assert (change.person, change.facts) == (first, {"email": "esi.b@example.com"})


def test_that_it_is_not_safe_counts_at_once(visitor: Client, reference_sent: str) -> None:
    open_case(visitor, reference_sent)
    submit_again(visitor, reference_sent, is_safe_to_contact="no", safe_contact="never", email="")
    person = Report.objects.get(reference=reference_sent).person_reporting
    assert (person.is_safe_to_contact, person.safe_contact) == (False, "never")


def test_where_it_is_not_safe_only_the_name_is_shown(visitor: Client, reference_sent: str) -> None:
    open_case(visitor, reference_sent)
    visitor.post("/track/contact/", {"safe_contact": "never", "safe_contact_detail": ""})
    visitor.post("/track/report-again/")
    answers = ReportDraft.objects.latest("started_at").answers
    names = {"given_name": "Esi", "family_name": "Boateng"}
    assert answers == {**names, "is_safe_to_contact": "no"}


def test_nobody_else_gets_what_is_known(visitor: Client, reference_sent: str) -> None:
    assert visitor.post("/track/report-again/")["location"] == "/track/?over=1"
    open_case(visitor, reference_sent)
    visitor.post("/track/report-again/")
    visitor.post("/track/finish/")
    assert "We’ve filled in what we know about you" not in page_of(visitor, "/report/")
    assert visitor.post("/track/report-again/")["location"] == "/track/?over=1"
    assert ReportDraft.objects.count() == 2


def test_a_report_that_was_not_sent_is_still_there(visitor: Client, reference_sent: str) -> None:
    """The case's pages see no cookie of the report, so they must not replace it."""
    visitor.post("/report/", {"emergency": "no"})
    visitor.post("/report/what/", ANSWERS["what"])
    open_case(visitor, reference_sent)
    visitor.post("/track/report-again/")
    visitor.post("/report/", {"emergency": "no"})
    cookie = visitor.cookies["bluelamp_report"].value
    drafts = ReportDraft.objects.order_by("-started_at")[:2]
    assert [str(draft.id) in cookie for draft in drafts] == [True, True]
    assert visitor.cookies["bluelamp_report_known"].value == ""
