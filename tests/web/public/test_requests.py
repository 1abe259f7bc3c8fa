"""The public pages of requests: ask, follow, download. The desk answers in between."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.notifications import code_rows
from bluelamp.services.requests.models import InformationRequest
from tests.cast import INSTALLER, START, browser
from tests.confirmed_addresses import confirm_everybody
from tests.foundation.payments.paying import confirm_fee
from tests.services.requests.making import (
    CIVIL_DISCLOSURE,
    CLARES_LAW,
    COLLISION,
    FINGERPRINTS,
    FREEDOM_OF_INFORMATION,
    PEDLARS_CERTIFICATE,
    SUBJECT_ACCESS,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n% names taken out\n"


@pytest.fixture(autouse=True)
def sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Question sets on record, codes and links that a test knows."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    monkeypatch.setattr(code_rows, "make_digits", lambda: "012345")
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: "a-secret-of-this-test")


def fill_in(client: Client, slug: str, texts: dict[str, str]) -> str:
    """Begin a service's form, answer each page, and send it; return where that leads."""
    answer = client.post(f"/requests/{slug}/")
    url = client.get(answer["location"])["location"]
    while not url.endswith("/check/"):
        page = client.get(url)
        assert page.status_code == 200, url
        asked = re.search(r'name="asked" value="([^"]*)"', page.content.decode())
        assert asked, url
        url = client.post(url, texts | {"asked": asked[1]})["location"]
        assert "errors" not in url, client.get(url).content.decode()
    assert client.get(url).status_code == 200
    return client.post(url)["location"]


def test_it_works(client: Client, run_jobs: Callable[[], int]) -> None:
    assert "Information we have about you" in client.get("/requests/").content.decode()
    assert client.get("/requests/subject-access/").status_code == 200
    url = fill_in(client, "subject-access", SUBJECT_ACCESS)
    page = client.get(url).content.decode()
    reference = InformationRequest.objects.get().reference
    assert reference in page
    assert "We are working on it" in page, "one sentence, and not one line for each letter"
    dev = browser(cast.DEV)
    assert reference in dev.get("/desk/requests/").content.decode()
    desk = f"/desk/requests/{reference}/"
    assert "Everything you have about me" in dev.get(desk).content.decode()
    dev.post(f"{desk}take-on")
    confirm_everybody()
    file = SimpleUploadedFile("about-you.pdf", PDF, "application/pdf")
    dev.post(f"{desk}file", {"file": file, "redaction": "Names of others"})
    assert dev.post(f"{desk}send")["location"].endswith("?done=sent")
    assert "0 of 5 downloads" in dev.get(desk).content.decode()
    download = "/requests/download/a-secret-of-this-test/"
    assert client.get(download).status_code == 200
    answer = client.post(download)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["content-type"] == "application/octet-stream"
    assert "1 of 5 downloads" in dev.get(desk).content.decode()
    assert client.post("/requests/download/other/").status_code == 404


def test_an_address_can_be_confirmed_after_sending(
    client: Client, run_jobs: Callable[[], int]
) -> None:
    fill_in(client, "subject-access", SUBJECT_ACCESS)
    url = "/requests/sent/confirm/"
    assert "Email me a code" in client.get(url).content.decode()
    sent = client.post(url, {"send": "yes"})["location"]
    assert 'name="code"' in client.get(sent).content.decode()
    refused = client.post(url, {"code": "no"})["location"]
    assert "Enter the 6-digit code" in client.get(refused).content.decode()
    run_jobs()
    assert client.post(url, {"code": "012345"})["location"].endswith("#confirm")
    assert client.get(url).status_code == 302, "there is nothing more to confirm"


def test_what_costs_something_leads_to_the_payment(client: Client) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    page = client.get("/requests/collision-report/").content.decode()
    assert "£207.96" in page
    assert "£34.66 VAT" in page
    url = fill_in(client, "collision-report", COLLISION)
    assert url.startswith("/pay/")
    page = client.get("/requests/sent/").content.decode()
    assert "Pay £207.96" in page


def test_what_has_no_fee_yet_cannot_be_begun(client: Client) -> None:
    page = client.get("/requests/collision-scene-plan/").content.decode()
    assert "cannot pay for this online yet" in page
    assert "Start now" not in page
    assert client.post("/requests/collision-scene-plan/").status_code == 200


def test_ask_for_public_information(client: Client) -> None:
    page = client.get("/requests/freedom-of-information/").content.decode()
    assert "It is free." in page
    assert "within 20 working days" in page
    assert fill_in(client, "freedom-of-information", FREEDOM_OF_INFORMATION).endswith("/sent/")
    request = InformationRequest.objects.get()
    assert request.answer_due_on
    # Four weeks, and as many days more as bank holidays fall in them.
    assert (request.answer_due_on - london_date(request.received_at)).days >= 28


