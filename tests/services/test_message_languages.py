"""Messages, letters and receipts are in the language of whoever reads them."""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.test import Client
from pypdf import PdfReader

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.lookups import TEMPLATES_FOLDER
from bluelamp.foundation.notifications.models import Message, OneTimeCode
from bluelamp.foundation.notifications.rules import PRECOMPILED_LETTER, placeholders
from bluelamp.foundation.payments.models import Payment
from bluelamp.services.firearms.commands import languages
from bluelamp.services.firearms.documents.certificate import draw_certificate
from bluelamp.services.firearms.lookups.texts import get_certificate_text
from bluelamp.services.firearms.models import Application, Certificate
from bluelamp.services.firearms.rules.saved import SENT
from bluelamp.services.requests.commands import languages as request_languages
from bluelamp.services.requests.models import InformationRequest
from sandbox.notify import Notify
from tests.acts import within_lookup
from tests.direct_writes import direct_writes
from tests.foundation.notifications.conftest import notify
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms import licensing
from tests.services.firearms.licensing import give_authority, grant
from tests.services.requests.making import COLLISION, make
from tests.services.sent_messages import paid_payment, send_every_message

__all__ = ["notify"]
pytestmark = pytest.mark.django_db
# Words of almost every English sentence, none of which is a Welsh word.
ENGLISH = re.compile(
    r"\b(the|you|your|we|have|has|this|with|not|and|was|are|can|our|of|to|if|it|please|for)\b",
    re.IGNORECASE,
)
WELSH = re.compile(r"\b(yn|eich|chi|mae|rydym|gallwch|yw)\b", re.IGNORECASE)
# Are English in either language: what people and forces are called.
NAMES = re.compile(
    r"Grace Ann Okafor|(Grace|Tom|Una) Holloway|Metropolitan Police( Service)?|https?://\S+"
)
ENGLISH_ONLY = {"crime-recorded", "report-received", "sign-in-changed"}
"""Templates of services whose pages have no Welsh."""
OF_CASEWORK = {"record-copy", "statement-copy"}
"""Sent by no service: test_receipt_message and test_requested_copy send them in both languages."""


def list_translated_templates() -> set[tuple[str, str]]:
    """Return the name and kind of each template that must have Welsh."""
    names = {tuple(path.name.split(".")[:2]) for path in TEMPLATES_FOLDER.glob("*.*.txt")}
    english = {(name, kind) for name, kind in names if kind != "cy"}
    return {(name, kind) for name, kind in english if name not in ENGLISH_ONLY | OF_CASEWORK}


def read_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def read_texts(notify: Notify) -> dict[str, str]:
    """Return the text of each message that was sent, by its kind and the start of it."""
    texts = {}
    for message in notify.messages({})["notifications"]:
        text = f"{message['subject'] or ''}\n{message['body']}"
        if message["subject"] == "Pre-compiled PDF":
            text = read_pdf(notify.pdf(message["id"]))
        texts[f"{message['type']} {message['id']}: {text}"] = NAMES.sub("", text)
    return texts


@pytest.mark.parametrize("language", ["cy", "en"])
def test_it_works(
    at: datetime, reference: None, notify: Notify, run_jobs: Callable[[], int], language: str
) -> None:
    send_every_message(language, at, run_jobs)
    sent = {(row.template, row.kind) for row in Message.objects.all()}
    assert sent == {*list_translated_templates(), (PRECOMPILED_LETTER, "letter")}
    assert not Message.objects.exclude(state__in=["delivered", "sent"]).exists()
    texts = read_texts(notify)
    assert len(texts) == Message.objects.count()
    wrong, right = (ENGLISH, WELSH) if language == "cy" else (WELSH, ENGLISH)
    for name, text in texts.items():
        # The referee's message names the language of the page that its second link leads to.
        assert not wrong.findall(text.replace("English:", "")), name
        assert right.search(text), name


def test_links_lead_to_pages_in_the_language(
    at: datetime, reference: None, run_jobs: Callable[[], int]
) -> None:
    send_every_message("cy", at, run_jobs)
    messages = Message.objects.exclude(template=PRECOMPILED_LETTER)
    links = {
        f"{message.template}: {message.personalisation['link']}"
        for message in messages
        # Those that open something are encrypted until they are sent.
        if "://" in message.personalisation.get("link", "")
    }
    assert len(links) > 8
    assert not [link for link in links if "/cy/" not in link]


