"""A one-time code goes to an address that its owner confirmed, or to who knows the report's facts.

OWASP ASVS 5.0, 6.6.1. A mistyped number is a stranger's, who gets the receipt with the reference.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import record_at_scene
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.victims.commands import (
    confirm_report_address,
    exchange_code_for_session,
    send_address_code,
    send_code,
    try_confirm_address,
)
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.confirmed_addresses import (
    MAX_WRONG_FACTS_PER_HOUR,
    hash_browser_secret,
)
from bluelamp.foundation.notifications.models import ConfirmedAddress, Message
from bluelamp.records.people.contact_facts import hash_typed_facts
from bluelamp.records.people.rules import LocationInput, PersonInput
from tests.casework.scenes import AT, ESI, REPORT_ANSWERS, make_scene_crime, refusal_of

pytestmark = pytest.mark.django_db
STRANGERS = "07700 900777"
BROWSER = "a secret that only her browser has"


@pytest.fixture(autouse=True)
def codes(reference: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every code is 000000."""
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])


def _submit(**answers: Any) -> tuple[UUID, str]:
    report_id = new_id()
    by_text = replace(REPORT_ANSWERS, phone=STRANGERS, email="", contact_preference="text")
    sent = submit_report(actor=ESI, at=AT, report_id=report_id, answers=replace(by_text, **answers))
    return report_id, sent.reference


def _send(reference: str, name: str = "", postcode: str = "", **options: Any) -> int:
    """Ask for a code; return how many codes were texted in all."""
    send_code(
        actor=ESI,
        at=options.get("at", AT),
        reference=reference,
        facts=hash_typed_facts(name=name, detail=postcode),
        browser_hash=hash_browser_secret(options.get("browser", BROWSER)),
    )
    return Message.objects.filter(template="one-time-code").count()


def _opens(reference: str, *, browser: str = BROWSER) -> bool:
    session = exchange_code_for_session(
        actor=ESI, at=AT, reference=reference, code="000000", browser_secret=browser
    )
    return session is not None


def test_a_stranger_with_a_mistyped_number_gets_nothing() -> None:
    _, reference = _submit()
    assert _send(reference) == 0
    entry = AuditEntry.objects.filter(act="tracking.code_sent", ref=reference).latest("pk")
    assert entry.detail == {"sent": False, "reason": "not confirmed"}


def test_a_stranger_with_a_mistyped_email_address_gets_nothing() -> None:
    _, reference = _submit(email="esi.mensa@example.com", phone="", contact_preference="email")
    assert _send(reference) == 0
    assert _send(reference, name="Esi Mensah") == 0, "an e-mail address often says the name"


def test_who_knows_name_and_postcode_gets_a_code_and_confirms_by_it() -> None:
    _, reference = _submit()
    assert _send(reference, name="ESI  mensàh", postcode="se154ql") == 1
    assert _opens(reference)
    assert ConfirmedAddress.objects.get().address_key == "+447700900777"
    # From now on as before: the reference alone, from anywhere, and a code for any browser.
    assert _send(reference, browser="", at=AT + timedelta(minutes=1)) == 2
    assert _opens(reference, browser="")


def test_the_strangers_phone_gets_the_code_but_cannot_use_it() -> None:
    """She gives her name and postcode, and the code goes to the number that she mistyped."""
    _, reference = _submit()
    assert _send(reference, name="Esi Mensah", postcode="SE15 4QL") == 1
    assert not _opens(reference, browser="the stranger's")
    assert not _opens(reference, browser="")
    assert not ConfirmedAddress.objects.exists()
    # Nor does another code come for the stranger, who asks while hers is on its way.
    assert _send(reference, browser="the stranger's") == 1


def test_the_same_browser_gets_another_code_without_the_facts() -> None:
    _, reference = _submit()
    _send(reference, name="Esi Mensah", postcode="SE15 4QL")
    assert _send(reference, at=AT + timedelta(minutes=2)) == 2


