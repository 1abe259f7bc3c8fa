"""Issue a certificate, sign its PDF, check its code, end it, and appeal."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.payments.models import Refund
from bluelamp.services.firearms import commands, lookups
from bluelamp.services.firearms.models import Certificate, Gun
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, check, decide, get, nell, receive, recommend

pytestmark = pytest.mark.django_db
ISSUED = AT + timedelta(days=4)


@pytest.fixture(autouse=True)
def _authority(reference: None) -> None:
    licensing.give_authority()


def is_valid(code: str, on_day: int = 5) -> bool:
    """Say what the public page says of a code, some days after the application came."""
    return lookups.is_certificate_valid(
        actor=public_actor(address="192.0.2.1"), at=AT + timedelta(days=on_day), code=code
    )


def test_it_works(run_jobs: Callable[[], int]) -> None:
    """Both certificates end on one day; the PDF is archival, signed, and has the guns."""
    reference, numbers = licensing.grant()
    run_jobs()
    firearm, shotgun = Certificate.objects.order_by("id")
    assert numbers == (firearm.number, shotgun.number)
    assert get(reference).issued_at == ISSUED
    assert firearm.expires_on == shotgun.expires_on == date(2031, 3, 6)
    assert shotgun.coterminous_with == firearm
    assert [gun.status for gun in firearm.guns.order_by("id")] == [
        "held",
        "authorised",
        "authorised",
    ]
    assert shotgun.guns.get().make == "Beretta"
    assert firearm.ammunition.get().most_held == 200
    opened = commands.open_certificate_pdf(actor=nell(), at=ISSUED, number=firearm.number)
    with opened.file as file:
        pdf = file.read()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert "Grace Holloway" in text
    assert "AB-1234" in text
    xmp = PdfReader(BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert re.search(r"pdfaid:part(=\"|>)2", xmp)
    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    assert signature.signer_cert.subject.native["common_name"] == "Metropolitan Police Service"
    messages = Message.objects.filter(to="grace.holloway@example.com")
    assert messages.count() == 3  # the decision, and each certificate
    assert not any("gun" in str(message.personalisation).lower() for message in messages)


def test_a_code_says_valid_or_not() -> None:
    """From its first day, to its last, and never for a code that nobody was given."""
    _, numbers = licensing.grant()
    code = Certificate.objects.get(number=numbers[0]).public_code
    assert len(code) >= 27
    assert is_valid(code)
    assert not is_valid(code, on_day=6 * 365)
    assert not is_valid(code[:-1] + ("a" if code[-1] != "a" else "b"))
    assert not is_valid("")


def test_a_renewal_in_time_extends_and_is_dated_from_the_old_end() -> None:
    """Complete eight weeks before: valid to the extended day, and five years from the old end."""
    _, (number,) = licensing.grant(certificates="shotgun")
    old = Certificate.objects.get(number=number)
    came = AT.replace(year=2031, month=1, day=2)
    reference = receive(at=came, kind="renewal", certificates="shotgun")
    old.refresh_from_db()
    assert old.extended_until == old.expires_on + timedelta(weeks=8)
    assert is_valid(old.public_code, (old.expires_on - AT.date()).days + 30)
    check(reference, at=came)
    recommend(reference, at=came)
    # The lines of the authority table have no end.
    decide(reference, at=came)
    commands.issue_certificates(actor=nell(), at=came.replace(month=4, day=1), reference=reference)
    new = Certificate.objects.get(replaces=old)
    old.refresh_from_db()
    assert old.state == "replaced"
    assert new.valid_from == old.expires_on + timedelta(days=1)
    assert new.expires_on == date(2036, 3, 6)
    # The gun came over, once.
    assert [gun.certificate_id for gun in Gun.objects.filter(serial_key="S99")] == [new.id]


def test_an_early_renewal_leaves_no_day_without_a_certificate() -> None:
    """Issued before the old one ends, which is replaced on that day: the new one counts at once."""
    _, (number,) = licensing.grant(certificates="shotgun")
    came = AT.replace(year=2031, month=1, day=2)
    reference = receive(at=came, kind="renewal", certificates="shotgun")
    check(reference, at=came)
    recommend(reference, at=came)
    decide(reference, at=came)
    issued = came.replace(month=2, day=1)
    commands.issue_certificates(actor=nell(), at=issued, reference=reference)
    new = Certificate.objects.get(replaces__number=number)
    assert new.valid_from > issued.date()
    assert is_valid(new.public_code, (issued - AT).days)
    assert not is_valid(new.public_code, (issued - AT).days - 1)


def test_a_late_renewal_extends_nothing() -> None:
    """One day later than eight weeks before the end."""
    _, (number,) = licensing.grant(certificates="shotgun")
    receive(at=AT.replace(year=2031, month=1, day=10), kind="renewal", certificates="shotgun")
    assert Certificate.objects.get(number=number).extended_until is None


def test_conditions_go_on_the_firearm_certificate_alone() -> None:
    """Four standard ones on both; the extra one on the firearm certificate."""
    reference = receive()
    check(reference)
    recommend(reference, conditions=("Home Farm only",))
    decide(reference)
    commands.issue_certificates(actor=nell(), at=ISSUED, reference=reference)
    firearm, shotgun = Certificate.objects.order_by("id")
    assert firearm.conditions.count() == 5
    assert firearm.conditions.get(position=5).text == "Home Farm only"
    assert shotgun.conditions.count() == 4


def test_revoke_receive_appeal() -> None:
    """Revoked at once; the 21 days count from receipt; allowed, it is in force again."""
    _, (number,) = licensing.grant(certificates="firearm")
    revocation = commands.RevocationInput(
        decision="revoke", grounds=("30a-danger",), reasons="Threats", risk="high", is_at_once=True
    )
    commands.revoke(actor=nell(), at=ISSUED, number=number, revocation=revocation)
    certificate = Certificate.objects.get(number=number)
    decision = certificate.decisions.get()
    assert certificate.state == "revoked"
    assert decision.handed_in_by == ISSUED.date()
    assert not is_valid(certificate.public_code)
    with pytest.raises(Conflict, match="has ended"):
        commands.revoke(actor=nell(), at=ISSUED, number=number, revocation=revocation)
    later = ISSUED + timedelta(days=40)
    commands.record_notice_receipt(
        actor=nell(),
        at=later,
        decision_id=decision.id,
        received_on=date(2026, 3, 10),
        proof="Signed for, RM 123",
    )
    assert decision.receipt.appeal_until == date(2026, 3, 31)
    commands.record_appeal(
        actor=nell(),
        at=later,
        decision_id=decision.id,
        lodged_on=date(2026, 4, 1),
        court="Inner London Crown Court",
        court_reference="A20260001",
    )
    assert not decision.appeal.is_in_time
    commands.record_appeal_result(
        actor=nell(),
        at=later,
        decision_id=decision.id,
        result="allowed",
        ended_on=date(2026, 4, 10),
    )
    certificate.refresh_from_db()
    assert certificate.state == "revoked"
    with pytest.raises(NotPermitted):
        commands.confirm_appeal_result(actor=nell(), at=later, decision_id=decision.id)
    commands.confirm_appeal_result(actor=licensing.ike(), at=later, decision_id=decision.id)
    with pytest.raises(Conflict):
        commands.confirm_appeal_result(actor=licensing.ike(), at=later, decision_id=decision.id)
    certificate.refresh_from_db()
    assert certificate.state == "in-force"
    assert certificate.ended_on is None


def test_in_part_the_rest_stays() -> None:
    """A partial revocation takes off the guns that it names, and leaves the certificate."""
    _, (number,) = licensing.grant(certificates="firearm")
    certificate = Certificate.objects.get(number=number)
    slot, *_ = certificate.guns.filter(status="authorised")
    details = {
        "decision": "partial-revoke",
        "grounds": ("30b-no-reason",),
        "reasons": "Land sold",
        "risk": "low",
    }
    with pytest.raises(Refused) as refused:
        commands.revoke(
            actor=nell(),
            at=ISSUED,
            number=number,
            revocation=commands.RevocationInput(**details),  # type: ignore[arg-type]
        )
    assert set(refused.value.errors) == {"gun_ids"}
    commands.revoke(
        actor=nell(),
        at=ISSUED,
        number=number,
        revocation=commands.RevocationInput(**details, gun_ids=(slot.id,)),  # type: ignore[arg-type]
    )
    certificate.refresh_from_db()
    assert certificate.state == "in-force"
    taken = [gun.id for gun in certificate.guns.exclude(revoked_by=None)]
    assert taken == [slot.id]
    shown = lookups.get_certificate(actor=nell(), at=ISSUED, number=number)
    assert [gun.id for gun in shown.guns if gun.is_revoked] == taken


def test_a_surrender_has_its_day_and_reason() -> None:
    """Not in the future, and once."""
    _, (number,) = licensing.grant(certificates="shotgun")
    details = {"actor": nell(), "at": ISSUED, "number": number, "state": "surrendered"}
    with pytest.raises(Refused) as refused:
        commands.record_end(**details, ended_on=ISSUED.date() + timedelta(days=1), reason="")  # type: ignore[arg-type]
    assert set(refused.value.errors) == {"ended_on", "reason"}
    commands.record_end(**details, ended_on=ISSUED.date(), reason="Moved abroad")  # type: ignore[arg-type]
    assert Certificate.objects.get(number=number).state == "surrendered"


def test_refused_the_fee_is_asked_back() -> None:
    """The refund waits for a second person; the notice names the court."""
    from bluelamp.foundation.payments.models import Payment
    from tests.services.firearms.paid import pay_for

    reference = receive()
    payment = pay_for(get(reference))
    check(reference, medical="concern")
    recommend(reference, decision="refuse", grounds=("27-danger",), risk="high")
    decide(reference, decision="refuse", grounds=("27-danger",))
    refund = Refund.objects.get(payment_id=payment)
    assert refund.state == "requested"
    assert refund.amount_pence == Payment.objects.get(id=payment).total_pence
    assert reference in refund.reason
    assert get(reference).decisions.get().court == "Crown Court"
    with pytest.raises(Conflict, match="another stage"):
        commands.issue_certificates(actor=nell(), at=ISSUED, reference=reference)


def test_a_fee_somebody_asked_back_before_does_not_stop_the_refusal() -> None:
    """Two requests for the same money would be refused, and the decision with them."""
    from bluelamp.foundation.payments.commands import request_refund
    from bluelamp.foundation.payments.models import Refund
    from tests.services.firearms.paid import pay_for

    reference = receive()
    payment = pay_for(get(reference))
    request_refund(actor=licensing.ike(), at=AT, payment_id=payment, reason="Paid twice")
    check(reference, medical="concern")
    recommend(reference, decision="refuse", grounds=("27-danger",), risk="high")
    decide(reference, decision="refuse", grounds=("27-danger",))
    assert Refund.objects.get().reason == "Paid twice"
    assert get(reference).stage == "refused"
