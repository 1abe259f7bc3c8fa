"""Withdraw an application: its stage, clocks, fee, messages, links and extension."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.payments.models import Payment, Refund
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.commands.referees import add_referee
from bluelamp.services.firearms.models import Certificate, Referee
from tests.acts import within_command
from tests.direct_writes import direct_writes
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, ike
from tests.services.firearms.paid import pay_for, request_fee

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=5)
REASON = "By phone on 8 March, to Ike"


@pytest.fixture(autouse=True)
def _authority(reference: None) -> None:
    licensing.give_authority()


def withdraw(reference: str, reason: str = REASON) -> None:
    commands.withdraw_application(actor=ike(), at=LATER, reference=reference, reason=reason)


def test_it_works(run_jobs: Callable[[], int]) -> None:
    """Withdrawn while it is checked: the queue, the figures and the visits lose it."""
    reference = licensing.receive()
    licensing.check(reference)
    pay_for(licensing.get(reference))
    withdraw(reference)
    application = licensing.get(reference)
    assert (application.stage, application.stage_since) == ("withdrawn", LATER)
    assert application.decided_at is None
    entry = application.stages.latest("began_at")
    assert (entry.stage, entry.note) == ("withdrawn", REASON)
    refund = Refund.objects.get()
    assert (refund.state, refund.amount_pence) == ("requested", 20_200)
    assert "withdrawn" in refund.reason
    rows = lookups.list_queue(actor=ike(), at=LATER, filters=lookups.QueueFilter()).rows
    assert rows == ()
    run_jobs()
    assert Message.objects.filter(reference=reference).count() == 1


def test_a_fee_that_is_due_is_cancelled() -> None:
    reference = licensing.receive()
    request_fee(licensing.get(reference))
    withdraw(reference)
    assert Payment.objects.get().state == "withdrawn"
    assert not Refund.objects.exists()


def test_links_of_referees_end() -> None:
    reference = licensing.receive()
    application = licensing.get(reference)
    with within_command(ike()):
        add_referee(
            application,
            PersonInput(given_name="Ben", family_name="Adeyemi", email="ben@example.org"),
            1,
            actor=ike(),
            at=AT,
        )
    with direct_writes():
        Referee.objects.update(texts={"ref_known": "From work"})
    withdraw(reference)
    referee = Referee.objects.get()
    assert (referee.token_sha256, referee.texts) == ("", {})
    with pytest.raises(Conflict):
        commands.send_referee_link(
            actor=ike(),
            at=LATER,
            reference=reference,
            referee_id=referee.id,
            email="ben@example.org",
        )


def test_a_renewal_that_is_withdrawn_extends_nothing() -> None:
    """Home Office circular 014/2018: a certificate is extended while its renewal is decided."""
    _, (number,) = licensing.grant(certificates="shotgun")
    certificate = Certificate.objects.get(number=number)
    with direct_writes():
        certificate.expires_on = (AT + timedelta(weeks=9)).date()
        certificate.save()
    reference = licensing.receive(kind="renewal", certificates="shotgun")
    certificate.refresh_from_db()
    assert certificate.extended_until is not None
    withdraw(reference)
    certificate.refresh_from_db()
    assert certificate.extended_until is None


def test_a_renewal_that_is_refused_extends_nothing_either() -> None:
    _, (number,) = licensing.grant(certificates="shotgun")
    certificate = Certificate.objects.get(number=number)
    with direct_writes():
        certificate.expires_on = (AT + timedelta(weeks=9)).date()
        certificate.save()
    reference = licensing.receive(kind="renewal", certificates="shotgun")
    licensing.check(reference)
    licensing.recommend(reference, decision="refuse", grounds=("28-danger",))
    licensing.decide(reference, decision="refuse", grounds=("28-danger",))
    certificate.refresh_from_db()
    assert certificate.extended_until is None


def test_what_is_decided_stays() -> None:
    reference, _numbers = licensing.grant()
    with pytest.raises(Conflict, match="decided"):
        withdraw(reference)


def test_twice_is_refused() -> None:
    reference = licensing.receive()
    withdraw(reference)
    with pytest.raises(Conflict):
        withdraw(reference)


def test_staff_say_how_they_were_told() -> None:
    reference = licensing.receive()
    with pytest.raises(Refused) as refused:
        withdraw(reference, " ")
    assert set(refused.value.errors) == {"withdraw_reason"}
    assert licensing.get(reference).stage == "complete"


def test_only_by_its_applicant_or_by_staff() -> None:
    licensing.receive()
    public: Any = public_actor(address="127.0.0.1")
    with pytest.raises(NotFound):
        commands.withdraw_own_application(actor=public, at=LATER, session_id=new_id())
    with pytest.raises(NotPermitted):
        commands.withdraw_application(actor=public, at=LATER, reference="FL/1", reason=REASON)
    with pytest.raises(NotFound):
        commands.withdraw_application(
            actor=ike(), at=LATER, reference="FL/01/0009999/26", reason=REASON
        )
