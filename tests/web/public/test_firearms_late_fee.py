"""A fee that is paid after an application was refused is asked back."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.payments.lookups.details import to_payment_detail
from bluelamp.foundation.payments.models import Payment, Refund
from bluelamp.services.firearms.models import Application
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import connect_pay_service, pay
from tests.web.public.test_firearms import apply_and_open, question_sets

pytestmark = pytest.mark.django_db
__all__ = ["question_sets"]


@pytest.fixture
def applicant(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of somebody who applied, with an open session and a fee to pay."""
    return apply_and_open(client, monkeypatch)


def test_it_works(
    applicant: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    service = connect_pay_service(settings, monkeypatch)
    service.at = now()
    with direct_writes():
        Application.objects.update(stage="refused")
    pay(to_payment_detail(Payment.objects.get()), service)
    run_jobs()
    assert Payment.objects.get().state == "paid"
    assert Refund.objects.get().amount_pence == 9000


def test_no_fee_is_asked_of_a_refused_application(applicant: Client) -> None:
    with direct_writes():
        Application.objects.update(stage="refused")
    answer = applicant.post("/firearms/my/pay/")
    assert answer["location"] == "/firearms/my/application/?fee=unknown"