@pytest.mark.parametrize(
    ("slug", "texts", "vat_percent"),
    [
        ("pedlar-certificate", PEDLARS_CERTIFICATE, 0),
        ("fingerprints-visa", FINGERPRINTS, 20),
        ("civil-interview-record", CIVIL_DISCLOSURE, 20),
    ],
)
def test_a_service_opens_when_its_fee_is_confirmed(
    client: Client, slug: str, texts: dict[str, str], vat_percent: int
) -> None:
    assert "cannot pay for this online yet" in client.get(f"/requests/{slug}/").content.decode()
    confirm_fee(slug.replace("-", "_").upper(), 1225, vat_percent=vat_percent)
    assert fill_in(client, slug, texts).startswith("/pay/")


def test_follow_a_request_with_a_code(client: Client, run_jobs: Callable[[], int]) -> None:
    fill_in(client, "subject-access", SUBJECT_ACCESS)
    reference = InformationRequest.objects.get().reference
    other = Client()
    assert other.get("/requests/track/mine/").status_code == 302
    confirm_everybody()
    answer = other.post("/requests/track/", {"reference": reference.lower()})
    run_jobs()
    assert answer["location"] == "/requests/track/code/"
    assert reference in other.get("/requests/track/code/").content.decode()
    wrong = other.post("/requests/track/code/", {"code": "999999"})
    assert "Enter the code" in other.get(wrong["location"]).content.decode()
    assert other.post("/requests/track/code/", {"code": "012345"})["location"].endswith("/mine/")
    page = other.get("/requests/track/mine/").content.decode()
    assert "We answer by" in page
    other.post("/requests/track/finish/")
    assert other.get("/requests/track/mine/").status_code == 302


def test_the_answer_is_the_same_for_a_reference_that_is_none(client: Client) -> None:
    answer = client.post("/requests/track/", {"reference": "RQ-26-999999"})
    assert answer["location"] == "/requests/track/code/"
    bad = client.post("/requests/track/", {"reference": "nonsense"})
    assert "correct format" in client.get(bad["location"]).content.decode()


def test_clares_law_has_a_way_out_and_promises_no_message(client: Client) -> None:
    page = client.get("/requests/disclosure-scheme/").content.decode()
    assert "Exit this page" in page
    assert "We will not send you any messages" in page
    url = fill_in(client, "disclosure-scheme", CLARES_LAW)
    page = client.get(url).content.decode()
    assert "will not send you any messages" in page
    assert "Exit this page" in page
    dev = browser(cast.DEV)
    assert "Esi" not in dev.get("/desk/requests/").content.decode()


def test_staff_refuse_with_a_reason_and_set_services(client: Client) -> None:
    fill_in(client, "subject-access", SUBJECT_ACCESS)
    reference = InformationRequest.objects.get().reference
    dev = browser(cast.DEV)
    answer = dev.post(f"/desk/requests/{reference}/refuse", {"reason": ""})
    assert answer.status_code == 422
    assert "Enter why you are refusing" in answer.content.decode()
    answer = dev.post(
        f"/desk/requests/{reference}/refuse",
        {"reason": "We could not tell who you are"},
        follow=True,
    )
    assert "We asked for the refund" not in answer.content.decode(), "it was free"
    assert "We could not tell" in client.get("/requests/sent/").content.decode()
    assert dev.get("/desk/requests/services/").status_code == 200
    url = "/desk/requests/services/SUBJECT_ACCESS/"
    assert "Nobody has checked this yet" in dev.get(url).content.decode()
    assert dev.post(url, {"title": ""}).status_code == 422
    today = london_date(now())
    values = {
        "title": "All about you",
        "who": "Anyone",
        "needed": "A passport",
        "offered": "yes",
        "source": "Read today",
        "from_day": today.day,
        "from_month": today.month,
        "from_year": today.year,
    }
    assert dev.post(url, values)["location"].endswith("?done=service")
    assert "All about you" in client.get("/requests/").content.decode()


def test_others_see_no_requests() -> None:
    assert browser(cast.ADA).get("/desk/requests/").status_code == 403
    assert browser(cast.ADA).get("/desk/requests/services/").status_code == 403


def test_the_second_of_two_clicks_leads_to_the_same_request(client: Client) -> None:
    url = client.get(client.post("/requests/subject-access/")["location"])["location"]
    while not url.endswith("/check/"):
        asked = re.search(r'name="asked" value="([^"]*)"', client.get(url).content.decode())
        assert asked, url
        url = client.post(url, SUBJECT_ACCESS | {"asked": asked[1]})["location"]
    jar = client.cookies.copy()
    first = client.post(url)
    # The second click still has the draft's cookie.
    client.cookies = jar
    assert client.post(url)["location"] == first["location"]
    assert (
        InformationRequest.objects.get().reference in client.get(first["location"]).content.decode()
    )
