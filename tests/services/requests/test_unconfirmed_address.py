"""An answer is not sent to an e-mail address that may be a stranger's: OWASP ASVS 5.0, 6.6.1.

A subject access request is answered with everything we hold about somebody.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications import code_rows
from bluelamp.foundation.notifications.confirmed_addresses import hash_browser_secret
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.evidence.models import Continuity
from bluelamp.records.people.contact_facts import hash_typed_facts
from bluelamp.services.requests.commands import (
    add_file,
    open_delivery,
    open_own_file,
    open_session,
    send_answer,
    send_code,
)
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.lookups import get_request, list_own_files
from bluelamp.services.requests.models import Delivery
from bluelamp.services.requests.rules import MAX_DOWNLOADS
from tests.cast import browser, signed_in
from tests.confirmed_addresses import confirm_everybody
from tests.services.requests.making import SUBJECT_ACCESS, make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n% everything about her\n"
BROWSER = "a secret that only her browser has"


@pytest.fixture(autouse=True)
def digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes that a test knows."""
    monkeypatch.setattr(code_rows, "make_digits", lambda: "012345")


def answer(at: datetime) -> str:
    """Answer a request whose address is not confirmed; return its reference."""
    reference = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference
    add_file(
        actor=signed_in(cast.DEV),
        at=at,
        reference=reference,
        filename="about-you.pdf",
        source=BytesIO(PDF),
        media_type="application/pdf",
        redaction_note="Names of others",
    )
    assert send_answer(actor=signed_in(cast.DEV), at=at, reference=reference) == ""
    return reference


def test_it_works(at: datetime) -> None:
    """The message leads to the page that asks for the facts, and no link opens the files."""
    reference = answer(at)
    message = Message.objects.get(reference=reference, template__startswith="request-ready")
    assert message.template == "request-ready-no-link"
    assert message.personalisation["link"].endswith("/requests/track/")
    assert Delivery.objects.get().secret_sha256 is None
    for guess in ("", "None", "null"):
        with pytest.raises(NotFound):
            open_delivery(actor=public_actor(), at=at, secret=guess)


def test_whoever_gives_the_facts_downloads_it_as_often_as_by_a_link(at: datetime) -> None:
    reference = answer(at)
    session_id = _sign_in(at, reference)
    files = list_own_files(actor=public_actor(), at=at, session_id=session_id)
    assert files is not None
    assert ([file.filename for file in files.files], files.downloads_left) == (
        ["about-you.pdf"],
        MAX_DOWNLOADS,
    )
    for _number in range(MAX_DOWNLOADS):
        with open_own_file(actor=public_actor(), at=at, session_id=session_id).file as file:
            assert file.read() == PDF
    with pytest.raises(NotFound):
        open_own_file(actor=public_actor(), at=at, session_id=session_id)
    assert list_own_files(actor=public_actor(), at=at, session_id=session_id) is None
    assert AuditEntry.objects.filter(act="request.downloaded", ref=reference).count() == (
        MAX_DOWNLOADS
    )
    assert Continuity.objects.filter(verb="copied").count() == MAX_DOWNLOADS
    detail = get_request(actor=signed_in(cast.DEV), at=at, reference=reference)
    assert [entry.act for entry in detail.entries].count("downloaded") == MAX_DOWNLOADS
    assert (detail.deliveries[0].has_link, detail.deliveries[0].downloads) == (False, MAX_DOWNLOADS)


def test_it_ends_after_its_days(at: datetime) -> None:
    reference = answer(at)
    late = at + timedelta(days=31)
    session_id = _sign_in(late, reference)
    with pytest.raises(NotFound):
        open_own_file(actor=public_actor(), at=late, session_id=session_id)


def test_no_file_without_a_session_of_the_request(at: datetime) -> None:
    answer(at)
    other = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference
    session_id = _sign_in(at, other)
    for wrong_id in (session_id, new_id()):
        with pytest.raises(NotFound):
            open_own_file(actor=public_actor(), at=at, session_id=wrong_id)


def test_a_link_goes_out_once_the_address_is_confirmed(at: datetime) -> None:
    reference = answer(at)
    session_id = _sign_in(at, reference)
    secret = send_answer(actor=signed_in(cast.DEV), at=at, reference=reference)
    with open_delivery(actor=public_actor(), at=at, secret=secret).file as file:
        assert file.read() == PDF
    # The page counts the same downloads.
    files = list_own_files(actor=public_actor(), at=at, session_id=session_id)
    assert files is not None
    assert files.downloads_left == MAX_DOWNLOADS - 1


def test_the_pages(client: Client, run_jobs: Callable[[], int]) -> None:
    at = now()
    reference = answer(at)
    typed = {"reference": reference, "name": "Grace Holloway", "detail": "3 4 1980"}
    assert client.post("/requests/track/download/")["location"] == "/requests/track/mine/"
    client.post("/requests/track/", typed)
    run_jobs()
    client.post("/requests/track/code/", {"code": "012345"})
    page = client.get("/requests/track/mine/")
    assert page["cache-control"] == "no-store"
    assert "about-you.pdf" in page.text
    assert "Downloads left: 5" in page.text
    files = Delivery.objects.get().request.files.get()
    response = client.post("/requests/track/download/", {"file": str(files.item_id)})
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert "Downloads left: 4" in client.get("/requests/track/mine/").text
    bad = client.post("/requests/track/download/", {"file": "elephant"})
    assert bad["location"] == "/requests/track/mine/"


def test_the_desk_sees_which(at: datetime) -> None:
    desk = f"/desk/requests/{answer(at)}/"
    page = browser(cast.DEV).get(f"{desk}?done=sent").text
    assert "Sent without a link" in page
    assert "Email sent without a link" in page
    assert "have not confirmed their email address" in page
    confirm_everybody()
    assert browser(cast.DEV).post(f"{desk}send").status_code == 302
    page = browser(cast.DEV).get(f"{desk}?done=sent").text
    assert "Sent. The link works for 30 days" in page
    assert "Link sent" in page
    assert "have not confirmed" not in page


def _sign_in(at: datetime, reference: str) -> UUID:
    send_code(
        actor=system_actor("01"),
        at=at,
        reference=reference,
        facts=hash_typed_facts(name="Grace Holloway", detail="3 4 1980"),
        browser_hash=hash_browser_secret(BROWSER),
    )
    return open_session(
        actor=public_actor(), at=at, reference=reference, code="012345", browser_secret=BROWSER
    )
