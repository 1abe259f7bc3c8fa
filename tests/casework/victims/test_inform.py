"""People are told the news of their case once, where it is safe, and it is on the audit record."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bluelamp.casework.crimes.commands import record_at_scene, record_from_report
from bluelamp.casework.investigations.commands import allocate_officer
from bluelamp.casework.reports.commands import mark_not_crime, submit_report
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import KINDS, ReportAnswers, reference_for
from bluelamp.casework.victims.commands import (
    choose_first_passphrase,
    exchange_code_for_session,
    exchange_passphrase_for_session,
    inform_about_case,
    open_session,
    request_code,
    send_code,
)
from bluelamp.casework.victims.lookups import get_tracked_case
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.contact import normalise_phone
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.lookups import TEMPLATES_FOLDER, list_undelivered_messages
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.rules import PersonInput
from sandbox.notify import Notify
from tests.casework.scenes import AT, DAMAGE, ESI, REPORT_ANSWERS, make_scene_crime
from tests.confirmed_addresses import confirm_everybody
from tests.foundation.notifications.conftest import notify

__all__ = ["notify"]

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], int]


def _submit(answers: ReportAnswers = REPORT_ANSWERS) -> str:
    return submit_report(actor=ESI, at=AT, report_id=new_id(), answers=answers).reference


def _templates(to: str) -> list[str]:
    messages = Message.objects.filter(to=to).order_by("id")
    return list(messages.values_list("template", flat=True))


def test_it_works(reference: None, joy: Actor, bilal: Actor, run_jobs: RunJobs) -> None:
    report = _submit()
    run_jobs()
    number = record_from_report(actor=joy, at=AT, reference=report, offence_code=DAMAGE).number
    run_jobs()
    assert bilal.id
    allocate_officer(actor=bilal, at=AT, number=number, officer_id=bilal.id)
    run_jobs()
    assert _templates(REPORT_ANSWERS.email) == ["report-received", "crime-recorded", "case-update"]
    entries = AuditEntry.objects.filter(act="victim.informed", ref=report)
    assert [entry.detail["sent"] for entry in entries] == [True, True, True]


def test_nobody_is_told_where_it_is_not_safe(reference: None, run_jobs: RunJobs) -> None:
    report = _submit(replace(REPORT_ANSWERS, is_safe_to_contact=False))
    run_jobs()
    assert not Message.objects.exists()
    entry = AuditEntry.objects.get(act="victim.informed", ref=report)
    reason = "It is not safe to contact them. Their record says if and how they can be reached"
    assert entry.detail == {"template": "report-received", "sent": False, "reason": reason}


def test_the_victim_of_a_crime_at_the_scene_is_told(
    reference: None, ada: Actor, run_jobs: RunJobs
) -> None:
    capture = make_scene_crime(number=None, lease_id=None, device_id=UUID(int=1))
    number = record_at_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64).number
    run_jobs()
    message = Message.objects.get(template="crime-recorded")
    assert (message.to, message.reference) == ("07700 900456", number)
    assert AuditEntry.objects.get(act="victim.informed", ref=number).detail["sent"] is True


def test_nobody_is_told_who_was_not_asked(
    reference: None, ada: Actor, joy: Actor, run_jobs: RunJobs
) -> None:
    victim = PersonInput(given_name="Kofi", family_name="Asante", phone="07700 900456")
    capture = make_scene_crime(number=None, lease_id=None, device_id=UUID(int=1), victim=victim)
    number = record_at_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64).number
    run_jobs()
    assert not Message.objects.exists()
    [row] = list_undelivered_messages(actor=joy, at=AT).messages
    assert (row.reference, row.to) == (number, "")
    assert row.reason == "Nobody has asked them if it is safe to contact them"


def test_a_number_that_cannot_be_texted_is_not_told_to_be_sent(
    reference: None, joy: Actor, run_jobs: RunJobs
) -> None:
    answers = replace(REPORT_ANSWERS, email="", phone="020 7946 0000", contact_preference="phone")
    report = _submit(answers)
    run_jobs()
    confirm_everybody()
    send_code(actor=ESI, at=AT, reference=report)
    assert not Message.objects.exists()
    for act in ("victim.informed", "tracking.code_sent"):
        detail = AuditEntry.objects.get(act=act, ref=report).detail
        assert detail["sent"] is False, act
        assert detail["reason"] == "neither an email address nor a UK mobile number"
    assert {row.template for row in list_undelivered_messages(actor=joy, at=AT).messages} == {
        "report-received",
        "one-time-code",
    }


@pytest.mark.parametrize("phone", ["020 7946 0000", "+1 202 555 0100", "07700 900123 x12"])
def test_an_email_is_used_where_a_text_cannot_be_sent(
    reference: None, run_jobs: RunJobs, phone: str
) -> None:
    _submit(replace(REPORT_ANSWERS, phone=phone, contact_preference="text"))
    run_jobs()
    message = Message.objects.get()
    assert (message.kind, message.to) == ("email", REPORT_ANSWERS.email)
    detail = AuditEntry.objects.get(act="victim.informed").detail
    assert (detail["sent"], detail["message"]) == (True, str(message.id))


@pytest.mark.parametrize(
    "phone",
    [
        "+44 (0)7700 900 322",
        "0044 (0)7700 900322",
        "07700\u2011900\u2011322",
        "\u202a07700 900322\u202c",
        "٠٧٧٠٠٩٠٠٣٢٢",
        "tel:+447700900322",
    ],
)
def test_every_way_to_write_a_mobile_number_gets_its_text(
    reference: None, run_jobs: RunJobs, phone: str
) -> None:
    _submit(replace(REPORT_ANSWERS, phone=phone, email="", contact_preference="text"))
    run_jobs()
    message = Message.objects.get()
    assert message.kind == "sms"
    assert normalise_phone(message.to) == "+447700900322"


def test_news_within_an_hour_is_one_message_unless_she_looked(
    reference: None,
    joy: Actor,
    bilal: Actor,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    report = _submit()
    number = record_from_report(actor=joy, at=AT, reference=report, offence_code=DAMAGE).number
    run_jobs()
    assert bilal.id
    assert joy.id
    for officer_id in (bilal.id, joy.id):
        allocate_officer(actor=bilal, at=AT, number=number, officer_id=officer_id)
    run_jobs()
    assert _templates(REPORT_ANSWERS.email).count("case-update") == 1
    skipped = AuditEntry.objects.filter(act="victim.informed", detail__sent=False).get()
    assert "of news, not read since" in skipped.detail["reason"]
    confirm_everybody()
    send_code(actor=ESI, at=now(), reference=report)
    open_session(actor=ESI, at=now(), reference=report, code="000000")
    allocate_officer(actor=bilal, at=AT, number=number, officer_id=bilal.id)
    run_jobs()
    assert _templates(REPORT_ANSWERS.email).count("case-update") == 1, "the same occasion as before"
    inform_about_case(
        actor=Actor.system("test", force="01", permissions={"notification.send"}),
        at=now(),
        reference=report,
        template="case-update",
        occasion="another occasion",
    )
    assert _templates(REPORT_ANSWERS.email).count("case-update") == 2


def test_the_victim_of_a_crime_at_the_scene_follows_it_by_its_number(
    reference: None, ada: Actor, bilal: Actor, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    capture = make_scene_crime(number=None, lease_id=None, device_id=UUID(int=1))
    number = record_at_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64).number
    run_jobs()
    for typed in (number, number.replace("/", "-"), f"crime number {number}"):
        confirm_everybody()
        send_code(actor=ESI, at=AT, reference=typed)
        session_id = open_session(actor=ESI, at=AT, reference=typed, code="000000")
        case = get_tracked_case(actor=ESI, at=AT, tracking_session_id=session_id)
        assert (case.reference, case.crime_number, case.stage) == (number, number, "recorded")
    assert bilal.id
    allocate_officer(actor=bilal, at=AT, number=number, officer_id=bilal.id)
    run_jobs()
    assert "case-update" in _templates("07700 900456")


def test_a_crime_number_opens_the_case_of_its_report(
    reference: None, joy: Actor, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    report = _submit()
    number = record_from_report(actor=joy, at=AT, reference=report, offence_code=DAMAGE).number
    confirm_everybody()
    send_code(actor=ESI, at=AT, reference=number)
    session_id = open_session(actor=ESI, at=AT, reference=report, code="000000")
    case = get_tracked_case(actor=ESI, at=AT, tracking_session_id=session_id)
    assert (case.reference, case.crime_number) == (report, number)


def test_each_reference_and_link_of_every_message_opens_the_tracking_page(
    reference: None, joy: Actor, ada: Actor, bilal: Actor, run_jobs: RunJobs, notify: Notify
) -> None:
    report = _submit()
    texted = _submit(replace(REPORT_ANSWERS, email="", contact_preference="text"))
    unknown = _submit()
    for each in (report, texted):
        number = record_from_report(actor=joy, at=AT, reference=each, offence_code=DAMAGE).number
        assert bilal.id
        allocate_officer(actor=bilal, at=AT, number=number, officer_id=bilal.id)
        confirm_everybody()
        send_code(actor=ESI, at=AT, reference=each)
    mark_not_crime(actor=joy, at=AT, reference=unknown, reason="A fox did it.")
    capture = make_scene_crime(number=None, lease_id=None, device_id=UUID(int=1))
    record_at_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64)
    run_jobs()
    sent = notify.messages({})["notifications"]
    kinds = {(message["template"]["id"], message["type"]) for message in sent}
    own = ("case-update", "crime-recorded", "one-time-code", "report-received")
    # Of a crime in English only: its pages have no Welsh.
    files = [
        path
        for path in TEMPLATES_FOLDER.glob("*.txt")
        if path.name.startswith(own) and ".cy." not in path.name
    ]
    assert len(kinds) == len(files), "every template was sent"
    for message in sent:
        text = f"{message['subject'] or ''}\n{message['body']}"
        for link in re.findall(r"https?://\S+", text):
            assert link == "http://testserver/track/"
            assert Client().get("/track/").status_code == 200
        references = re.findall(r"BL-\S{3}-\S{3}-\w{3}|\b\d\d/\d{7}/\d\d\b", text)
        assert references or "code" in text
        for reference_in_text in references:
            browser = Client()
            answer = browser.post("/track/", {"reference": reference_in_text})
            assert answer["location"] == "/track/code/", text
        _assert_neutral(message)


TELLING = re.compile(
    r"police|crime|report|victim|case\b|officer|abuse|assault|danger|999|101|offence|"
    r"investigat|court|suspect|harass|stalk|rape|sexual|domestic",
    re.IGNORECASE,
)


def _assert_neutral(message: dict[str, str]) -> None:
    """What a locked screen shows: the whole text, or the subject and the start of an e-mail."""
    body = message["body"].replace("http://testserver/track/", "")
    shown = body if message["type"] == "sms" else f"{message['subject']}\n{body[:200]}"
    assert not TELLING.search(shown), shown
    if message["type"] == "email":
        # Only the signature, at the end, says who wrote.
        *paragraphs, signature = body.strip().split("\n\n")
        assert signature == "Metropolitan Police Service"
        assert not TELLING.search("\n".join(paragraphs)), body


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_messages_are_the_same_whatever_was_reported(
    reference: None, run_jobs: RunJobs, notify: Notify, kind: str
) -> None:
    report = _submit(replace(REPORT_ANSWERS, kind=kind, email="", contact_preference="text"))
    run_jobs()
    [message] = notify.messages({})["notifications"]
    assert (
        message["body"].split()
        == (
            f"Your reference is {report}. Please keep it. "
            "To see what happens next: http://testserver/track/"
        ).split()
    )


def test_what_makes_a_reference_real_is_not_seen_in_the_statements(
    reference: None,
    joy: Actor,
    run_jobs: RunJobs,
) -> None:
    """A real reference and a free one make the same statements and the same jobs."""
    real = _submit()
    number = record_from_report(actor=joy, at=AT, reference=real, offence_code=DAMAGE).number
    choose_first_passphrase(
        actor=ESI, at=AT, report_id=Report.objects.get().id, passphrase="copper kettle garden"
    )
    confirm_everybody()
    send_code(actor=ESI, at=AT, reference=real)
    run_jobs()
    free_number = f"{number[:3]}9999999{number[-3:]}"
    for pair in ((real, reference_for(12345) or ""), (number, free_number)):
        for act in (_request, _check_code, _check_passphrase):
            first, second = (_shape_of(act, each) for each in pair)
            assert first == second, (act, pair)


def _request(reference: str) -> None:
    request_code(actor=ESI, at=AT, reference=reference)


def _check_code(reference: str) -> None:
    assert exchange_code_for_session(actor=ESI, at=AT, reference=reference, code="1") is None


def _check_passphrase(reference: str) -> None:
    assert (
        exchange_passphrase_for_session(actor=ESI, at=AT, reference=reference, passphrase="wrong")
        is None
    )


def _shape_of(act: Callable[[str], None], reference: str) -> list[str]:
    """Return the statements that an act makes, without values and ids."""
    with CaptureQueriesContext(connection) as queries:
        act(reference)
    shapes = []
    for query in queries:
        shape = re.sub(r"'[^']*'|\b\d+\b|NULL|\"s\d+_x\d+\"", "?", query["sql"])
        shape = re.sub(r"::\w+", "", shape)
        shapes.append(re.sub(r"\(\?(, ?\?)*\)", "(?)", shape))
    return shapes
