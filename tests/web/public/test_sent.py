"""What the page after sending promises, and to whom: only what will happen."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from bluelamp.casework.reports.models import Report
from bluelamp.foundation.notifications.models import Message
from bluelamp.web.public import drafts
from sandbox.notify import Notify
from tests.foundation.notifications.conftest import notify
from tests.web.public.conftest import answer_all, reference_on

__all__ = ["notify"]

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], int]
UNSAFE = {"is_safe_to_contact": "no", "safe_contact": "never", "email": "", "phone": ""}


def _send(visitor: Client, contact: dict[str, str], kind: str = "domestic-abuse") -> str:
    answer_all(visitor)
    visitor.post("/report/what/", {"kind": kind})
    response = visitor.post("/report/contact/", contact)
    assert response.status_code == 302, response.content.decode()
    visitor.post("/report/check/", {"is_declared_true": "yes"})
    return _text(visitor.get("/report/done/").content.decode())


def _text(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("&#39;", "’")


def test_it_works(visitor: Client, run_jobs: RunJobs) -> None:
    page = _send(visitor, UNSAFE)
    assert "We have not sent it to you" in page
    assert "We will not call, text, email or write to you." in page
    assert "0808 2000 247" in page
    assert "Delete this report from this device" in page
    for promise in ("sending it", "We’ll send", "tell you their name", "at any time"):
        assert promise not in page, promise
    visitor.post("/report/done/", {"passphrase": "copper kettle garden"})
    assert "You have chosen a passphrase" in _text(visitor.get("/report/done/").content.decode())
    run_jobs()
    assert not Message.objects.exists()
    response = visitor.post(
        "/track/",
        {"reference": Report.objects.get().reference, "passphrase": "Copper kettle garden"},
    )
    assert response["location"] == "/track/case/"
    assert not Message.objects.exists()
    case = _text(visitor.get("/track/case/").content.decode())
    assert "We do not contact you, as you asked." in case
    assert "we will tell you" not in case.lower()


@pytest.mark.parametrize(
    ("contact", "sentence"),
    [
        (
            {"is_safe_to_contact": "yes", "phone": "07700 900 321", "contact_preference": "text"},
            "We’re sending it by text to your phone number ending 321.",
        ),
        (
            {"is_safe_to_contact": "yes", "email": "esi@example.com"},
            "We’re sending it by email to e…@example.com.",
        ),
        (
            {
                "is_safe_to_contact": "yes",
                "email": "esi@example.com",
                "phone": "020 7946 0000",
                "contact_preference": "text",
            },
            "We’re sending it by email to e…@example.com.",
        ),
        (
            {"is_safe_to_contact": "yes", "phone": "020 7946 0000", "contact_preference": "phone"},
            "We cannot send it to you, because we cannot text the phone number you gave us.",
        ),
        (
            {**UNSAFE, "safe_contact": "time", "safe_contact_detail": "Monday at 10am"},
            "We’ll only call you at the time you told us is safe.",
        ),
        (
            {**UNSAFE, "safe_contact": "other", "safe_contact_detail": "Ama, 07700 900456"},
            "in any other way than the one you told us is safe.",
        ),
    ],
)
def test_it_says_where_the_reference_goes(
    visitor: Client, run_jobs: RunJobs, contact: dict[str, str], sentence: str
) -> None:
    page = _send(visitor, contact, kind="theft")
    assert sentence in page
    assert "Ama" not in page
    assert "Monday" not in page
    run_jobs()
    assert Message.objects.exists() is ("We’re sending" in sentence)


def test_it_offers_a_passphrase_where_texts_reach_nobody(
    visitor: Client, notify: Notify, run_jobs: RunJobs
) -> None:
    # The network says that nobody has this number.
    contact = {"phone": "07700 900002", "email": "", "contact_preference": "text"}
    page = _send(visitor, {"is_safe_to_contact": "yes", **contact}, kind="theft")
    assert "We’re sending it by text" in page
    assert "passphrase" not in page
    run_jobs()
    page = _text(visitor.get("/report/done/").content.decode())
    assert "because we cannot text the phone number you gave us." in page
    visitor.post("/report/done/", {"passphrase": "copper kettle garden"})
    assert "You have chosen a passphrase" in _text(visitor.get("/report/done/").content.decode())


@pytest.mark.parametrize(
    ("kind", "phone"),
    [
        ("domestic-abuse", "0808 2000 247"),
        ("sexual-offence", "0808 500 2222"),
        ("harassment", "0808 802 0300"),
        ("theft", "0808 168 9111"),
    ],
)
def test_it_names_the_helpline_for_what_happened(visitor: Client, kind: str, phone: str) -> None:
    assert phone in _send(visitor, UNSAFE, kind=kind)


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("theft", "Do not touch or throw away"),
        ("domestic-abuse", "If you can do it safely, keep"),
        ("sexual-offence", "If you can do it safely, keep"),
        ("harassment", "If you can do it safely, keep"),
    ],
)
def test_nobody_is_told_to_leave_their_own_home_untouched(
    visitor: Client, kind: str, advice: str
) -> None:
    """Somebody who may live with whoever did it, also where it is safe to contact them."""
    page = _send(visitor, {"is_safe_to_contact": "yes", "email": "esi@example.com"}, kind)
    assert advice in page
    assert page.count("may be evidence") == 1


def test_a_wrong_passphrase_is_refused_without_showing_it(visitor: Client) -> None:
    _send(visitor, UNSAFE)
    page = visitor.post("/report/done/", {"passphrase": "kettle"}).content.decode()
    assert "Passphrase must be 8 characters or more" in page
    assert "kettle" not in page
    assert "kettle" not in str(visitor.cookies)


def test_the_page_is_gone_sooner_where_it_is_not_safe(visitor: Client) -> None:
    _send(visitor, UNSAFE)
    assert visitor.cookies[drafts.SENT_COOKIE]["max-age"] == 3600


def test_it_can_be_deleted_from_the_device(visitor: Client) -> None:
    _send(visitor, UNSAFE)
    assert "We already have your report" in visitor.get("/report/forget/").content.decode()
    visitor.post("/report/forget/")
    assert visitor.get("/report/done/")["location"] == "/report/"
    assert Report.objects.count() == 1


def test_it_is_no_longer_safe(
    visitor: Client, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    page = _send(visitor, {"is_safe_to_contact": "yes", "email": "esi@example.com"})
    reference = reference_on(page)
    assert "Email me a code" in visitor.get("/report/done/confirm/").content.decode()
    sent = visitor.post("/report/done/confirm/", {"send": "yes"})
    assert 'name="code"' in visitor.get(sent["location"]).content.decode()
    visitor.post("/report/done/confirm/", {"code": "000000"})
    visitor.post("/track/", {"reference": reference})
    visitor.post("/track/code/", {"code": "000000"})
    assert "We send emails to e…@example.com" in visitor.get("/track/case/").content.decode()
    assert visitor.get("/track/contact/").status_code == 200
    refused = visitor.post("/track/contact/", {"safe_contact": "time", "safe_contact_detail": ""})
    assert "Enter when or how we can reach you safely" in refused.content.decode()
    stopped = visitor.post("/track/contact/", {"safe_contact": "never"})
    assert stopped["location"] == "/track/passphrase/?stopped=1"
    assert "We will not send you any more messages." in _text(
        visitor.get(stopped["location"]).content.decode()
    )
    chosen = visitor.post("/track/passphrase/", {"passphrase": "copper kettle garden"})
    assert chosen["location"] == "/track/case/?done=passphrase"
    visitor.post("/track/finish/")
    sent = Message.objects.count()
    visitor.post("/track/", {"reference": reference})
    assert Message.objects.count() == sent, "no code is sent any more"
    opened = visitor.post("/track/", {"reference": reference, "passphrase": "copper kettle garden"})
    assert opened["location"] == "/track/case/"


@pytest.mark.parametrize("url", ["/track/contact/", "/track/passphrase/"])
def test_these_pages_need_an_open_session(reference: None, url: str) -> None:
    assert Client().get(url)["location"] == "/track/?over=1"
    assert Client().post(url, {"passphrase": "x", "safe_contact": "never"})["location"] == (
        "/track/?over=1"
    )
