"""An application from its start to complete: sent once, answered by two referees, and paid."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils.translation import override

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.notifications.encryption import decrypt_secrets
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.payments.commands import waive_payment
from bluelamp.foundation.payments.models import Payment
from bluelamp.services.firearms.commands import completing, referees, starting, submitting
from bluelamp.services.firearms.lookups.progress import get_confirmation, get_reply_form
from bluelamp.services.firearms.models import (
    Application,
    MedicalDeclaration,
    MonitoringAnswers,
    Referee,
    SavedApplication,
)
from tests.cast import INSTALLER, START
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms.applications import AT, complete_application

pytestmark = pytest.mark.django_db

PUBLIC = public_actor(address="127.0.0.1")
REPLY: dict[str, Any] = {
    "ref_terms": True,
    "ref_known": "As a neighbour",
    "ref_known_years": 6,
    "ref_contact": "weekly",
    "ref_character": "Calm and careful",
    "ref_home": "no",
    "ref_work": "no",
    "ref_welfare": "no",
    "ref_concern": "no",
}


@pytest.fixture(autouse=True)
def question_sets() -> None:
    sync_built_in_sets(actor=INSTALLER, at=START)


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The tokens of private links, in the order in which they were made."""
    made: list[str] = []
    make_token = referees.secrets.token_urlsafe

    def remember(size: int) -> str:
        made.append(make_token(size))
        return made[-1]

    monkeypatch.setattr(referees.secrets, "token_urlsafe", remember)
    return made


def start(**changes: Any) -> starting.StartedApplication:
    """Begin an application and answer all its questions."""
    started = starting.start_application(
        actor=PUBLIC, at=AT, kind="grant", email="grace@example.org"
    )
    values = {**complete_application(), **changes}
    save_form_draft(
        actor=PUBLIC,
        at=AT,
        draft_id=started.draft_id,
        secret=started.secret,
        texts=write_answers(built_in_question_set("form-201"), values),
    )
    return started


def submit(
    started: starting.StartedApplication, *, at: datetime = AT
) -> submitting.SubmittedApplication:
    return submitting.submit_application(
        actor=PUBLIC, at=at, draft_id=started.draft_id, secret=started.secret
    )


def reply(token: str) -> None:
    texts = write_answers(built_in_question_set("referee-reply"), REPLY)
    referees.save_reply(actor=PUBLIC, at=AT, token=token, texts=texts)
    referees.record_reply(actor=PUBLIC, at=AT, token=token)


def test_it_works(tokens: list[str]) -> None:
    confirm_fee("COT_FACREN_SGCGRANT", 20_200)
    sent = submit(start())
    application = Application.objects.get()
    assert application.id == sent.application_id
    assert re.fullmatch(r"FL/01/\d{7}/26", sent.reference)
    assert (application.kind, application.certificates) == ("grant", "both")
    assert application.applicant.name == "Grace Ann Okafor"
    assert application.applicant.address.postcode == "SE15 4AA"
    # What she declared of her health is apart, and nowhere in the application.
    assert "condition_details" not in application.answers
    assert "Depression" in MedicalDeclaration.objects.get().answers["condition_details"]
    assert not FormDraft.objects.exists()
    assert not SavedApplication.objects.exists()
    assert Payment.objects.get().total_pence == 20_200
    assert application.stage == "incomplete"
    assert Message.objects.filter(template="referee-request").count() == 2

    waive_payment(
        actor=INSTALLER.system("till", permissions={"payment.waive"}),
        at=AT,
        payment_id=Payment.objects.get().id,
        ground="other",
        note="Told to",
    )
    for token in tokens[-2:]:
        reply(token)
    application.refresh_from_db()
    assert (application.stage, application.complete_at) == ("complete", AT)
    assert list(application.stages.order_by("id").values_list("stage", flat=True)) == [
        "received",
        "incomplete",
        "complete",
    ]


