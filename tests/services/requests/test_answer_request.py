"""Staff answer a request or refuse it, and a link delivers the file until it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.payments.models import Refund
from bluelamp.records.evidence.models import Continuity, Item
from bluelamp.services.requests.commands import (
    add_file,
    open_delivery,
    refuse_request,
    send_answer,
    take_on_request,
)
from bluelamp.services.requests.lookups import get_request, list_requests
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import MAX_DOWNLOADS
from tests.cast import signed_in
from tests.confirmed_addresses import confirm_everybody
from tests.foundation.payments.paying import confirm_fee, connect_pay_service, pay
from tests.services.requests.making import (
    CLARES_LAW,
    COLLISION,
    SUBJECT_ACCESS,
    make,
    payment_of,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n% a report with names taken out\n"


@pytest.fixture
def dev() -> Actor:
    """Dev, who answers requests."""
    return signed_in(cast.DEV)


def answer(dev: Actor, at: datetime, reference: str) -> str:
    """Add a file to a request and send it to a confirmed address; return the link's secret."""
    confirm_everybody()
    add_file(
        actor=dev,
        at=at,
        reference=reference,
        filename="report.pdf",
        source=BytesIO(PDF),
        media_type="application/pdf",
        redaction_note="Names and addresses of witnesses",
    )
    return send_answer(actor=dev, at=at, reference=reference)


def download(at: datetime, secret: str) -> bytes:
    """Download what a link delivers."""
    with open_delivery(actor=public_actor(), at=at, secret=secret).file as file:
        return file.read()


def test_it_works(at: datetime, dev: Actor, run_jobs: Callable[[], int]) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    assert [row.reference for row in list_requests(actor=dev, at=at).rows] == [request.reference]
    take_on_request(actor=dev, at=at, reference=request.reference)
    secret = answer(dev, at, request.reference)
    assert download(at, secret) == PDF
    detail = get_request(actor=dev, at=at, reference=request.reference)
    assert (detail.state, detail.owner) == ("delivered", dev.name)
    assert detail.deliveries[0].downloads == 1
    assert [entry.act for entry in detail.entries] == [
        "made",
        "taken-on",
        "file-added",
        "sent",
        "downloaded",
    ]
    # The item is the copy: it is on record with who got it.
    item = Item.objects.get()
    verbs = Continuity.objects.filter(item=item).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["received", "sealed", "copied"]
    assert AuditEntry.objects.filter(act="request.downloaded").count() == 1
    # The secret is nowhere in the clear.
    message = Message.objects.get(template="request-ready")
    assert secret not in str(message.personalisation)


def test_a_link_ends_after_its_downloads_and_its_days(at: datetime, dev: Actor) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    secret = answer(dev, at, request.reference)
    for _number in range(MAX_DOWNLOADS):
        download(at, secret)
    with pytest.raises(NotFound):
        download(at, secret)
    again = send_answer(actor=dev, at=at, reference=request.reference)
    download(at + timedelta(days=30), again)
    with pytest.raises(NotFound):
        download(at + timedelta(days=31), again)


def test_a_new_link_ends_the_one_before(at: datetime, dev: Actor) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    secret = answer(dev, at, request.reference)
    send_answer(actor=dev, at=at, reference=request.reference)
    with pytest.raises(NotFound):
        download(at, secret)


def test_a_file_says_what_was_taken_out(at: datetime, dev: Actor) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    with pytest.raises(Refused) as refusal:
        add_file(
            actor=dev,
            at=at,
            reference=request.reference,
            filename="",
            source=None,
            media_type="",
            redaction_note=" ",
        )
    assert set(refusal.value.errors) == {"file", "redaction"}
    with pytest.raises(Refused):
        send_answer(actor=dev, at=at, reference=request.reference)


def test_a_refusal_has_a_reason_and_asks_for_the_refund(
    at: datetime,
    dev: Actor,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    service = connect_pay_service(settings, monkeypatch)
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    request = make(at, "COLLISION_REPORT", COLLISION)
    pay(payment_of(request), service)
    run_jobs()
    with pytest.raises(Refused) as refusal:
        refuse_request(actor=dev, at=at, reference=request.reference, reason="")
    assert refusal.value.field == "reason"
    reason = "No officer attended, so there is no report"
    refuse_request(actor=dev, at=at, reference=request.reference, reason=reason)
    refund = Refund.objects.get()
    assert (refund.amount_pence, refund.state) == (20796, "requested")
    assert InformationRequest.objects.get().refusal_reason == reason
    # Somebody else may read the e-mail: the reason is on the page that a code opens.
    assert reason not in str(Message.objects.get(template="request-refused").personalisation)
    with pytest.raises(Refused):
        refuse_request(actor=dev, at=at, reference=request.reference, reason=reason)


def test_a_request_that_is_not_paid_is_not_answered(at: datetime, dev: Actor) -> None:
    confirm_fee("COLLISION_REPORT", 17330)
    request = make(at, "COLLISION_REPORT", COLLISION)
    with pytest.raises(Refused):
        take_on_request(actor=dev, at=at, reference=request.reference)
    with pytest.raises(Refused):
        send_answer(actor=dev, at=at, reference=request.reference)


def test_clares_law_is_answered_in_person(at: datetime, dev: Actor) -> None:
    request = make(at, "DISCLOSURE_SCHEME", CLARES_LAW)
    assert list_requests(actor=dev, at=at).rows[0].name == ""
    send_answer(actor=dev, at=at, reference=request.reference)
    row = InformationRequest.objects.get()
    assert (row.state, row.deliveries.count()) == ("delivered", 0)
    assert not Message.objects.exists()


def test_others_get_nothing(at: datetime, ada: Actor, femi: Actor) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    with pytest.raises(NotPermitted):
        get_request(actor=ada, at=at, reference=request.reference)
    outsider = replace(signed_in(cast.DEV), force=femi.force)
    with pytest.raises(NotFound):
        get_request(actor=outsider, at=at, reference=request.reference)
