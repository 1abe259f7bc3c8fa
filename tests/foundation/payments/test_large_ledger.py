"""Lists, the daily comparison and the sweep among years of payments: they read indexes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.payments.commands import following, reconciling
from bluelamp.foundation.payments.lookups import PaymentFilter, list_payments, payments_for
from bluelamp.foundation.payments.models import Payment, PaymentAttempt
from tests.acts import within_command
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import AT, PayService, ask, start
from tests.query_plans import analyze, assert_not_read_whole, count_queries

pytestmark = pytest.mark.django_db
COUNT = 4_000


def old_payment(number: int) -> Payment:
    return Payment(
        force="01",
        reference=f"PAY-OLD-{number}",
        payable_kind="tests.thing",
        payable_id=new_id(),
        payable_reference=f"OLD/{number}",
        occasion="fee",
        description="Firearm certificate: grant",
        email=f"payer{number}@example.com",
        return_path="/firearms/",
        net_pence=19400,
        vat_pence=0,
        total_pence=19400,
        state="withdrawn",
        requested_at=AT - timedelta(days=30, hours=number),
        requested_by_name="payments",
        closed_at=AT,
    )


@pytest.fixture
def ledger(db: None) -> None:
    """Years of payments, each with a try at GOV.UK Pay that was cancelled."""
    with direct_writes():
        payments = Payment.objects.bulk_create(old_payment(number) for number in range(COUNT))
        PaymentAttempt.objects.bulk_create(
            PaymentAttempt(
                payment=payment,
                number=1,
                idempotency_key=payment.reference,
                return_url="",
                language="en",
                provider_id=f"provider{number}",
                state="cancelled",
                opened_at=payment.requested_at,
                finished_at=payment.requested_at,
            )
            for number, payment in enumerate(payments)
        )
    analyze("payments_payment", "payments_paymentattempt")


@pytest.mark.parametrize(
    "query", ["payer77@example.com", "old/77", "provider77", "PAY-00000-00011"]
)
def test_it_works(ledger: None, joy: Actor, query: str) -> None:
    """A search by address, by what it is for, by GOV.UK Pay's id, and by our reference."""
    filters = PaymentFilter(query=query)

    def search() -> list[str]:
        page = list_payments(actor=joy, at=AT, filters=filters)
        return [row.payable_reference for row in page.rows]

    assert search() == ([] if query.startswith("PAY") else ["OLD/77"])
    assert_not_read_whole(search, "payments_payment")


def test_the_last_page(ledger: None, joy: Actor) -> None:
    page = list_payments(actor=joy, at=AT, filters=PaymentFilter(), page=99_999)
    assert (page.page, page.total, page.total_pence) == (160, COUNT, COUNT * 19400)
    assert page.rows[-1].payable_reference == f"OLD/{COUNT - 1}"


def test_the_comparison_reads_the_day_alone(ledger: None) -> None:
    start_of_day, end = reconciling._day_limits(AT.date())
    theirs = reconciling.TheirDay()
    assert_not_read_whole(
        lambda: reconciling._read_what_the_lists_lack(theirs, start_of_day, end),
        "payments_paymentattempt",
    )
    assert theirs == reconciling.TheirDay()


def test_the_sweep_reads_what_is_open(ledger: None, pay_service: PayService) -> None:
    pay_service.wait(minutes=10)
    assert_not_read_whole(
        lambda: following.follow_open_payments(at=pay_service.at), "payments_paymentattempt"
    )


def test_the_sweep_begins_with_those_that_were_never_looked_at(
    pay_service: PayService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where more are open than one run takes, none is left out."""
    monkeypatch.setattr(following, "_MOST_AT_ONCE", 1)
    for _ in range(2):
        start(ask(), pay_service)
    with direct_writes():
        PaymentAttempt.objects.update(checked_at=None)
    looked_at: Callable[[], int] = PaymentAttempt.objects.filter(checked_at__isnull=False).count
    for count in (1, 2):
        pay_service.wait(minutes=10)
        following.follow_open_payments(at=pay_service.at)
        assert looked_at() == count


def test_many_payments_of_one_thing_cost_no_more_queries(ledger: None, joy: Actor) -> None:
    thing = new_id()

    def read() -> object:
        with within_command(joy):
            return payments_for(actor=joy, payable_kind="tests.thing", payable_id=thing)

    with direct_writes():
        Payment.objects.filter(reference="PAY-OLD-0").update(payable_id=thing)
    before = count_queries(read)
    with direct_writes():
        for number in range(1, 12):
            Payment.objects.filter(reference=f"PAY-OLD-{number}").update(
                payable_id=thing, occasion=f"fee {number}"
            )
    assert count_queries(read) == before