def test_sent_twice_it_is_one() -> None:
    started = start()
    submit(started)
    with pytest.raises(NotFound):
        submit(started)
    assert Application.objects.count() == 1
    # The browser that has the draft's cookie sees the one that was sent.
    seen = get_confirmation(actor=PUBLIC, at=AT, application_id=started.draft_id)
    assert seen.reference == Application.objects.get().reference


def test_an_unfinished_one_is_refused() -> None:
    started = start(surname="")
    with pytest.raises(Refused):
        submit(started)
    assert not Application.objects.exists()


def test_a_fee_that_nobody_confirmed_is_not_charged() -> None:
    sent = submit(start())
    assert sent.payment_token == ""
    assert not Payment.objects.exists()
    seen = get_confirmation(actor=PUBLIC, at=AT, application_id=sent.application_id)
    assert "fee" in seen.missing


def test_the_applicant_sees_no_answer_of_a_referee(tokens: list[str]) -> None:
    sent = submit(start())
    reply(tokens[-1])
    seen = get_confirmation(actor=PUBLIC, at=AT, application_id=sent.application_id)
    assert [row.has_replied for row in seen.referees] == [False, True]
    assert "Calm" not in repr(seen)


def test_a_link_ends_and_a_reply_is_taken_once(tokens: list[str]) -> None:
    submit(start())
    with pytest.raises(NotFound):
        get_reply_form(actor=PUBLIC, at=AT + referees.LINK_LASTS, token=tokens[-1])
    reply(tokens[-1])
    referees.record_reply(actor=PUBLIC, at=AT, token=tokens[-1])
    with pytest.raises(NotFound):
        referees.save_reply(actor=PUBLIC, at=AT, token=tokens[-1], texts={"ref_known": "x"})
    assert Referee.objects.get(position=2).answers["ref_character"] == "Calm and careful"


def test_equality_answers_lead_back_to_nobody() -> None:
    sent = submit(start(monitoring_ethnicity="1"))
    row = MonitoringAnswers.objects.get()
    assert row.month.day == 1
    assert str(sent.application_id) not in repr(row.__dict__)


def test_a_renewal_begins_with_what_we_have(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = submit(start())
    applicant = Application.objects.get().applicant
    monkeypatch.setattr(starting, "require_holder", lambda **_: applicant)
    renewal = starting.start_renewal(actor=PUBLIC, at=AT, session_id=sent.application_id)
    texts = FormDraft.objects.get(id=renewal.draft_id).texts
    assert texts["surname"] == "Okafor"
    assert texts["app_firearm"] == "renewal"
    assert "signature" not in texts
    assert "photo" not in texts


def test_nobody_replaces_a_referee_who_replied(
    tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = submit(start())
    monkeypatch.setattr(referees, "require_session", lambda **_: sent.application_id)
    reply(tokens[-1])
    row = Referee.objects.get(position=2)
    with pytest.raises(Conflict):
        referees.resend_referee_link(
            actor=PUBLIC, at=AT, session_id=sent.application_id, referee_id=row.id, email=row.email
        )
    assert completing.PAYABLE_KIND == "firearms.application"


@pytest.mark.parametrize(("language", "prefix"), [("cy", "/cy/firearms/"), ("en", "/firearms/")])
def test_a_referee_gets_the_language_of_the_application(language: str, prefix: str) -> None:
    started = start()
    # The language of the page that is being served says nothing: a job has none.
    with override("en" if language == "cy" else "cy"):
        submitting.submit_application(
            actor=PUBLIC,
            at=AT,
            draft_id=started.draft_id,
            secret=started.secret,
            language=language,
        )
    messages = list(Message.objects.filter(template="referee-request"))
    assert [message.language for message in messages] == [language] * 2
    for message in messages:
        values = decrypt_secrets(message.personalisation, template=message.template)
        assert urlsplit(values["link"]).path.startswith(f"{prefix}referee/")
        # Whoever reads no Welsh has the page in English too.
        if language == "cy":
            assert urlsplit(values["english_link"]).path.startswith("/firearms/referee/")