@pytest.mark.parametrize(
    ("name", "postcode"),
    [("Esi Mensah", ""), ("", "SE15 4QL"), ("Esi", "SE15 4QL"), ("Esi Mensah", "SE15")],
)
def test_half_of_the_facts_is_not_enough(name: str, postcode: str) -> None:
    _, reference = _submit()
    assert _send(reference, name=name, postcode=postcode) == 0


def test_a_name_that_sounds_the_same_is_the_same() -> None:
    _, reference = _submit(family_name="Smith-O’Neill")
    assert _send(reference, name="smyth oneil", postcode=" se15-4ql ") == 1


def test_somebody_with_one_name_gives_that_and_the_postcode() -> None:
    _, reference = _submit(given_name="Sukarno", family_name="")
    assert _send(reference, postcode="SE15 4QL") == 0
    assert _send(reference, name="Sukarno", postcode="SE15 4QL") == 1


def test_a_report_without_a_postcode_takes_the_whole_name_for_a_text_only() -> None:
    _, reference = _submit(postcode="")
    assert _send(reference, name="Mensah") == 0
    assert _send(reference, name="Esi Mensah") == 1


def test_one_name_and_no_postcode_is_too_little() -> None:
    """What is left is to confirm the number after sending, a passphrase, or to call."""
    _, reference = _submit(given_name="Sukarno", family_name="", postcode="")
    assert _send(reference, name="Sukarno") == 0


def test_guessing_is_limited() -> None:
    _, reference = _submit()
    for guess in range(MAX_WRONG_FACTS_PER_HOUR):
        assert _send(reference, name=f"Name{guess}", postcode="SE15 4QL") == 0
    assert _send(reference, name="Esi Mensah", postcode="SE15 4QL") == 0
    later = AT + timedelta(hours=1, minutes=1)
    assert _send(reference, name="Esi Mensah", postcode="SE15 4QL", at=later) == 1


def test_a_code_after_sending_confirms_and_opens_nothing() -> None:
    report_id, reference = _submit()
    send_address_code(actor=ESI, at=AT, report_id=report_id)
    assert not _opens(reference), "whoever has the mistyped number gets this code too"
    assert not try_confirm_address(actor=ESI, at=AT, report_id=report_id, code="999999")
    errors = refusal_of(
        lambda: confirm_report_address(actor=ESI, at=AT, report_id=report_id, code="1")
    )
    assert list(errors) == ["code"]
    confirm_report_address(actor=ESI, at=AT, report_id=report_id, code="000 000")
    assert ConfirmedAddress.objects.get().method == "code-after-sending"
    assert _send(reference, browser="") == 2
    assert _opens(reference, browser="")


def test_nothing_is_sent_to_confirm_where_it_is_not_safe() -> None:
    report_id, _reference = _submit(is_safe_to_contact=False, safe_contact="never")
    send_address_code(actor=ESI, at=AT, report_id=report_id)
    assert not Message.objects.exists()


def test_another_persons_confirmed_number_vouches_for_nobody_else() -> None:
    """The stranger once reported something too, and confirmed the number."""
    strangers_id, _own = _submit(given_name="Una", family_name="Holt", postcode="E8 1EA")
    send_address_code(actor=ESI, at=AT, report_id=strangers_id)
    confirm_report_address(actor=ESI, at=AT, report_id=strangers_id, code="000000")
    before = Message.objects.filter(template="one-time-code").count()
    _, reference = _submit()
    assert _send(reference) == before


def test_a_crime_that_an_officer_recorded_takes_the_same_facts(ada: Actor) -> None:
    victim = PersonInput(
        given_name="Kofi",
        family_name="Asante",
        phone="07700 900456",
        is_safe_to_contact=True,
        address=LocationInput(address="14 Acorn Parade, Peckham", postcode="SE15 4QL"),
    )
    capture = make_scene_crime(number=None, lease_id=None, device_id=UUID(int=1), victim=victim)
    number = record_at_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64).number
    assert _send(number) == 0
    assert _send(number, name="Kofi Asante", postcode="SE15 4QL") == 1
    assert _opens(number)
    assert _send(number, browser="") == 2
