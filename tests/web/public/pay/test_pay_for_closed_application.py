"""Nobody is asked to pay for an application that was refused or withdrawn; late money goes back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.payments.commands import approve_refund
from bluelamp.foundation.payments.events import PaymentPaid
from bluelamp.foundation.payments.models import Payment, PaymentAttempt, Refund
from bluelamp.services.firearms.commands.completing import note_payment
from bluelamp.services.firearms.lookups.closed import is_application_closed
from bluelamp.services.firearms.models import Application
from tests.cast import signed_in
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import PayService, refresh, start
from tests.services.firearms.licensing import check, decide, get, give_authority, nell, receive
from tests.services.firearms.licensing import recommend as recommend_decision
from tests.services.firearms.paid import request_fee

pytestmark = pytest.mark.django_db


def refuse(application: Application) -> None:
    """Refuse an application, as two people do."""
    give_authority()
    check(application.reference)
    grounds = ("27-danger",)
    recommend_decision(application.reference, decision="refuse", grounds=grounds, risk="high")
    decide(application.reference, decision="refuse", grounds=grounds, reasons="Two warnings")


def withdraw(application: Application) -> None:
    # There is no command for it yet, so the stage is set in the database.
    with direct_writes():
        Application.objects.filter(id=application.id).update(stage="withdrawn")


@pytest.mark.parametrize("close", [refuse, withdraw])
def test_it_works(
    client: Client, reference: None, pay_service: PayService, close: Callable[[Application], None]
) -> None:
    application = get(receive())
    payment = request_fee(application)
    url = reverse("pay", kwargs={"token": payment.token})
    assert "Pay and continue" in client.get(url).text
    close(application)
    page = client.get(url).text
    assert "Your application is closed" in page
    assert "Pay and continue" not in page
    # The button of a page that was opened before.
    response = client.post(url)
    assert (response.status_code, response["location"]) == (302, url)
    assert not PaymentAttempt.objects.exists()


def test_it_is_said_in_welsh(client: Client, reference: None, pay_service: PayService) -> None:
    application = get(receive())
    payment = request_fee(application)
    withdraw(application)
    assert "Mae eich cais wedi’i gau" in client.get(f"/cy/pay/{payment.token}/").text


@pytest.mark.parametrize("close", [refuse, withdraw])
def test_money_on_its_way_is_asked_back_once(
    reference: None,
    pay_service: PayService,
    run_jobs: Callable[[], int],
    close: Callable[[Application], None],
) -> None:
    application = get(receive())
    payment = request_fee(application)
    next_url = start(payment, pay_service)
    close(application)
    pay_service.visit(next_url)
    refresh(payment, pay_service)
    run_jobs()
    paid = Payment.objects.get()
    assert paid.state == "paid"
    assert Refund.objects.get().amount_pence == 20200
    # Events come at least once.
    assert paid.paid_at is not None
    note_payment(
        PaymentPaid(
            payment_id=paid.id,
            force=paid.force,
            reference=paid.reference,
            payable_kind=paid.payable_kind,
            payable_id=paid.payable_id,
            payable_reference=paid.payable_reference,
            occasion=paid.occasion,
            amount_pence=20200,
            method="online",
            paid_at=paid.paid_at,
        )
    )
    assert Refund.objects.count() == 1


def test_who_refused_cannot_approve_the_refund_of_late_money(
    reference: None, pay_service: PayService, run_jobs: Callable[[], int]
) -> None:
    """The program asks for it, but for the refusal of one person: another one approves."""
    application = get(receive())
    payment = request_fee(application)
    next_url = start(payment, pay_service)
    refuse(application)
    pay_service.visit(next_url)
    refresh(payment, pay_service)
    run_jobs()
    refund = Refund.objects.get()
    assert refund.requested_by_name == nell().name
    with pytest.raises(Refused):
        approve_refund(actor=nell(), at=now(), refund_id=refund.id)
    approve_refund(actor=signed_in(cast.JOY), at=now(), refund_id=refund.id)


def test_what_was_granted_is_still_paid(
    client: Client, reference: None, pay_service: PayService
) -> None:
    """The amount can be confirmed after the decision: then it is owed."""
    application = get(receive())
    give_authority()
    check(application.reference)
    recommend_decision(application.reference)
    decide(application.reference)
    payment = request_fee(application)
    assert "Pay and continue" in client.get(reverse("pay", kwargs={"token": payment.token})).text


def test_only_an_application_of_the_force_is_closed(reference: None) -> None:
    application = get(receive())
    withdraw(application)
    permissions = {"firearms.track"}
    for force, application_id, is_closed in (
        ("01", application.id, True),
        ("02", application.id, False),
        ("01", new_id(), False),
    ):
        actor = Actor.system("pages", force=force, permissions=permissions)
        result = is_application_closed(actor=actor, at=now(), application_id=application_id)
        assert result is is_closed
