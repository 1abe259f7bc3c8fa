"""The notice of a decision by post, and news by post for whoever gave only an address."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from bluelamp.demo import cast
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms.commands import inform_applicant, post_notice
from bluelamp.services.firearms.commands.letters import _system_actor
from bluelamp.services.firearms.models import Decision
from sandbox.notify import Notify
from tests.cast import signed_in
from tests.foundation.notifications.conftest import notify
from tests.services.firearms.licensing import (
    GRACE,
    check,
    decide,
    get,
    give_authority,
    ike,
    receive,
    recommend,
)

__all__ = ["notify"]
pytestmark = pytest.mark.django_db
BY_POST = replace(GRACE, email="")


@pytest.fixture(autouse=True)
def _authority(reference: None) -> None:
    give_authority()


def refuse(person: PersonInput = BY_POST) -> Decision:
    """Return the refusal of an application."""
    number = receive(applicant=person)
    check(number)
    recommend(number, decision="refuse", grounds=("27-danger",), risk="high")
    decide(number, decision="refuse", grounds=("27-danger",), reasons="Two warnings\nlast year")
    return Decision.objects.get(application__reference=number)


def test_it_works(notify: Notify, run_jobs: Callable[[], int]) -> None:
    decision = refuse()
    post_notice(actor=ike(), at=now(), decision_id=decision.id)
    post_notice(actor=ike(), at=now(), decision_id=decision.id)
    run_jobs()
    letters = [letter for letter in notify.messages({})["notifications"] if letter["postage"]]
    [letter] = [letter for letter in letters if letter["subject"] == "Pre-compiled PDF"]
    reader = PdfReader(BytesIO(notify.pdf(letter["id"])))
    text = "".join(page.extract_text() for page in reader.pages)
    for part in ("Grace Holloway", "14 Choumert Road", "SE15 4AA", "Two warnings", "21 days"):
        assert part in text
    assert "Danger to public safety or to the peace" in text
    message = Message.objects.get(notify_id=letter["id"])
    assert (message.state, message.personalisation) == (
        Message.State.DELIVERED,
        {"content": ""},
    )


def test_the_address_stands_in_the_window_and_nothing_else(notify: Notify) -> None:
    """GOV.UK Notify's letter specification: 24.6 mm, 39.5 mm, 85.4 mm by 26.8 mm."""
    from bluelamp.services.firearms.lookups import get_notice
    from bluelamp.services.firearms.notice_pdf import draw_notice_of

    notice = get_notice(actor=ike(), at=now(), decision_id=refuse().id)
    page = PdfReader(BytesIO(draw_notice_of(notice))).pages[0]
    inside: list[str] = []
    mm = 72 / 25.4

    def note(text: str, page_matrix: list[float], matrix: list[float], *_: object) -> None:
        a, b, c, d, e, f = page_matrix
        left = (a * matrix[4] + c * matrix[5] + e) / mm
        top = (float(page.mediabox.height) - (b * matrix[4] + d * matrix[5] + f)) / mm
        if text.strip() and 24 <= left <= 110 and 39.5 <= top <= 66.3:
            inside.append(text.strip())

    page.extract_text(visitor_text=note)
    assert "Grace Holloway" in " ".join(inside)
    assert "SE15 4AA" in " ".join(inside)
    assert "Metropolitan" not in " ".join(inside)
    assert "Notice" not in " ".join(inside)


def test_news_goes_by_post_to_whoever_gave_only_an_address(
    notify: Notify, run_jobs: Callable[[], int]
) -> None:
    application = get(receive(applicant=BY_POST))
    inform_applicant(
        actor=_system_actor("01"), at=now(), application_id=application.id, occasion="one"
    )
    run_jobs()
    [letter] = notify.messages({"template_type": ["letter"]})["notifications"]
    assert (letter["line_1"], letter["postcode"]) == ("Grace Holloway", "SE15 4AA")
    assert application.reference in letter["body"]


def test_whoever_gave_nothing_is_listed() -> None:
    application = get(receive(applicant=replace(BY_POST, address=None)))
    inform_applicant(
        actor=_system_actor("01"), at=now(), application_id=application.id, occasion="one"
    )
    assert "postal address" in UndeliveredMessage.objects.get(to__startswith="Grace").reason


def test_an_address_that_the_post_does_not_take_is_refused() -> None:
    decision = refuse(replace(BY_POST, address=LocationInput(address="A caravan")))
    with pytest.raises(Refused, match="street, a town and a postcode"):
        post_notice(actor=ike(), at=now(), decision_id=decision.id)


def test_others_cannot() -> None:
    decision = refuse()
    with pytest.raises(NotPermitted):
        post_notice(actor=signed_in(cast.BILAL), at=now(), decision_id=decision.id)
