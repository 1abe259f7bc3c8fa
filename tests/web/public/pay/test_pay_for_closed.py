"""Nobody is asked to pay for a request that was refused, and the page says why."""

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.models import PaymentAttempt
from bluelamp.services.requests.commands import refuse_request
from tests.cast import signed_in
from tests.foundation.payments.paying import PayService, ask, confirm_fee, pay, start
from tests.services.requests.making import COLLISION, make, payment_of

pytestmark = pytest.mark.django_db


def refuse_under_way(pay_service: PayService) -> PaymentDetail:
    """Refuse a request whose fee somebody has begun to pay."""
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    request = make(now(), "COLLISION_REPORT", COLLISION)
    payment = payment_of(request)
    start(payment, pay_service)
    refuse_request(
        actor=signed_in(cast.DEV), at=now(), reference=request.reference, reason="Not our road"
    )
    return payment


def test_it_works(client: Client, pay_service: PayService) -> None:
    payment = refuse_under_way(pay_service)
    url = reverse("pay", kwargs={"token": payment.token})
    page = client.get(url).text
    assert "We cannot give you what you asked for" in page
    assert "you do not have to pay" in page
    assert "Pay and continue" not in page


def test_the_button_of_an_old_page_takes_no_money(client: Client, pay_service: PayService) -> None:
    payment = refuse_under_way(pay_service)
    url = reverse("pay", kwargs={"token": payment.token})
    response = client.post(url)
    assert (response.status_code, response["location"]) == (302, url)
    assert PaymentAttempt.objects.count() == 1


def test_whoever_paid_is_told_of_the_refund(client: Client, pay_service: PayService) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    request = make(now(), "COLLISION_REPORT", COLLISION)
    payment = pay(payment_of(request), pay_service)
    refuse_request(
        actor=signed_in(cast.DEV), at=now(), reference=request.reference, reason="Not our road"
    )
    page = client.get(reverse("pay", kwargs={"token": payment.token})).text
    assert "We cannot give you what you asked for" in page


def test_what_is_open_is_paid_as_ever(client: Client, pay_service: PayService) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    for payment in (payment_of(make(now(), "COLLISION_REPORT", COLLISION)), ask(at=now())):
        page = client.get(reverse("pay", kwargs={"token": payment.token})).text
        assert "Pay and continue" in page
