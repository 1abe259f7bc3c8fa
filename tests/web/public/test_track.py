"""Tracking a case with a reference and a code."""

import time
from datetime import timedelta

import pytest
from django.core.signing import get_cookie_signer
from django.test import Client

from bluelamp.casework.victims.models import TrackingCode
from bluelamp.web.public import track
from tests.web.public.conftest import answer_all, reference_on

pytestmark = pytest.mark.django_db

UNKNOWN = "BL-000-000-000"


@pytest.fixture
def reference_sent(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> str:
    """Esi's report, and a code that is always 000000."""
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    answer_all(visitor)
    visitor.post("/report/check/", {"is_declared_true": "yes"})
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
