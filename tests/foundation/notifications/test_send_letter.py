"""Letters: from a template, and as a PDF of ours; posted, or listed as undelivered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.notifications.commands import (
    send_message,
    send_message_or_list_undelivered,
    system_actor,
)
from bluelamp.foundation.notifications.letters import send_letter
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from bluelamp.foundation.notifications.rules import address_kind, postal_address
from sandbox.notify import Notify

pytestmark = pytest.mark.django_db
HOME = postal_address("Grace Holloway", "14 Choumert Road\nPeckham", "SE15 4AA")
PDF = b"%PDF-1.7\n% who and why\n%%EOF"
NEWS = {"reference": "FL/01/0000123/26", "force": "Met"}


def send_news(at: datetime, to: str = HOME) -> Message:
    return send_message(
        actor=system_actor("01"),
        at=at,
        to=to,
        template="firearms-news",
        personalisation=NEWS,
        reference="FL/01/0000123/26",
    )


def send_pdf(at: datetime, **changes: Any) -> Message:
    values: dict[str, Any] = {"to": HOME, "pdf": PDF, "reference": "R", "idempotency_key": "one"}
    return send_letter(actor=system_actor("01"), at=at, **(values | changes))


def test_it_works(at: datetime, notify: Notify, run_jobs: Callable[[], int]) -> None:
    message = send_news(at)
    run_jobs()
    message.refresh_from_db()
    assert (message.kind, message.state) == ("letter", Message.State.DELIVERED)
    [letter] = notify.messages({})["notifications"]
    assert [letter[f"line_{number}"] for number in (1, 2, 3)] == [
        "Grace Holloway",
        "14 Choumert Road",
        "Peckham",
    ]
    assert letter["postcode"] == "SE15 4AA"
    assert letter["reference"] == str(message.id)


def test_a_pdf_is_encrypted_until_it_is_sent_and_deleted_then(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = send_pdf(at)
    assert send_pdf(at).id == message.id, "one occasion is one letter"
    stored = Message.objects.get().personalisation["content"]
    assert "JVBER" not in stored
    run_jobs()
    message.refresh_from_db()
    assert (message.state, message.personalisation) == (
        Message.State.DELIVERED,
        {"content": ""},
    )
    [letter] = notify.messages({})["notifications"]
    assert notify.pdf(letter["id"]) == PDF
    assert letter["postage"] == "first"


@pytest.mark.parametrize("name", ["Perm Fail", "Tech Fail", "Returned"])
def test_a_letter_that_does_not_arrive_is_listed(
    at: datetime, notify: Notify, run_jobs: Callable[[], int], name: str
) -> None:
    message = send_news(at, postal_address(name, "14 Choumert Road, Peckham", "SE15 4AA"))
    run_jobs()
    message.refresh_from_db()
    assert message.state == Message.State.NOT_DELIVERED
    row = UndeliveredMessage.objects.get()
    assert row.reason == notify.message(str(message.notify_id))["status"]
    assert row.to == message.to


def test_an_address_that_notify_refuses_is_listed(
    at: datetime, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    message = send_news(at, "Grace\n14 Choumert Road\nAtlantis")
    run_jobs()
    message.refresh_from_db()
    assert message.state == Message.State.REFUSED
    assert "Last line of address" in UndeliveredMessage.objects.get().reason


def test_an_address_that_is_none_is_listed_at_once(at: datetime) -> None:
    message = send_message_or_list_undelivered(
        actor=system_actor("01"),
        at=at,
        to=postal_address("Grace Holloway", "no fixed abode", ""),
        template="firearms-news",
        personalisation=NEWS,
    )
    assert message is None
    assert "postal address" in UndeliveredMessage.objects.get().reason


def test_what_is_no_letter_is_refused(at: datetime) -> None:
    with pytest.raises(Refused, match="street, a town and a postcode"):
        send_pdf(at, to="grace@example.org")
    with pytest.raises(ValueError, match="a letter is a PDF"):
        send_pdf(at, pdf=b"<html>")
    with pytest.raises(NotPermitted):
        send_letter(
            actor=public_actor(address="192.0.2.1", force="01"),
            at=at,
            to=HOME,
            pdf=PDF,
            reference="R",
            idempotency_key="two",
        )


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        (("Grace", "14 Choumert Road\nPeckham", "SE15 4AA"), "letter"),
        (("Grace", "14 Choumert Road, Peckham", "SE15 4AA"), "letter"),
        (("Grace", "14 Choumert Road", "SE15 4AA"), "letter"),
        (("Grace", "1 Rue de la Paix\nParis", "France"), "letter"),
        (("Grace", "a\nb\nc\nd\ne\nf\ng\nh", "SE15 4AA"), "letter"),
        (("Grace", "14 Choumert Road", ""), ""),
        (("Grace", "14 Choumert Road", "12345"), ""),
        (("Grace", "(the farm)\nOtford", "TN14 5QF"), ""),
        (("Grace", "x" * 250, "SE15 4AA"), ""),
    ],
)
def test_postal_addresses(parts: tuple[str, ...], kind: str) -> None:
    assert address_kind(postal_address(*parts)) == kind
