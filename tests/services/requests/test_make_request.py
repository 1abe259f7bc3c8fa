"""Somebody asks for information, and pays for it where it costs something."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.models import Message
from bluelamp.services.requests.commands import make_request, start_paid_request
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.lookups import get_sent_request
from bluelamp.services.requests.models import InformationRequest
from tests.cast import INSTALLER, START
from tests.foundation.payments.paying import confirm_fee, connect_pay_service, pay
from tests.services.requests.making import (
    CLARES_LAW,
    COLLISION,
    SUBJECT_ACCESS,
    make,
    payment_of,
    start,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pay_service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The stand-in for GOV.UK Pay."""
    return connect_pay_service(settings, monkeypatch)


def test_it_works(at: datetime, pay_service: Any, run_jobs: Callable[[], int]) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    request = make(at, "COLLISION_REPORT", COLLISION)
    assert (request.reference, request.state) == ("RQ-26-000001", "awaiting-payment")
    payment = payment_of(request)
    assert payment.total_pence == 20796
    pay(payment, pay_service)
    run_jobs()
    request = get_sent_request(actor=public_actor(), at=at, request_id=request.id)
    assert (request.state, payment_of(request).state) == ("open", "paid")
    row = InformationRequest.objects.get()
    assert row.answers["happened_on"] == "2026-02-02"
    assert row.answers["registration"] == "AB12CDE"
    assert list(row.entries.order_by("at").values_list("act", flat=True)) == ["made", "paid"]
    assert Message.objects.filter(template="request-received").count() == 1


def test_sent_twice_is_one_request(at: datetime) -> None:
    confirm_fee("COLLISION_REPORT", 17330)
    first = make(at, "COLLISION_REPORT", COLLISION)
    again = make_request(
        actor=public_actor(), at=at, draft_id=first.id, secret="", return_path="/requests/sent/"
    )
    assert again == first.id
    assert InformationRequest.objects.count() == 1


def test_a_free_request_is_open_at_once_with_a_month_to_answer(at: datetime) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    assert (request.state, request.payment) == ("open", None)
    # Friday 3 April 2026 is Good Friday, and Monday the 6th Easter Monday.
    assert request.answer_due_on == date(2026, 4, 7)


def test_nobody_gets_a_message_about_clares_law(at: datetime, run_jobs: Callable[[], int]) -> None:
    request = make(at, "DISCLOSURE_SCHEME", CLARES_LAW)
    run_jobs()
    assert (request.is_soft, request.email, request.state) == (True, "", "open")
    assert request.answer_due_on == date(2026, 3, 31)
    assert not Message.objects.exists()


def test_a_fee_that_nobody_confirmed_cannot_be_charged(at: datetime) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)
    with pytest.raises(Refused) as refusal:
        make(at, "COLLISION_REPORT", COLLISION)
    assert refusal.value.field == "fee"
    assert not InformationRequest.objects.exists()


def test_missing_answers_make_no_request(at: datetime) -> None:
    with pytest.raises(Refused):
        make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS | {"name": ""})
    assert not InformationRequest.objects.exists()


def test_a_form_is_sent_only_with_its_secret(at: datetime) -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)
    draft_id, _secret = start(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    with pytest.raises(NotFound):
        make_request(
            actor=public_actor(), at=at, draft_id=draft_id, secret="x", return_path="/requests/"
        )


def test_nothing_opens_a_request_that_is_not_paid(at: datetime) -> None:
    confirm_fee("COLLISION_REPORT", 17330)
    request = make(at, "COLLISION_REPORT", COLLISION)
    with pytest.raises(Refused):
        start_paid_request(actor=system_actor("01"), at=at, request_id=request.id)
    assert InformationRequest.objects.get().state == "awaiting-payment"
