"""The maker of a statement gets a copy: a neutral link, what only they know, and a code."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from bluelamp.casework.crimes.commands import record_crime
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.investigations.commands import take_statement
from bluelamp.casework.victims.commands import (
    StatementPdf,
    open_copy,
    send_copy_code,
    send_statement_copy,
)
from bluelamp.casework.victims.lookups import list_statement_copies
from bluelamp.casework.victims.models import StatementCopy
from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.notifications import code_rows
from bluelamp.foundation.notifications.encryption import decrypt_secrets
from bluelamp.foundation.notifications.lookups import TEMPLATES_FOLDER
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import PersonInput
from tests.casework.scenes import AT, DAMAGE, make_scene_statement
from tests.cast import browser
from tests.direct_writes import direct_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CODE = "012345"
BROWSER = "the browser that asked"
FACTS = {"name": "Kofi Asante", "detail": "se15 4ql"}


@pytest.fixture(autouse=True)
def digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_rows, "make_digits", lambda: CODE)


@pytest.fixture
def witness(db: None) -> Actor:
    return public_actor(address="192.0.2.7", force="01")


@pytest.fixture
def statement_id(ada: Actor, reference: None) -> UUID:
    kofi = PersonInput(given_name="Kofi", family_name="Asante")
    crime = NewCrime(offence_code=DAMAGE, summary="A mirror was broken.", victims=(kofi,))
    number = record_crime(actor=ada, at=AT, crime=crime).number
    detail = get_crime(actor=ada, at=AT, number=number)
    person_id = detail.people_with_role("victim")[0].id
    capture = make_scene_statement(crime_id=detail.id, person_id=person_id)
    return take_statement(actor=ada, at=AT, capture=capture, sha256="a" * 64).statement_id


def send(actor: Actor, statement_id: UUID, **changes: object) -> str:
    """Send a copy by text, and return the secret of the link in the message."""
    options = {"means": "sms", "is_safe": True, **changes}
    send_statement_copy(actor=actor, at=AT, statement_id=statement_id, **options)  # type: ignore[arg-type]
    message = Message.objects.filter(template="statement-copy").latest("requested_at")
    values = decrypt_secrets(message.personalisation, template=message.template)
    return str(values["link"]).rstrip("/").rpartition("/")[2]


def ask_for_code(witness: Actor, secret: str, facts: dict[str, str] | None = None) -> None:
    typed = FACTS if facts is None else facts
    send_copy_code(
        actor=witness,
        at=AT,
        secret=secret,
        name=typed["name"],
        detail=typed["detail"],
        browser_secret=BROWSER,
    )


def open_it(witness: Actor, secret: str, code: str = CODE, browser: str = BROWSER) -> StatementPdf:
    return open_copy(actor=witness, at=AT, secret=secret, code=code, browser_secret=browser)


def count_codes() -> int:
    return Message.objects.filter(template="one-time-code").count()


def test_it_works(ada: Actor, witness: Actor, statement_id: UUID) -> None:
    secret = send(ada, statement_id)
    message = Message.objects.get()
    assert (message.to, message.kind) == ("07700 900456", "sms")
    assert secret not in str(message.personalisation)
    assert StatementCopy.objects.get().secret_sha256 != secret
    ask_for_code(witness, secret)
    assert count_codes() == 1
    pdf = open_it(witness, secret)
    assert pdf.content.startswith(b"%PDF-")
    assert "statement" not in pdf.filename
    (row,) = list_statement_copies(actor=ada, at=AT, statement_id=statement_id).copies
    assert (row.openings, row.first_opened_at, row.sent_by_name) == (1, AT, ada.name)
    acts = AuditEntry.objects.filter(category="disclosure").values_list("act", flat=True)
    assert {"statement.copy_sent", "statement.copy_opened"} <= set(acts)


def test_the_message_says_nothing_of_a_statement() -> None:
    texts = [path.read_text().lower() for path in TEMPLATES_FOLDER.glob("statement-copy.*")]
    assert len(texts) == 4
    for text in texts:
        for word in ("statement", "police", "witness", "crime", "datganiad", "heddlu", "copy"):
            assert word not in text, (word, text)


def test_a_code_opens_it_once(ada: Actor, witness: Actor, statement_id: UUID) -> None:
    secret = send(ada, statement_id)
    ask_for_code(witness, secret)
    open_it(witness, secret)
    with pytest.raises(Refused):
        open_it(witness, secret)
    assert StatementCopy.objects.get().openings == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "", "detail": ""},
        {"name": "Kofi Asante", "detail": "SE1 1AA"},
        {"name": "Somebody Else", "detail": "SE15 4QL"},
    ],
)
def test_a_stranger_who_got_the_link_gets_no_code(
    ada: Actor, witness: Actor, statement_id: UUID, facts: dict[str, str]
) -> None:
    secret = send(ada, statement_id)
    ask_for_code(witness, secret, facts)
    assert count_codes() == 0
    with pytest.raises(Refused):
        open_it(witness, secret)


def test_a_wrong_code_or_another_browser_opens_nothing(
    ada: Actor, witness: Actor, statement_id: UUID
) -> None:
    secret = send(ada, statement_id)
    ask_for_code(witness, secret)
    for code, browser_secret in (("543210", BROWSER), (CODE, "another")):
        with pytest.raises(Refused):
            open_it(witness, secret, code, browser_secret)
    assert StatementCopy.objects.get().openings == 0


def test_the_link_ends(ada: Actor, witness: Actor, statement_id: UUID) -> None:
    secret = send(ada, statement_id)
    late = AT + timedelta(days=30)
    for link, at in ((secret, late), ("another", AT), ("", AT)):
        with pytest.raises(NotFound):
            send_copy_code(
                actor=witness, at=at, secret=link, name="", detail="", browser_secret=BROWSER
            )


def test_never_to_somebody_whom_it_is_not_safe_to_write_to(
    ada: Actor, witness: Actor, statement_id: UUID
) -> None:
    secret = send(ada, statement_id)
    with direct_writes():
        Person.objects.update(is_safe_to_contact=False)
    with pytest.raises(Refused, match="not safe to write"):
        send(ada, statement_id)
    copies = list_statement_copies(actor=ada, at=AT, statement_id=statement_id)
    assert (copies.is_unsafe, copies.means) == (True, ())
    # It was safe when it was sent.
    ask_for_code(witness, secret)
    assert count_codes() == 0


def test_what_refuses_it(ada: Actor, statement_id: UUID, settings: Settings) -> None:
    for changes, message in (
        ({"is_safe": False}, "Confirm"),
        ({"means": "email"}, "no such address"),
        ({"means": "pigeon"}, "no such address"),
    ):
        with pytest.raises(Refused, match=message):
            send(ada, statement_id, **changes)
    settings.BLUELAMP_STATEMENT_COPIES = False
    with pytest.raises(Refused, match="sends no copies"):
        send(ada, statement_id)
    assert not StatementCopy.objects.exists()


def test_only_staff_of_the_force(femi: Actor, witness: Actor, statement_id: UUID) -> None:
    with pytest.raises(NotFound):
        send(femi, statement_id)
    with pytest.raises(NotPermitted):
        send(witness, statement_id)


def test_the_pages(ada: Actor, statement_id: UUID) -> None:
    """From the desk to the file on the witness's phone."""
    desk = browser(cast.ADA)
    page = f"/desk/statements/{statement_id}/"
    assert "Send a copy" in desk.get(page).content.decode()
    refused = desk.post(f"{page}send-copy", {"means": "sms"})
    assert refused.status_code == 422
    assert "Confirm that they said" in refused.content.decode()
    assert desk.post(f"{page}send-copy", {"means": "sms", "safe": "yes"}).status_code == 302
    message = Message.objects.get(template="statement-copy")
    link = decrypt_secrets(message.personalisation, template=message.template)["link"]
    path = "/papers/" + str(link).rpartition("/papers/")[2]
    phone = Client()
    first = phone.get(path).content.decode()
    assert "Open what we sent you" in first
    assert "statement" not in first.lower()
    assert "Agor yr hyn a anfonwyd atoch" in phone.get(f"/cy{path}").content.decode()
    asked = phone.post(path, FACTS)
    assert asked["Location"] == f"{path}code/"
    assert phone.get(f"{path}code/").status_code == 200
    assert phone.post(f"{path}code/", {"code": "999999"}).status_code == 422
    answer = phone.post(f"{path}code/", {"code": CODE})
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert answer["Cache-Control"] == "no-store"
    shown = desk.get(page).content.decode()
    assert "Opened 1 time" in shown
    assert phone.post("/papers/another/", FACTS).status_code == 404
    assert phone.post("/papers/another/code/", {"code": CODE}).status_code == 404
    assert now() > AT
