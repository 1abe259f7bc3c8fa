"""What a stranger tries who knows somebody's reference, at each page that sends a one-time code."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.victims import commands as victims
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.confirmed_addresses import hash_browser_secret
from bluelamp.foundation.notifications.models import Message, OneTimeCode
from bluelamp.records.people.contact_facts import hash_typed_facts
from bluelamp.services.firearms.commands import confirming, sessions
from bluelamp.services.firearms.models import Application
from bluelamp.services.requests import commands as requests
from bluelamp.services.requests.models import InformationRequest
from bluelamp.web import cookies
from bluelamp.web.public import track
from bluelamp.web.public.requests import following
from tests.casework.scenes import AT, REPORT_ANSWERS
from tests.cast import INSTALLER, START
from tests.confirmed_addresses import confirm_everybody
from tests.services.firearms.test_submit_application import start, submit
from tests.services.requests.making import SUBJECT_ACCESS, make

pytestmark = pytest.mark.django_db
PUBLIC = public_actor(address="203.0.113.7")
HERS, STRANGERS = "the secret of her browser", "the secret of a stranger's browser"
SENDER = Actor.system(
    "tests",
    force="01",
    permissions={"notification.send", "request.track", "firearms.track", "victim.track"},
)


@dataclass(frozen=True)
class CodePage:
    """A page that sends codes: its references, and what only its owner told us.

    `codes` are the commands behind it, and `exchange` the one that checks a code.
    """

    reference: str
    unknown: str
    name: str
    detail: str
    codes: Any
    exchange: Callable[..., object]
    url: str


def _of_a_report() -> CodePage:
    sent = submit_report(actor=PUBLIC, at=AT, report_id=new_id(), answers=REPORT_ANSWERS)
    return CodePage(
        reference=sent.reference,
        unknown="BL-000-000-000",
        name="Esi Mensah",
        detail="SE15 4QL",
        codes=victims,
        exchange=victims.exchange_code_for_session,
        url="/track/",
    )


def _of_an_application() -> CodePage:
    sent = submit(start())
    return CodePage(
        reference=sent.reference,
        unknown="FL/01/9999999/26",
        name="Grace Okafor",
        detail="31 3 1980",
        codes=sessions,
        exchange=sessions.exchange_code,
        url="/firearms/my/",
    )


def _of_a_request() -> CodePage:
    return CodePage(
        reference=make(AT, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference,
        unknown="RQ-26-999999",
        name="Grace Holloway",
        detail="3 4 1980",
        codes=requests,
        exchange=requests.exchange_code,
        url="/requests/track/",
    )


@pytest.fixture(params=[_of_a_report, _of_an_application, _of_a_request])
def code_page(
    request: pytest.FixtureRequest, reference: None, monkeypatch: pytest.MonkeyPatch
) -> CodePage:
    """Each page in turn. Every code is 000000."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    made: CodePage = request.param()
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    return made


def _send(page: CodePage, *, at: datetime = AT, browser: str = HERS) -> None:
    page.codes.send_code(
        actor=SENDER,
        at=at,
        reference=page.reference,
        facts=hash_typed_facts(name=page.name, detail=page.detail),
        browser_hash=hash_browser_secret(browser),
    )


def _opens(page: CodePage, *, code: str = "000000", browser: str = HERS) -> bool:
    return bool(
        page.exchange(
            actor=PUBLIC, at=AT, reference=page.reference, code=code, browser_secret=browser
        )
    )


def _count_codes() -> int:
    return Message.objects.filter(template="one-time-code").count()


def test_it_works(code_page: CodePage) -> None:
    _send(code_page)
    assert _count_codes() == 1
    assert _opens(code_page)


def test_a_strangers_tries_do_not_use_up_her_code(code_page: CodePage) -> None:
    """Her code opens nothing in another browser, so tries there must not count."""
    _send(code_page)
    for _number in range(6):
        assert not _opens(code_page, code="999999", browser=STRANGERS)
        assert not _opens(code_page, code="000000", browser="")
    assert _opens(code_page)


def test_her_own_tries_are_counted(code_page: CodePage) -> None:
    _send(code_page)
    for _number in range(5):
        assert not _opens(code_page, code="999999")
    assert not _opens(code_page)


