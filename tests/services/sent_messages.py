"""Every message that firearms licensing, requests and payments send, in one language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.payments.commands import record_offline_payment, request_payment
from bluelamp.foundation.payments.events import PaymentFailed, PaymentRefunded
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.rules import Charge
from bluelamp.records.people.commands import correct_person_row
from bluelamp.records.people.lookups import to_person_detail
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.commands import post_notice, sessions, starting, submitting
from bluelamp.services.firearms.commands.reminding import remind_holders
from bluelamp.services.firearms.models import Certificate, Decision
from bluelamp.services.receipts.commands import remind_of_payment, send_refund_notice
from bluelamp.services.requests.commands import (
    add_file,
    quote_request,
    refuse_request,
    send_answer,
)
from tests.acts import within_command
from tests.cast import INSTALLER, START, signed_in
from tests.confirmed_addresses import confirm_everybody
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms.applications import complete_application
from tests.services.firearms.licensing import (
    GRACE,
    check,
    decide,
    give_authority,
    grant,
    ike,
    receive,
    recommend,
)
from tests.services.firearms.test_vetting import certificate
from tests.services.requests.making import COLLISION, SUBJECT_ACCESS, make

LETTERS = Actor.system("firearms licensing", permissions={"notification.send"})
CODES = Actor.system("firearms codes", permissions={"firearms.track"})
# People of their own: what we have of somebody who applied before would be kept.
BY_TEXT = replace(GRACE, given_name="Tom", born_on=date(1971, 2, 3), email="", phone="07700 900456")
BY_POST = replace(GRACE, given_name="Una", born_on=date(1962, 5, 6), email="")
REPORT = b"%PDF-1.7\n% a report\n"


def send_every_message(language: str, at: datetime, run_jobs: Callable[[], int]) -> None:
    """Do what makes each message be sent, in one language."""
    sync_built_in_sets(actor=INSTALLER, at=START)
    give_authority()
    _apply(language, at)
    _decide(language, at)
    _ask_for_information(language, at)
    _pay(language, at)
    _change_contacts(at)
    # Decisions and payments are told of by events, which jobs deliver.
    run_jobs()


def paid_payment(language: str, at: datetime) -> PaymentDetail:
    """Return a payment that staff took."""
    confirm_fee("SGC_GRANT", 19400)
    payment = request_payment(
        actor=public_actor(),
        at=at,
        payable_kind="tests.application",
        payable_id=new_id(),
        payable_reference="FA-7K2M",
        occasion="fee",
        charges=(Charge("SGC_GRANT"),),
        description="New certificate",
        email="grace.holloway@example.com",
        language=language,
        return_path="/firearms/",
    )
    record_offline_payment(
        actor=signed_in(cast.IKE),
        at=at,
        reference=payment.reference,
        method="cash",
        receipt_reference="T-1",
    )
    return payment


def _apply(language: str, at: datetime) -> None:
    """Begin an application, come back with a code, and send it: two referees are written to."""
    actor = public_actor(address="127.0.0.1")
    started = starting.start_application(
        actor=actor, at=at, kind="grant", email="grace@example.org", language=language
    )
    confirm_everybody()
    sessions.send_code(actor=CODES, at=at, reference=started.reference)
    save_form_draft(
        actor=actor,
        at=at,
        draft_id=started.draft_id,
        secret=started.secret,
        texts=write_answers(built_in_question_set("form-201"), complete_application()),
    )
    submitting.submit_application(
        actor=actor, at=at, draft_id=started.draft_id, secret=started.secret, language=language
    )


def _decide(language: str, at: datetime) -> None:
    """Grant by e-mail and by text, refuse by post, and remind the holders."""
    grant(language=language)
    _reference, numbers = grant(applicant=BY_TEXT, certificates="shotgun", language=language)
    confirm_everybody()
    sessions.send_code(actor=CODES, at=at, reference=numbers[0])
    refused = receive(applicant=BY_POST, language=language)
    check(refused)
    recommend(refused, decision="refuse", grounds=("27-danger",), risk="high")
    # What staff write is in the language in which they wrote it.
    decide(refused, decision="refuse", grounds=("27-danger",), reasons="Dau rybudd llynedd")
    decision = Decision.objects.get(application__reference=refused)
    post_notice(actor=ike(), at=at, decision_id=decision.id)
    with direct_writes():
        current = Certificate.objects.filter(valid_from__lt=date(2026, 6, 23))
        current.update(expires_on=date(2026, 6, 23))
        grace = Person.objects.get(email=GRACE.email)
        certificate(grace, kind="dealer", language=language, expires_on=date(2026, 6, 23))
    remind_holders(actor=LETTERS, at=datetime(2026, 3, 3, 8, 20, tzinfo=at.tzinfo))


def _ask_for_information(language: str, at: datetime) -> None:
    """Answer one request for information, without and with a link, and refuse another."""
    dev = signed_in(cast.DEV)
    answered = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS, language=language)
    add_file(
        actor=dev,
        at=at,
        reference=answered.reference,
        filename="report.pdf",
        source=BytesIO(REPORT),
        media_type="application/pdf",
        redaction_note="Names",
    )
    send_answer(actor=dev, at=at, reference=answered.reference)
    # Again to a confirmed address: then there is a link in it.
    confirm_everybody()
    send_answer(actor=dev, at=at, reference=answered.reference)
    refused = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS, language=language)
    refuse_request(actor=dev, at=at, reference=refused.reference, reason="Nothing about you")
    confirm_fee("COLLISION_ROUGH_DATA_PAGE", 3520, vat_percent=20)
    priced = make(at, "COLLISION_ROUGH_DATA_PAGE", COLLISION, language=language)
    quote_request(
        actor=dev,
        at=at,
        reference=priced.reference,
        charges=[Charge("COLLISION_ROUGH_DATA_PAGE", 4)],
        note="",
    )


def _pay(language: str, at: datetime) -> None:
    """Take a payment, give it back, and leave another one unfinished."""
    payment = paid_payment(language, at)
    facts: dict[str, Any] = {
        "payment_id": payment.id,
        "force": payment.force,
        "reference": payment.reference,
        "payable_kind": payment.payable_kind,
        "payable_id": payment.payable_id,
        "payable_reference": payment.payable_reference,
        "occasion": payment.occasion,
    }
    send_refund_notice(
        PaymentRefunded(
            **facts,
            refund_id=new_id(),
            amount_pence=19400,
            is_whole=True,
            refunded_at=at + timedelta(days=1),
        )
    )
    remind_of_payment(PaymentFailed(**facts, code="P0020"))


def _change_contacts(at: datetime) -> None:
    """Change the e-mail address of one holder and the phone number of another."""
    with within_command(ike()):
        for person in Person.objects.filter(email=GRACE.email) | Person.objects.filter(
            phone=BY_TEXT.phone
        ):
            name = "email" if person.email else "phone"
            new = {"email": "new@example.org", "phone": "07700 900457"}[name]
            details = replace(to_person_detail(person).as_input, **{name: new})
            correct_person_row(
                actor=ike(), at=at, person=person, details=details, reason="They rang us"
            )
