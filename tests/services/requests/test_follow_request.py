"""Somebody follows their request with its reference and a one-time code."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications import code_rows
from bluelamp.foundation.notifications.models import Message, OneTimeCode
from bluelamp.services.requests.commands import end_session, open_session, request_code, send_code
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.lookups import get_own_request
from tests.confirmed_addresses import confirm_everybody
from tests.services.requests.making import CLARES_LAW, SUBJECT_ACCESS, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes that a test knows."""
    monkeypatch.setattr(code_rows, "make_digits", lambda: "012345")


def send(at: datetime, reference: str) -> None:
    confirm_everybody()
    send_code(actor=system_actor("01"), at=at, reference=reference)


def test_it_works(at: datetime, run_jobs: Callable[[], int]) -> None:
    request = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS)
    confirm_everybody()
    request_code(actor=public_actor(), at=at, reference="rq 26/000001")
    run_jobs()
    assert OneTimeCode.objects.count() == 1
    sent_at = OneTimeCode.objects.get().sent_at
    session_id = open_session(
        actor=public_actor(), at=sent_at, reference=request.reference, code="012 345"
    )
    own = get_own_request(actor=public_actor(), at=sent_at, session_id=session_id)
    assert own.reference == request.reference
    late = sent_at + timedelta(hours=2)
    with pytest.raises(NotFound):
        get_own_request(actor=public_actor(), at=late, session_id=session_id)
    end_session(actor=public_actor(), at=sent_at, session_id=session_id)
    with pytest.raises(NotFound):
        get_own_request(actor=public_actor(), at=sent_at, session_id=session_id)


def test_a_code_lasts_ten_minutes_five_tries_and_one_use(at: datetime) -> None:
    reference = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference

    def attempt(code: str, moment: datetime) -> bool:
        try:
            open_session(actor=public_actor(), at=moment, reference=reference, code=code)
        except Refused:
            return False
        return True

    send(at, reference)
    assert not attempt("012345", at + timedelta(minutes=10))
    send(at, reference)
    for _number in range(5):
        assert not attempt("999999", at)
    assert not attempt("012345", at)
    send(at, reference)
    assert attempt("012345", at)
    assert not attempt("012345", at)


def test_codes_are_few_enough_not_to_bother_anybody(at: datetime) -> None:
    reference = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference
    for _number in range(8):
        send(at, reference)
    assert Message.objects.filter(template="one-time-code").count() == 5


def test_nothing_is_sent_about_clares_law_or_an_unknown_reference(at: datetime) -> None:
    send(at, make(at, "DISCLOSURE_SCHEME", CLARES_LAW).reference)
    send(at, "RQ-26-999999")
    send(at, "nonsense")
    assert not OneTimeCode.objects.exists()
    with pytest.raises(Refused):
        open_session(actor=public_actor(), at=at, reference="RQ-26-999999", code="012345")