def test_what_is_no_code_uses_up_no_try(
    code_page: CodePage, client: Client, run_jobs: Callable[[], int]
) -> None:
    confirm_everybody()
    client.post(code_page.url, {"reference": code_page.reference})
    run_jobs()
    for posted in ("", "  ", "no", "\x00", "o" * 5000, "code"):
        answer = client.post(f"{code_page.url}code/", {"code": posted}, follow=True)
        assert "Enter the 6-digit code we sent you" in answer.content.decode()
    opened = client.post(f"{code_page.url}code/", {"code": "Your code is 000 000."})
    assert opened["location"].endswith(("/case/", "/mine/", "/application/"))


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_what_we_do_is_the_same_for_a_reference_that_does_not_exist(
    code_page: CodePage, is_confirmed: bool
) -> None:
    if is_confirmed:
        confirm_everybody()
    _send(code_page)

    def statements(reference: str) -> list[int]:
        arguments = {"actor": PUBLIC, "at": AT, "reference": reference, "browser_secret": STRANGERS}
        counts = []
        for run in (
            lambda: code_page.codes.request_code(**arguments),
            lambda: code_page.exchange(**arguments, code="999999"),
        ):
            with CaptureQueriesContext(connection) as queries:
                run()
            counts.append(len(queries))
        return counts

    statements(code_page.unknown)
    assert statements(code_page.reference) == statements(code_page.unknown)


def test_a_code_opens_nothing_else(code_page: CodePage) -> None:
    """A code of one page, the same digits, at the other two."""
    _send(code_page)
    for make_page in (_of_a_report, _of_an_application, _of_a_request):
        assert not _opens(make_page())
    assert _opens(code_page)


def test_a_code_that_confirms_opens_no_application_and_no_request(
    reference: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)
    application, request = _of_an_application(), _of_a_request()
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    request_id = InformationRequest.objects.get().id
    requests.send_address_code(actor=PUBLIC, at=AT, request_id=request_id)
    application_id = _id_of(application)
    confirming.send_address_code(actor=PUBLIC, at=AT, application_id=application_id)
    assert _count_codes() == 2
    for page in (application, request):
        assert not _opens(page)
    requests.confirm_request_address(actor=PUBLIC, at=AT, request_id=request_id, code="000000")
    # Nor is there a session: the id of the code's row is no key.
    for row in OneTimeCode.objects.all():
        with pytest.raises(Exception, match="no such session"):
            requests.open_own_file(actor=PUBLIC, at=AT, session_id=row.id)


def test_facts_that_were_shown_for_one_reference_say_nothing_of_another(
    client: Client, reference: None, run_jobs: Callable[[], int]
) -> None:
    """The same browser asks for somebody else's request after its own."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    hers, own = (make(AT, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference for _number in range(2))
    client.post(
        "/requests/track/", {"reference": own, "name": "Grace Holloway", "detail": "3/4/80"}
    )
    client.post(
        "/requests/track/", {"reference": own, "name": "Grace Holloway", "detail": "3 4 1980"}
    )
    run_jobs()
    assert _count_codes() == 1
    cookie = client.cookies[following.COOKIE].value
    client.post("/requests/track/", {"reference": hers})
    assert client.cookies[following.COOKIE].value != cookie
    run_jobs()
    assert _count_codes() == 1
    # With the cookie from before too: the secret is of the other reference.
    client.cookies[following.COOKIE] = cookie
    client.post("/requests/track/", {"reference": hers})
    run_jobs()
    assert _count_codes() == 1


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_cookie_of_the_version_before_goes_on(
    client: Client, reference: None, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
    is_confirmed: bool,
) -> None:  # fmt: skip
    """It has the reference alone. Its owner types the code, or their name and postcode."""
    page = _of_a_report()
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    if is_confirmed:
        confirm_everybody()
        _send(page, at=now(), browser="")
    response = HttpResponse()
    cookies.set_signed_cookie(
        response,
        track.COOKIE,
        page.reference,
        salt=track.REFERENCE_SALT,
        max_age=60,
        path="/track/",
    )
    client.cookies[track.COOKIE] = response.cookies[track.COOKIE].value
    assert page.reference in client.get("/track/code/").text
    if not is_confirmed:
        facts = {"reference": page.reference, "name": page.name, "detail": page.detail}
        client.post("/track/", facts | {"again": "yes"})
        run_jobs()
    assert client.post("/track/code/", {"code": "000000"})["location"] == "/track/case/"


def _id_of(page: CodePage) -> UUID:
    return Application.objects.get(reference=page.reference).id
