"""The price of a request that is charged by the page: said by staff, accepted and paid, or not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications import code_rows
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.payments.commands import NewFee, set_fee
from bluelamp.foundation.payments.models import Payment, Refund
from bluelamp.foundation.payments.rules import Charge
from bluelamp.services.requests import commands
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.lookups import OwnRequest, get_own_request, get_request
from tests.cast import signed_in
from tests.confirmed_addresses import confirm_everybody
from tests.foundation.payments.paying import (
    PayService,
    confirm_fee,
    connect_pay_service,
    refresh,
    start,
)
from tests.services.requests.making import COLLISION, make, payment_of

pytestmark = pytest.mark.django_db

PAGES = [Charge("COLLISION_ROUGH_DATA_PAGE", 4)]
# Four pages for £35.20 each, and 20 per cent VAT.
PRICE = 4 * 3520 * 120 // 100
NOTE = "The crash data recorder of your own car."
MINE = "/requests/track/mine/"


@pytest.fixture(autouse=True)
def digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes that a test knows."""
    monkeypatch.setattr(code_rows, "make_digits", lambda: "012345")


@pytest.fixture
def pay_service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> PayService:
    """A stand-in, and fees that can be charged."""
    service = connect_pay_service(settings, monkeypatch)
    confirm_fee("COLLISION_ROUGH_DATA_PAGE", 3520, vat_percent=20)
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    confirm_fee("COLLISION_EXTRA_PAGE", 550, vat_percent=20)
    return service


def quote(at: datetime, reference: str, charges: Sequence[Charge] = PAGES, note: str = "") -> None:
    commands.quote_request(
        actor=signed_in(cast.DEV), at=at, reference=reference, charges=charges, note=note
    )


def open_own(at: datetime, reference: str) -> UUID:
    """Open a request with a code, as whoever made it."""
    confirm_everybody()
    commands.send_code(actor=system_actor("01"), at=at, reference=reference)
    return commands.open_session(actor=public_actor(), at=at, reference=reference, code="012345")


def accept(at: datetime, session_id: UUID, number: int = 1) -> None:
    commands.accept_quote(
        actor=public_actor(), at=at, session_id=session_id, number=number, return_path=MINE
    )


def own_request(at: datetime, session_id: UUID) -> OwnRequest:
    return get_own_request(actor=public_actor(), at=at, session_id=session_id)


def pay(request: OwnRequest, service: PayService, run_jobs: Callable[[], int]) -> None:
    service.visit(start(payment_of(request), service))
    refresh(payment_of(request), service)
    run_jobs()


def test_it_works(at: datetime, pay_service: PayService, run_jobs: Callable[[], int]) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    assert request.state == "awaiting-quote"
    assert not Payment.objects.exists()
    quote(at, request.reference, note=NOTE)
    message = Message.objects.get(template="request-quoted")
    # Somebody else may read it: it says neither what was asked for nor what it costs.
    assert set(message.personalisation) == {"reference", "force", "link"}
    session_id = open_own(at, request.reference)
    own = own_request(at, session_id)
    assert own.state == "quoted"
    assert own.quote is not None
    assert (own.quote.total_pence, own.quote.note) == (PRICE, NOTE)
    # Nothing is due before it is accepted.
    assert not Payment.objects.exists()
    accept(at, session_id)
    own = own_request(at, session_id)
    assert payment_of(own).total_pence == PRICE
    pay(own, pay_service, run_jobs)
    assert own_request(at, session_id).state == "open"
    assert own_request(at, session_id).paid_pence == PRICE
    detail = get_request(actor=signed_in(cast.DEV), at=at, reference=request.reference)
    acts = [entry.act for entry in detail.entries]
    assert acts == ["made", "quoted", "quote-accepted", "paid"]


def test_accepted_in_two_tabs_it_is_one_payment(at: datetime, pay_service: PayService) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    quote(at, request.reference)
    session_id = open_own(at, request.reference)
    accept(at, session_id)
    accept(at, session_id)
    assert Payment.objects.count() == 1
    # In the other tab, somebody presses the other button.
    with pytest.raises(Refused, match="cannot withdraw"):
        commands.withdraw_request(actor=public_actor(), at=at, session_id=session_id)


def test_a_price_that_was_replaced_cannot_be_accepted(
    at: datetime, pay_service: PayService
) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    quote(at, request.reference)
    session_id = open_own(at, request.reference)
    quote(at, request.reference, [Charge("COLLISION_ROUGH_DATA_PAGE", 40)])
    for number in (0, 1, 3):
        with pytest.raises(Refused, match="price has changed"):
            accept(at, session_id, number)
    assert not Payment.objects.exists()
    accept(at, session_id, 2)
    assert Payment.objects.get().total_pence == 10 * PRICE


def test_what_was_said_holds_when_the_fee_rises(at: datetime, pay_service: PayService) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    quote(at, request.reference)
    rise = NewFee(
        code="COLLISION_ROUGH_DATA_PAGE",
        net_pence=9900,
        vat_percent=20,
        valid_from=london_date(at) + timedelta(days=1),
        valid_until=None,
        source="Invented for the tests",
    )
    set_fee(actor=signed_in(cast.JOY), at=at, fee=rise)
    later = at + timedelta(days=3)
    accept(later, open_own(later, request.reference))
    assert Payment.objects.get().total_pence == PRICE