def test_days_are_in_the_language(
    at: datetime, reference: None, run_jobs: Callable[[], int]
) -> None:
    send_every_message("cy", at, run_jobs)
    reminder = Message.objects.filter(template="certificate-ends").first()
    assert reminder is not None
    assert reminder.personalisation["until"] == "23 Mehefin 2026"


@pytest.mark.parametrize(("prefix", "word"), [("/cy", "Derbynneb"), ("", "Receipt")])
def test_a_receipt_is_in_the_language_of_its_link(at: datetime, prefix: str, word: str) -> None:
    payment = paid_payment("cy" if prefix else "en", at)
    answer = Client().get(f"{prefix}/pay/{payment.token}/receipt/")
    text = NAMES.sub("", read_pdf(answer.content))
    assert word in text
    assert bool(ENGLISH.search(text)) is not bool(prefix), text


@pytest.mark.parametrize(("name", "kind"), sorted(list_translated_templates()))
def test_a_template_has_the_same_placeholders_in_both(name: str, kind: str) -> None:
    english = (TEMPLATES_FOLDER / f"{name}.{kind}.txt").read_text(encoding="utf-8")
    welsh = (TEMPLATES_FOLDER / f"{name}.cy.{kind}.txt").read_text(encoding="utf-8")
    more = {"english_link"} if name == "referee-request" else set()
    assert set(placeholders(welsh)) == {*placeholders(english), *more}
    assert welsh.startswith("Subject:") == english.startswith("Subject:")


def open_session(purpose: str, subject_id: UUID, at: datetime) -> UUID:
    """Return a session as a right code opens it."""
    with direct_writes():
        code = OneTimeCode.objects.create(
            purpose=purpose,
            subject_id=subject_id,
            code_hash="",
            sent_at=at,
            expires_at=at,
            used_at=at,
        )
    return code.id


def test_a_holder_chooses_the_language(
    at: datetime, reference: None, run_jobs: Callable[[], int]
) -> None:
    give_authority()
    number, _certificates = grant()
    application = Application.objects.get(reference=number)
    session_id = open_session(SENT, application.id, at)
    languages.set_message_language(
        actor=public_actor(), at=at, session_id=session_id, language="cy"
    )
    application.refresh_from_db()
    assert application.language == "cy"
    assert {row.language for row in Certificate.objects.all()} == {"cy"}
    # What is no language of ours is none: a form that somebody changed.
    languages.set_message_language(
        actor=public_actor(), at=at, session_id=session_id, language="zz"
    )
    application.refresh_from_db()
    assert application.language == "en"
    with pytest.raises(NotFound):
        languages.set_message_language(
            actor=public_actor(), at=at, session_id=UUID(int=1), language="cy"
        )


def test_whoever_made_a_request_chooses_the_language(at: datetime, joy: Actor) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    own = make(at, "COLLISION_REPORT", COLLISION)
    session_id = open_session("requests.request", own.id, at)
    request_languages.set_message_language(
        actor=public_actor(), at=at, session_id=session_id, language="cy"
    )
    assert InformationRequest.objects.get().language == "cy"
    assert Payment.objects.get().language == "cy"
    with pytest.raises(NotFound):
        request_languages.set_message_language(
            actor=public_actor(), at=at, session_id=UUID(int=1), language="cy"
        )


def test_the_certificate_of_a_reader_of_welsh_is_in_both_languages(reference: None) -> None:
    give_authority()
    grant()
    with direct_writes():
        Certificate.objects.update(language="cy")
    certificate = Certificate.objects.get(kind="firearm")
    with within_lookup(licensing.nell()):
        text = get_certificate_text(certificate)
    page = " ".join(read_pdf(draw_certificate(text)).split())
    for part in (
        "Tystysgrif arf saethu / Firearm certificate",
        "Rhif y dystysgrif neu’r drwydded / Number of the certificate or permit",
        "Diwrnod olaf mewn grym / Last day in force",
        "6 Mawrth 2031 / 6 March 2031",
        "Mae’r amodau yn Saesneg",
        # As the Rules word it, or as it is on record.
        *(" ".join(condition.split()) for condition in text.conditions),
    ):
        assert part in page
    assert text.conditions[0].startswith("The holder must")


def test_the_certificate_of_a_reader_of_english_has_no_welsh(reference: None) -> None:
    give_authority()
    grant()
    with within_lookup(licensing.nell()):
        text = get_certificate_text(Certificate.objects.get(kind="shotgun"))
    page = read_pdf(draw_certificate(text))
    assert "Last day in force" in page
    assert not WELSH.search(page)
    assert " / " not in page
