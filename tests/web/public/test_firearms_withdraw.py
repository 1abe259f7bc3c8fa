"""Withdrawing an application from My licences, after the page has said what follows."""

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
FOLLOW, WITHDRAW = "/firearms/my/application/", "/firearms/my/withdraw/"


@pytest.fixture
def applicant(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The browser of somebody who applied, with an open session and a fee to pay."""
    return apply_and_open(client, monkeypatch)


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_it_works(applicant: Client) -> None:
    assert WITHDRAW in read(applicant, FOLLOW)
    page = read(applicant, WITHDRAW)
    assert "you do not have to pay the fee" in page
    assert "we refund what you paid" not in page
    assert Application.objects.get().stage == "incomplete"
    answer = applicant.post(WITHDRAW)
    assert Application.objects.get().stage == "withdrawn"
    page = read(applicant, answer["location"])
    assert "You have withdrawn your application" in page
    assert "Pay the fee" not in page
    assert WITHDRAW not in page
    assert Payment.objects.get().state == "withdrawn"


def test_what_was_paid_is_asked_back(
    applicant: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Callable[[], int],
) -> None:
    service = connect_pay_service(settings, monkeypatch)
    service.at = now()
    pay(to_payment_detail(Payment.objects.get()), service)
    run_jobs()
    assert "we refund what you paid" in read(applicant, WITHDRAW)
    applicant.post(WITHDRAW)
    assert Refund.objects.get().amount_pence == 9000
    assert "is waiting for a second person to approve it" in read(applicant, FOLLOW)


@pytest.mark.parametrize("stage", ["granted", "refused", "issued", "withdrawn"])
def test_nothing_is_withdrawn_that_is_decided(applicant: Client, stage: str) -> None:
    with direct_writes():
        Application.objects.update(stage=stage)
    assert WITHDRAW not in read(applicant, FOLLOW)
    for answer in (applicant.get(WITHDRAW), applicant.post(WITHDRAW)):
        assert answer["location"] == FOLLOW
    assert Application.objects.get().stage == stage
    # Nobody did it, so no address may make the page say so.
    if stage != "withdrawn":
        assert "You have withdrawn" not in read(applicant, f"{FOLLOW}?done=withdrawn")


def test_only_in_an_open_session(client: Client) -> None:
    for answer in (client.get(WITHDRAW), client.post(WITHDRAW)):
        assert answer["location"] == "/firearms/my/?over=1"
