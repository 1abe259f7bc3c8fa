"""Whoever was searched may have the link to the record sent, to an address for that only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from bluelamp.casework.encounters.commands import record_at_scene
from bluelamp.casework.encounters.lookups import get_encounter, get_own_copy
from bluelamp.casework.encounters.models import CopyLink
from bluelamp.casework.encounters.rules import SceneEncounter
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.retention import apply_policies
from bluelamp.foundation.notifications.encryption import decrypt_secrets
from bluelamp.foundation.notifications.lookups import TEMPLATES_FOLDER
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from tests.casework.encounters.kinds import KIND_VALUES
from tests.casework.encounters.scenes import AT, NAMED, SHA256, make_capture
from tests.serving_role import acting_as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
SECRET = "0123456789abcdef" * 2
MOBILE = "07700 900412"
# The 3 months that begin with 3 March end on 2 June, at midnight in London.
THREE_MONTHS_LATER = datetime(2026, 6, 2, 23, 0, tzinfo=UTC)


def search(**changes: Any) -> SceneEncounter:
    return make_capture(NAMED, copy_secret=SECRET, **changes)


def stop(**changes: Any) -> SceneEncounter:
    return replace(
        search(**changes),
        question_set="stop-account",
        version=built_in_files()["stop-account"].question_set.version,
        values=KIND_VALUES["stop-account"],
    )


def record(ada: Actor, capture: SceneEncounter, at: datetime = AT) -> str:
    return record_at_scene(actor=ada, at=at, capture=capture, sha256=SHA256).reference


def personalisation(message: Message) -> dict[str, Any]:
    return decrypt_secrets(message.personalisation, template=message.template)


def test_it_works(ada: Actor) -> None:
    reference = record(ada, search(receipt_to=MOBILE))
    message = Message.objects.get()
    assert (message.to, message.kind, message.reference) == (MOBILE, "sms", reference)
    values = personalisation(message)
    assert values["link"].endswith(f"/copy/{SECRET}/")
    assert values["until"] == "2 June 2026"
    # Neither the database nor the audit log has the link, or the number beside the search.
    assert SECRET not in str(message.personalisation)
    entries = str([(entry.ref, entry.detail) for entry in AuditEntry.objects.all()])
    assert SECRET not in entries
    assert "900412" not in entries
    (fate,) = get_encounter(actor=ada, at=AT, reference=reference).receipts
    assert (fate.kind, fate.state, fate.sent_at) == ("sms", "waiting", None)


def test_the_message_says_nothing_of_a_search() -> None:
    """Somebody else may read that phone."""
    texts = [path.read_text().lower() for path in TEMPLATES_FOLDER.glob("record-copy.*")]
    assert len(texts) == 4
    for text in texts:
        for word in ("stop", "search", "police", "officer", "chwili", "heddlu", "force", "crime"):
            assert word not in text, (word, text)


def test_the_number_goes_after_the_three_months(ada: Actor) -> None:
    reference = record(ada, search(receipt_to=MOBILE))
    with acting_as_owner(), writes_outside_commands(Exemption.TEST):
        kept = Message.objects.create(to="a@example.com", kind="email", force="01", requested_at=AT)
        apply_policies(THREE_MONTHS_LATER - timedelta(seconds=1))
        assert Message.objects.filter(reference=reference).exists()
        apply_policies(THREE_MONTHS_LATER)
    assert list(Message.objects.all()) == [kept]
    assert get_encounter(actor=ada, at=AT, reference=reference).receipts == ()


def test_in_welsh_with_the_welsh_page(ada: Actor) -> None:
    record(ada, search(receipt_to="sam@example.com", receipt_language="cy"))
    message = Message.objects.get()
    assert (message.kind, message.language) == ("email", "cy")
    values = personalisation(message)
    assert values["link"].endswith(f"/cy/copy/{SECRET}/")
    assert values["until"] == "2 Mehefin 2026"


def test_the_same_capture_twice_sends_one(ada: Actor) -> None:
    capture = search(receipt_to=MOBILE)
    record(ada, capture)
    record(ada, capture)
    assert Message.objects.count() == 1


def test_a_number_that_is_none_is_listed_without_it(ada: Actor) -> None:
    """The search is on record all the same: nothing sealed at the scene is lost for it."""
    reference = record(ada, search(receipt_to="020 7946 0000"))
    row = UndeliveredMessage.objects.get()
    assert (row.to, row.reference, row.template) == ("", reference, "record-copy")
    assert "neither an email address nor a UK mobile" in row.reason
    assert not Message.objects.exists()


def test_nothing_is_sent_when_the_link_is_over(ada: Actor) -> None:
    record(ada, search(receipt_to=MOBILE, made_at=AT, sent_at=AT + timedelta(days=100)),
           at=AT + timedelta(days=100))  # fmt: skip
    assert not Message.objects.exists()


@pytest.mark.parametrize("capture", [search(receipt_to=""), make_capture(receipt_to=MOBILE)])
def test_nothing_is_sent_without_a_number_or_without_a_link(
    ada: Actor, capture: SceneEncounter
) -> None:
    record(ada, capture)
    assert not Message.objects.exists()


def test_a_stop_and_account_has_a_receipt_only_where_the_force_gives_one(
    ada: Actor, settings: Settings
) -> None:
    """Code A, section 4: there is no national requirement to give one."""
    record(ada, stop(receipt_to=MOBILE))
    assert not CopyLink.objects.exists()
    assert not Message.objects.exists()
    settings.BLUELAMP_STOP_RECEIPTS = True
    reference = record(ada, stop(receipt_to=MOBILE))
    assert Message.objects.get().reference == reference
    person = public_actor(address="192.0.2.7", force="01")
    copy = get_own_copy(actor=person, at=AT, secret=SECRET, language="cy")
    assert (copy.kind, copy.reference) == ("stop-account", reference)
    shown = {row.label: row.lines for row in copy.rows}
    assert list(shown) == ["Rheswm", "Canlyniad"]
    assert str(KIND_VALUES["stop-account"]["account"]) not in str(copy)
