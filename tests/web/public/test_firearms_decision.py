"""My licences after a refusal or revocation: what we decided, until when to appeal, our letter."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications.models import OneTimeCode
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import Application, Certificate, Decision
from tests.confirmed_addresses import confirm_everybody
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import (
    GRACE,
    check,
    decide,
    get,
    give_authority,
    grant,
    ike,
    nell,
    receive,
    recommend,
)

pytestmark = pytest.mark.django_db
FOLLOW, LICENCES = "/firearms/my/application/", "/firearms/my/licences/"


@pytest.fixture(autouse=True)
def _setting(reference: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # Every one-time code is 000000.
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    give_authority()


def refuse(person: PersonInput = GRACE) -> Decision:
    reference = receive(applicant=person)
    check(reference, medical="concern")
    recommend(reference, decision="refuse", grounds=("27-danger",), risk="high")
    decide(reference, decision="refuse", grounds=("27-danger",), reasons="Two warnings")
    return Decision.objects.get(application=get(reference))


def open_session(client: Client, reference: str) -> None:
    confirm_everybody()
    client.post("/firearms/my/", {"reference": reference})
    send_code_job(reference=reference, force="01")
    assert client.post("/firearms/my/code/", {"code": "000000"}).status_code == 302


def read(client: Client, url: str = FOLLOW) -> str:
    return client.get(url).content.decode()


def record_receipt(decision: Decision, received_on: date) -> None:
    commands.record_notice_receipt(
        actor=nell(), at=now(), decision_id=decision.id, received_on=received_on, proof="Signed for"
    )


def test_it_works(client: Client) -> None:
    decision = refuse()
    assert decision.application
    open_session(client, decision.application.reference)
    page = read(client)
    assert "Refused, 6 March 2026" in page
    assert "Danger to public safety or to the peace (" in page
    assert "21 days after the day you receive our letter" in page
    record_receipt(decision, date(2026, 3, 10))
    assert "31 March 2026" in read(client)
    # Reasons can name others, and stand in the letter alone.
    assert "Two warnings" not in read(client)


def test_the_letter_is_the_one_that_is_posted(client: Client) -> None:
    decision = refuse()
    assert decision.application
    open_session(client, decision.application.reference)
    answer = client.get(f"/firearms/my/letters/{decision.id}/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    for part in ("Grace Holloway", "Refused", "Two warnings", "21 days"):
        assert part in text
    assert "attachment" in answer["Content-Disposition"]


def test_an_appeal_is_shown_until_it_is_over(client: Client) -> None:
    decision = refuse()
    assert decision.application
    record_receipt(decision, date(2026, 3, 10))
    commands.record_appeal(
        actor=nell(),
        at=now(),
        decision_id=decision.id,
        lodged_on=date(2026, 3, 12),
        court="Inner London Crown Court",
        court_reference="",
    )
    open_session(client, decision.application.reference)
    page = read(client)
    assert "Lodged 12 March 2026. The court has not decided yet" in page
    assert "Last day to appeal" not in page
    commands.record_appeal_result(
        actor=nell(),
        at=now(),
        decision_id=decision.id,
        result="allowed",
        ended_on=date(2026, 4, 2),
    )
    # Until another person has read the court's order, it may be a slip.
    assert "The court has not decided yet" in read(client)
    commands.confirm_appeal_result(actor=ike(), at=now(), decision_id=decision.id)
    assert "The court has not decided yet" not in read(client)
    assert "Allowed" in read(client)


def test_a_revocation_is_told_of_once_its_notice_was_received(client: Client) -> None:
    _, (number, _) = grant()
    commands.revoke(
        actor=nell(),
        at=now(),
        number=number,
        revocation=commands.RevocationInput(
            decision="revoke", grounds=("30a-danger",), reasons="Threats", risk="high"
        ),
    )
    decision = Decision.objects.get(certificate__number=number)
    open_session(client, number)
    assert "Danger to public safety" not in read(client, LICENCES)
    assert client.get(f"/firearms/my/letters/{decision.id}/").status_code == 302
    record_receipt(decision, now().date())
    page = read(client, LICENCES)
    assert "Danger to public safety" in page
    until = now().date() + timedelta(days=21)
    assert f"{until.day} {until:%B %Y}" in page
    assert client.get(f"/firearms/my/letters/{decision.id}/").status_code == 200


def test_nobody_opens_the_letter_of_somebody_else(client: Client) -> None:
    decision = refuse()
    other = PersonInput(given_name="Tom", family_name="Reid", email="tom@example.org")
    open_session(client, receive(applicant=other))
    url = f"/firearms/my/letters/{decision.id}/"
    assert client.get(url)["location"] == "/firearms/my/?over=1"
    with direct_writes():
        OneTimeCode.objects.update(ended_at=now())
    assert client.get(url)["location"] == "/firearms/my/?over=1"


def test_an_open_application_has_no_decision(client: Client) -> None:
    open_session(client, receive())
    assert "What we decided" not in read(client)
    assert not Certificate.objects.exists()
    assert Application.objects.get().stage == "complete"
