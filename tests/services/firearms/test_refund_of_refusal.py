"""Whoever refuses an application cannot approve the refund that follows from it."""

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.payments.commands import approve_refund
from bluelamp.foundation.payments.models import Refund
from bluelamp.services.firearms import commands
from tests.cast import signed_in
from tests.services.firearms.licensing import (
    AT,
    check,
    decide,
    get,
    give_authority,
    ike,
    nell,
    receive,
    recommend,
)
from tests.services.firearms.paid import pay_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid_reference(reference: None) -> str:
    give_authority()
    number = receive()
    pay_for(get(number))
    return number


def test_it_works(paid_reference: str) -> None:
    check(paid_reference, medical="concern")
    recommend(paid_reference, decision="refuse", grounds=("27-danger",), risk="high")
    decide(paid_reference, decision="refuse", grounds=("27-danger",))
    refund = Refund.objects.get()
    with pytest.raises(Refused):
        approve_refund(actor=nell(), at=AT, refund_id=refund.id)
    approve_refund(actor=signed_in(cast.JOY), at=AT, refund_id=refund.id)


def test_nor_whoever_withdraws_it_for_the_applicant(paid_reference: str) -> None:
    commands.withdraw_application(
        actor=ike(), at=AT, reference=paid_reference, reason="They rang us on 3 March"
    )
    refund = Refund.objects.get()
    assert refund.requested_by_id == ike().id