def test_a_fee_that_was_wrong_that_day_must_be_said_again(
    at: datetime, pay_service: PayService
) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    quote(at, request.reference)
    confirm_fee("COLLISION_ROUGH_DATA_PAGE", 3600, vat_percent=20)
    session_id = open_own(at, request.reference)
    with pytest.raises(Refused, match="price has changed"):
        accept(at, session_id)
    assert not Payment.objects.exists()
    assert own_request(at, session_id).state == "quoted"


def test_more_pages_than_the_fee_covers(
    at: datetime, pay_service: PayService, run_jobs: Callable[[], int]
) -> None:
    request = make(at, "COLLISION_REPORT", COLLISION)
    pay(request, pay_service, run_jobs)
    quote(at, request.reference, [Charge("COLLISION_EXTRA_PAGE", 12)])
    session_id = open_own(at, request.reference)
    own = own_request(at, session_id)
    assert (own.state, own.paid_pence) == ("quoted", 20796)
    accept(at, session_id)
    # The event of the first payment again: it says nothing of the second.
    commands.start_paid_request(actor=system_actor("01"), at=at, request_id=request.id)
    assert own_request(at, session_id).state == "awaiting-payment"
    pay(own_request(at, session_id), pay_service, run_jobs)
    own = own_request(at, session_id)
    assert (own.state, own.paid_pence) == ("open", 20796 + 7920)


def test_withdrawn_it_costs_nothing(
    at: datetime, pay_service: PayService, run_jobs: Callable[[], int]
) -> None:
    request = make(at, "COLLISION_REPORT", COLLISION)
    pay(request, pay_service, run_jobs)
    quote(at, request.reference, [Charge("COLLISION_EXTRA_PAGE", 12)])
    session_id = open_own(at, request.reference)
    for _time in range(2):
        commands.withdraw_request(actor=public_actor(), at=at, session_id=session_id)
    refund = Refund.objects.get()
    # Another person approves it, as of any payment.
    assert (refund.amount_pence, refund.state) == (20796, "requested")
    assert own_request(at, session_id).state == "withdrawn"
    with pytest.raises(Refused):
        accept(at, session_id)
    with pytest.raises(Refused):
        quote(at, request.reference, [Charge("COLLISION_EXTRA_PAGE", 1)])


def test_nothing_is_sent_before_it_is_paid(at: datetime, pay_service: PayService) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    for _time in range(2):
        with pytest.raises(Refused, match="not paid"):
            commands.send_answer(actor=signed_in(cast.DEV), at=at, reference=request.reference)
        quote(at, request.reference)


@pytest.mark.parametrize(
    ("charges", "message"),
    [
        ([], "how many"),
        ([Charge("COLLISION_ROUGH_DATA_PAGE", 0)], "how many"),
        ([Charge("COLLISION_ROUGH_DATA_PAGE", 1000)], "999"),
        # A fee of somebody else's, which is cheaper.
        ([Charge("FAC_REPLACEMENT", 1)], "no fee"),
    ],
)
def test_what_is_no_price(
    at: datetime, pay_service: PayService, charges: list[Charge], message: str
) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    with pytest.raises(Refused) as refused:
        quote(at, request.reference, charges)
    assert message in str(refused.value.errors)
    assert not Message.objects.filter(template="request-quoted").exists()


def test_a_fee_that_nobody_confirmed_is_no_price(at: datetime, pay_service: PayService) -> None:
    confirm_fee("COLLISION_PRINTED_PHOTO", 3478, vat_percent=20)
    request = make(at, "COLLISION_PRINTED_PHOTO", COLLISION)
    with pytest.raises(Refused, match="confirmed"):
        quote(at, request.reference, [Charge("COLLISION_FURTHER_PHOTO", 2)])


def test_what_costs_nothing_has_no_price_to_accept(
    at: datetime, pay_service: PayService, run_jobs: Callable[[], int]
) -> None:
    request = make(at, "COLLISION_REPORT", COLLISION)
    pay(request, pay_service, run_jobs)
    confirm_fee("COLLISION_EXTRA_PAGE", 0)
    with pytest.raises(Refused, match="costs nothing"):
        quote(at, request.reference, [Charge("COLLISION_EXTRA_PAGE", 3)])


def test_a_service_of_one_price_has_no_other(at: datetime, pay_service: PayService) -> None:
    request = make(at, "COLLISION_REPORT", COLLISION)
    # Not its own fee a second time, and nothing while the first is not paid.
    for charge in (Charge("COLLISION_REPORT"), Charge("COLLISION_EXTRA_PAGE")):
        with pytest.raises(Refused):
            quote(at, request.reference, [charge])


def test_another_force_sees_nothing(at: datetime, pay_service: PayService) -> None:
    request = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION)
    with pytest.raises(NotFound):
        commands.quote_request(
            actor=replace(signed_in(cast.DEV), force="42"),
            at=at,
            reference=request.reference,
            charges=PAGES,
        )
