"""Nothing is granted or issued for which we do not keep the fee, whatever happened to it before."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.payments.commands import (
    approve_refund,
    decline_refund,
    record_repayment,
    request_refund,
    waive_payment,
)
from bluelamp.foundation.payments.models import Payment, Refund
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.models import Application, Decision
from tests.cast import signed_in
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, ike, nell
from tests.services.firearms.paid import pay_for, request_fee, take_cash

pytestmark = pytest.mark.django_db
ANSWERS: dict[str, Any] = {
    **licensing.ANSWERS,
    "app_firearm": "grant",
    "app_shotgun": "grant",
    "coterminous": "yes",
}
LATER = AT + timedelta(days=10)


@pytest.fixture(autouse=True)
def _authority(reference: None) -> None:
    licensing.give_authority()


def recommended(**changes: Any) -> tuple[str, Application]:
    """Return an application that waits for its decision, and its reference."""
    reference = licensing.receive(answers=ANSWERS)
    licensing.check(reference)
    licensing.recommend(reference, **changes)
    return reference, licensing.get(reference)


def give_back(payment_id: Any, amount_pence: int | None = None) -> None:
    """Give a payment that was made in cash back, or a part of it."""
    refund = request_refund(
        actor=ike(), at=AT, payment_id=payment_id, reason="Paid twice", amount_pence=amount_pence
    )
    approve_refund(actor=nell_of_finance(), at=AT, refund_id=refund.id)
    record_repayment(actor=ike(), at=AT, refund_id=refund.id, repaid_reference="T 9")


def nell_of_finance() -> Any:
    """Return somebody who approves refunds."""
    return signed_in(cast.JOY)


def refuse(reference: str) -> Decision:
    """Refuse an application."""
    licensing.decide(reference, decision="refuse", grounds=("27-danger", "28-danger"))
    return Decision.objects.get(application__reference=reference)


def win_appeal(decision: Decision) -> None:
    """Have the court allow an appeal, which another person confirms."""
    commands.record_appeal(
        actor=nell(),
        at=LATER,
        decision_id=decision.id,
        lodged_on=date(2026, 3, 10),
        court="Inner London Crown Court",
        court_reference="A 1",
    )
    commands.record_appeal_result(
        actor=nell(), at=LATER, decision_id=decision.id, result="allowed", ended_on=LATER.date()
    )
    commands.confirm_appeal_result(actor=ike(), at=LATER, decision_id=decision.id)


def issue(reference: str) -> tuple[str, ...]:
    return commands.issue_certificates(actor=nell(), at=LATER, reference=reference)


def test_it_works() -> None:
    """Paid, granted and issued; without the fee neither."""
    reference, application = recommended()
    with pytest.raises(Conflict, match="fee"):
        licensing.decide(reference)
    pay_for(application)
    licensing.decide(reference)
    assert len(issue(reference)) == 2


@pytest.mark.parametrize("amount_pence", [None, 1])
def test_a_fee_that_was_given_back_is_not_paid(amount_pence: int | None) -> None:
    reference, application = recommended()
    give_back(pay_for(application), amount_pence)
    with pytest.raises(Conflict, match="fee"):
        licensing.decide(reference)


def test_a_refund_that_waits_holds_the_grant_up() -> None:
    """Approved after the grant, it would leave a certificate that nobody paid for."""
    reference, application = recommended()
    payment_id = pay_for(application)
    refund = request_refund(actor=ike(), at=AT, payment_id=payment_id, reason="Paid twice")
    with pytest.raises(Conflict, match="fee"):
        licensing.decide(reference)
    decline_refund(actor=nell_of_finance(), at=AT, refund_id=refund.id, note="Not paid twice")
    licensing.decide(reference)


def test_money_given_back_after_the_grant_holds_the_certificate_up() -> None:
    reference, application = recommended()
    payment_id = pay_for(application)
    licensing.decide(reference)
    give_back(payment_id)
    with pytest.raises(Conflict, match="fee"):
        issue(reference)
    assert licensing.get(reference).stage == "granted"


def test_a_part_that_is_granted_costs_its_own_fee() -> None:
    """What was paid for the certificate that is refused can go back."""
    confirm_fee("SGC_GRANT", 19_400)
    reference, application = recommended()
    payment_id = pay_for(application)
    licensing.decide(
        reference,
        decision="partial-grant",
        granted_kinds=("shotgun",),
        grounds=("27-no-reason",),
    )
    give_back(payment_id, 20_200 - 19_400)
    assert len(issue(reference)) == 1


def test_an_appeal_won_after_the_refund_asks_for_the_fee_again(
    run_jobs: Callable[[], int],
) -> None:
    reference, application = recommended()
    pay_for(application)
    decision = refuse(reference)
    refund = Refund.objects.get()
    approve_refund(actor=nell_of_finance(), at=AT, refund_id=refund.id)
    record_repayment(actor=ike(), at=AT, refund_id=refund.id, repaid_reference="T 9")
    win_appeal(decision)
    first, again = Payment.objects.order_by("requested_at", "id")
    assert (first.state, again.state) == ("paid", "due")
    assert again.total_pence == first.total_pence
    assert licensing.get(reference).payment_id == again.id
    run_jobs()
    assert Message.objects.filter(reference=reference).exists()
    with pytest.raises(Conflict, match="fee"):
        issue(reference)
    commands_take_cash(again)
    assert issue(reference)


def test_a_refund_that_is_approved_after_the_appeal_asks_again_too(
    run_jobs: Callable[[], int],
) -> None:
    reference, application = recommended()
    pay_for(application)
    decision = refuse(reference)
    win_appeal(decision)
    # The refund still waits, so nothing is asked for, and nothing is issued.
    assert Payment.objects.count() == 1
    with pytest.raises(Conflict, match="fee"):
        issue(reference)
    refund = Refund.objects.get()
    approve_refund(actor=nell_of_finance(), at=LATER, refund_id=refund.id)
    record_repayment(actor=ike(), at=LATER, refund_id=refund.id, repaid_reference="T 9")
    run_jobs()
    assert Payment.objects.filter(state="due").count() == 1


def test_a_court_can_direct_that_no_fee_is_paid() -> None:
    """Somebody says so with the reason, and another person issues."""
    reference, application = recommended()
    pay_for(application)
    decision = refuse(reference)
    refund = Refund.objects.get()
    approve_refund(actor=nell_of_finance(), at=AT, refund_id=refund.id)
    win_appeal(decision)
    waived_by = nell()
    again = Payment.objects.get(state="due")
    waiver = {"ground": "court_direction", "note": "Order of 13 March, paragraph 4"}
    waive_payment(actor=waiver_actor(waived_by), at=LATER, payment_id=again.id, **waiver)
    with pytest.raises(Conflict, match="Another person"):
        issue(reference)
    other = with_permission(ike(), "firearms.issue")
    assert commands.issue_certificates(actor=other, at=LATER, reference=reference)


def waiver_actor(actor: Any) -> Any:
    return with_permission(actor, "payment.waive")


def with_permission(actor: Any, permission: str) -> Any:
    """Return somebody with one permission more, as a force may give it."""
    from dataclasses import replace

    return replace(actor, permissions=actor.permissions | {permission})


def commands_take_cash(payment: Payment) -> None:
    from bluelamp.foundation.payments.lookups.details import to_payment_detail

    take_cash(to_payment_detail(payment))


def test_a_fee_is_asked_for_once_it_is_confirmed(run_jobs: Callable[[], int]) -> None:
    """An application comes in while nobody knows the amount: nothing is granted, and asked then."""
    reference, application = recommended()
    assert application.payment_id is None
    with pytest.raises(Conflict, match="fee"):
        licensing.decide(reference)
    confirm_fee("COT_GRANT_GRANT", 20_200)
    run_jobs()
    payment = Payment.objects.get()
    assert (payment.payable_reference, payment.total_pence) == (reference, 20_200)
    assert licensing.get(reference).payment_id == payment.id
    assert Message.objects.filter(reference=reference).exists()
    run_jobs()
    assert Payment.objects.count() == 1


def test_closed_and_exempt_applications_are_asked_for_nothing(
    run_jobs: Callable[[], int],
) -> None:
    exempt = licensing.receive(answers=ANSWERS, exemption="earlier-system")
    withdrawn = licensing.receive(answers=ANSWERS)
    commands.withdraw_application(
        actor=ike(), at=LATER, reference=withdrawn, reason="By phone on 4 March"
    )
    confirm_fee("COT_GRANT_GRANT", 20_200)
    run_jobs()
    assert not Payment.objects.exists()
    licensing.check(exempt)
    licensing.recommend(exempt)
    licensing.decide(exempt)
    assert issue(exempt)


def test_a_fee_that_is_due_ends_with_the_refusal() -> None:
    reference, application = recommended()
    request_fee(application)
    refuse(reference)
    assert Payment.objects.get().state == "withdrawn"
