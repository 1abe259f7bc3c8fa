"""Applying for a certificate in the browser's way: begin, answer, send, referees, and follow it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms.commands import referees
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import Application, SavedApplication
from bluelamp.web import cookies as signed
from bluelamp.web.public.firearms import cookies
from tests.cast import INSTALLER, START
from tests.confirmed_addresses import confirm_everybody
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms.applications import complete_application
from tests.services.firearms.test_submit_application import PUBLIC, REPLY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def question_sets() -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)


def begin(client: Client) -> str:
    """Begin an application; return the reference to come back with."""
    response = client.post("/firearms/apply/", {"kind": "grant", "email": "grace@example.org"})
    assert response["location"] == "/firearms/form/"
    return SavedApplication.objects.get().reference


def fill_in(client: Client) -> None:
    """Answer everything at once, as the pages would one by one."""
    request = client.get("/firearms/form/").wsgi_request
    cookie = cookies.get_draft(request)
    assert cookie is not None
    save_form_draft(
        actor=PUBLIC,
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        texts=write_answers(built_in_question_set("form-201"), complete_application()),
    )


def open_with_code(client: Client, reference: str) -> str:
    """Come back with a reference and the code 000000; return where it leads."""
    confirm_everybody()
    assert client.post("/firearms/my/", {"reference": reference})["location"].endswith("/code/")
    send_code_job(reference=reference, force="01")
    return str(client.post("/firearms/my/code/", {"code": "000 000"})["location"])


def apply_and_open(client: Client, monkeypatch: pytest.MonkeyPatch, *, prefix: str = "") -> Client:
    """Apply, with a fee to pay, and open the session of who applied. Every code is 000000.

    Args:
        prefix: "/cy" to apply in Welsh.
    """
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    confirm_fee("COT_FACREN_SGCGRANT", 9000)
    begin(client)
    fill_in(client)
    client.post(f"{prefix}/firearms/form/check/")
    open_with_code(client, Application.objects.get().reference)
    return client


def test_an_address_can_be_confirmed_while_the_form_is_filled_in(client: Client) -> None:
    begin(client)
    fill_in(client)
    page = client.get("/firearms/confirm/").content.decode()
    assert "Email me a code" in page
    sent = client.post("/firearms/confirm/", {"send": "yes"})["location"]
    assert 'name="code"' in client.get(sent).content.decode()


def test_it_works(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    tokens: list[str] = []
    make_token = referees.secrets.token_urlsafe
    monkeypatch.setattr(
        referees.secrets,
        "token_urlsafe",
        lambda size: tokens.append(make_token(size)) or tokens[-1],
    )
    assert "Firearms licensing" in client.get("/firearms/").content.decode()
    reference = begin(client)
    assert reference in client.get("/firearms/form/").content.decode()
    fill_in(client)
    assert "Tikka T3x" in client.get("/firearms/form/check/").content.decode()
    assert client.post("/firearms/form/check/")["location"] == "/firearms/done/"
    page = client.get("/firearms/done/").content.decode()
    application = Application.objects.get()
    assert application.reference in page
    assert "its amount is not confirmed" in page

    link = reverse("firearms-referee", args=[tokens[-1]])
    url = client.get(link)["location"]
    while "/check/" not in url:
        html = client.get(url).content.decode()
        asked = re.findall(r'name="asked" value="([^"]*)"', html)[0]
        texts = write_answers(built_in_question_set("referee-reply"), REPLY)
        url = client.post(url, {"asked": asked, **texts})["location"]
        assert "errors=1" not in url
    assert client.post(url)["location"] == link
    assert "Thank you" in client.get(link).content.decode()

    assert open_with_code(client, application.reference) == "/firearms/my/application/"
    page = client.get("/firearms/my/application/").content.decode()
    assert "Replied" in page
    assert "Has not replied yet" in page
    # As a sentence, not letter by letter.
    assert "Something is missing" in page
    assert "You, your referees or your doctor" in page
    assert "Calm and careful" not in page


def test_sending_twice_is_one_application(client: Client) -> None:
    begin(client)
    fill_in(client)
    jar = client.cookies.copy()
    client.post("/firearms/form/check/")
    # The second of two clicks still has the draft's cookie.
    client.cookies = jar
    assert client.post("/firearms/form/check/")["location"] == "/firearms/done/"
    assert Application.objects.count() == 1


def test_another_device_comes_back_with_the_reference(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    reference = begin(client)
    other = Client()
    assert open_with_code(other, reference) == "/firearms/form/"
    assert reference in other.get("/firearms/form/").content.decode()


def test_a_wrong_code_opens_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    reference = begin(client)
    other = Client()
    confirm_everybody()
    other.post("/firearms/my/", {"reference": reference})
    send_code_job(reference=reference, force="01")
    assert "error=1" in other.post("/firearms/my/code/", {"code": "123456"})["location"]
    assert cookies.DRAFT not in other.cookies
    assert FormDraft.objects.count() == 1


def test_errors_say_what_to_do(client: Client) -> None:
    url = client.post("/firearms/apply/", {"email": ""})["location"]
    assert "Select what you want to apply for" in client.get(url).content.decode()
    url = client.post("/firearms/my/", {"reference": "nonsense"})["location"]
    assert "Enter a reference in the correct format" in client.get(url).content.decode()
    assert client.get("/firearms/referee/nonsense/").status_code == 404
    assert client.get("/firearms/my/application/")["location"] == "/firearms/my/?over=1"
    assert signed.cookie_name(cookies.SESSION)


def test_a_referee_with_the_applicants_address_is_refused_on_the_page(client: Client) -> None:
    begin(client)
    fill_in(client)
    client.get("/firearms/form/")
    page = client.get("/firearms/form/pages/referee/1/").content.decode()
    asked = re.findall(r'name="asked" value="([^"]*)"', page)[0]
    form = {"asked": asked, "referee_email": "Grace@example.org"}
    url = client.post("/firearms/form/pages/referee/1/", form)["location"]
    page = client.get(url).content.decode()
    assert "email address must not be your own" in page
    # It does not go out from the page that repeats the answers either.
    client.post("/firearms/form/check/")
    assert not Application.objects.exists()


def test_the_link_and_the_page_say_the_same(client: Client) -> None:
    assert ">My licences</a>" in client.get("/firearms/").content.decode()
    page = client.get("/firearms/my/").content.decode()
    assert re.search(r"<h1[^>]*>\s*My licences\s*</h1>", page)
    page = client.get("/firearms/apply/").content.decode()
    assert "Your certificate was lost, stolen or destroyed" in page


def test_a_closed_application_asks_for_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    confirm_fee("COT_FACREN_SGCGRANT", 9000)
    begin(client)
    fill_in(client)
    client.post("/firearms/form/check/")
    open_with_code(client, Application.objects.get().reference)
    assert "Pay the fee" in client.get("/firearms/my/application/").content.decode()
    assert "Pay the fee" in client.get("/firearms/done/").content.decode()
    with direct_writes():
        Application.objects.update(stage="refused")
    page = client.get("/firearms/my/application/").content.decode()
    for gone in ("Pay the fee", "Send again or replace", "What we are waiting for"):
        assert gone not in page
    assert "Pay the fee" not in client.get("/firearms/done/").content.decode()
