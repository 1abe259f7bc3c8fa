"""What happens to a certificate after it was granted, from one act to the next."""

from datetime import timedelta

import pytest

from bluelamp.services.firearms import commands
from bluelamp.services.firearms.commands.recording_notices import record_notice
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.notices import NoticeInput
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, ike, nell

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=10)


def test_it_works() -> None:
    """Revoked, the notice received, an appeal that another person confirms."""
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="shotgun")
    officer, manager, day = ike(), nell(), LATER.date()
    certificate = Certificate.objects.get(number=number)
    commands.revoke(
        actor=manager,
        at=LATER,
        number=number,
        revocation=commands.RevocationInput(
            decision="revoke", grounds=("30c-danger",), reasons="Threats", risk="high"
        ),
    )
    decision = {"at": LATER, "decision_id": certificate.decisions.get().id}
    commands.record_notice_receipt(actor=manager, received_on=day, proof="RM 1", **decision)  # type: ignore[arg-type]
    commands.record_appeal(  # type: ignore[call-arg]
        actor=manager,
        lodged_on=day,
        court="Crown Court",
        court_reference="",
        **decision,  # type: ignore[arg-type]
    )
    commands.record_appeal_result(actor=manager, result="allowed", ended_on=day, **decision)  # type: ignore[arg-type]
    commands.confirm_appeal_result(actor=officer, **decision)  # type: ignore[arg-type]
    certificate.refresh_from_db()
    assert certificate.state == "in-force"


def test_a_notice() -> None:
    licensing.give_authority()
    _, (number,) = licensing.grant(certificates="shotgun")
    officer = ike()
    certificate = Certificate.objects.get(number=number)
    gun = certificate.guns.get()
    reference = record_notice(
        actor=officer,
        at=LATER,
        holder_id=certificate.holder_id,
        notice=NoticeInput(
            kind="passed-on",
            way="sold",
            happened_on=LATER.date(),
            certificate_number=number,
            gun_id=gun.id,
            other_kind="dealer",
            other_name="Peckham Gun Shop",
            other_address="3 Rye Lane",
            other_number="RFD 4471",
        ),
    )
    commands.act_on_notice(
        actor=officer, at=LATER, reference=reference, outcome="register", reason="Seen"
    )
    gun.refresh_from_db()
    assert gun.status == "disposed"
