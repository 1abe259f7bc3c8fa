"""A passphrase opens the case of whom no message may be sent to, and is not guessed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.models import Report
from bluelamp.casework.victims.commands import (
    choose_first_passphrase,
    choose_passphrase,
    exchange_passphrase_for_session,
    open_session_with_passphrase,
)
from bluelamp.casework.victims.lookups import get_report_confirmation, get_tracked_case
from bluelamp.casework.victims.models import TrackingPassphrase
from bluelamp.casework.victims.rules import MAX_PASSPHRASE_TRIES_PER_HOUR
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message
from tests.casework.scenes import AT, ESI, UNSAFE_ANSWERS, refusal_of
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
PASSPHRASE = "Copper  kettle garden"


@pytest.fixture
def unsafe(reference: None) -> Report:
    """The report of somebody whom it is not safe to contact, with a passphrase."""
    sent = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=UNSAFE_ANSWERS)
    choose_first_passphrase(actor=ESI, at=AT, report_id=sent.report_id, passphrase=PASSPHRASE)
    return Report.objects.get(id=sent.report_id)


def _is_right(report: Report, passphrase: str, at: datetime = AT) -> bool:
    session_id = exchange_passphrase_for_session(
        actor=ESI, at=at, reference=report.reference, passphrase=passphrase
    )
    return session_id is not None


def test_it_works(unsafe: Report) -> None:
    session_id = open_session_with_passphrase(
        actor=ESI, at=AT, reference=unsafe.reference, passphrase="copper kettle  GARDEN "
    )
    case = get_tracked_case(actor=ESI, at=AT, tracking_session_id=session_id)
    assert (case.reference, case.contact.has_passphrase) == (unsafe.reference, True)
    assert (case.contact.message_kind, case.contact.safe_contact) == ("", "never")
    assert not Message.objects.exists()
    acts = AuditEntry.objects.filter(ref=unsafe.reference).values_list("act", flat=True)
    assert {"tracking.passphrase_chosen", "tracking.passphrase_checked", "case.tracked"} <= set(
        acts
    )


def test_it_is_stored_hashed(unsafe: Report) -> None:
    row = TrackingPassphrase.objects.get()
    assert "kettle" not in repr(row.__dict__)
    assert not AuditEntry.objects.filter(detail__icontains="kettle").exists()


@pytest.mark.parametrize(
    ("passphrase", "sentence"),
    [
        ("  ", "Enter a passphrase"),
        ("kettle", "Passphrase must be 8 characters or more"),
        ("k" * 201, "Passphrase must be 200 characters or fewer"),
        ("Password1", "Choose a passphrase that is harder to guess"),
        ("aaaaaaaaaaaa", "Choose a passphrase that is harder to guess"),
    ],
)
def test_one_that_is_soon_guessed_is_refused(
    reference: None, passphrase: str, sentence: str
) -> None:
    sent = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=UNSAFE_ANSWERS)
    errors = refusal_of(
        lambda: choose_first_passphrase(
            actor=ESI, at=AT, report_id=sent.report_id, passphrase=passphrase
        )
    )
    assert errors == {"passphrase": sentence}


def test_whoever_finds_the_page_open_cannot_replace_it(unsafe: Report) -> None:
    with pytest.raises(Conflict):
        choose_first_passphrase(actor=ESI, at=AT, report_id=unsafe.id, passphrase="another one")
    assert _is_right(unsafe, PASSPHRASE)


def test_in_an_open_session_it_can_be_replaced(unsafe: Report) -> None:
    session_id = exchange_passphrase_for_session(
        actor=ESI, at=AT, reference=unsafe.reference, passphrase=PASSPHRASE
    )
    assert session_id
    choose_passphrase(
        actor=ESI, at=AT, tracking_session_id=session_id, passphrase="a quiet morning"
    )
    assert not _is_right(unsafe, PASSPHRASE)
    assert _is_right(unsafe, "a quiet morning")
    later = AT + timedelta(hours=3)
    with pytest.raises(NotFound):
        choose_passphrase(
            actor=ESI, at=later, tracking_session_id=session_id, passphrase="too late now"
        )


def test_five_wrong_tries_block_it_for_an_hour(unsafe: Report) -> None:
    for _ in range(MAX_PASSPHRASE_TRIES_PER_HOUR):
        assert not _is_right(unsafe, "a wrong one")
    assert not _is_right(unsafe, PASSPHRASE)
    assert not _is_right(unsafe, PASSPHRASE, AT + timedelta(minutes=59))
    # Tries while it is blocked count too.
    assert _is_right(unsafe, PASSPHRASE, AT + timedelta(hours=2))


def test_twenty_wrong_tries_block_it_for_a_day(unsafe: Report) -> None:
    for number in range(20):
        assert not _is_right(unsafe, "a wrong one", AT + timedelta(minutes=30 * number))
    assert not _is_right(unsafe, PASSPHRASE, AT + timedelta(hours=12))
    assert _is_right(unsafe, PASSPHRASE, AT + timedelta(hours=36))


def test_a_wrong_try_does_not_take_back_those_at_another_persons(unsafe: Report) -> None:
    """Two people of one case have a passphrase each; somebody has been guessing at the second."""
    second = "bold quiet river"
    answers = replace(UNSAFE_ANSWERS, given_name="Kofi", family_name="Asante")
    kofi = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=answers)
    with direct_writes():
        TrackingPassphrase.objects.create(
            report=unsafe,
            person_id=Report.objects.get(id=kofi.report_id).person_reporting_id,
            passphrase_hash=make_password(second),
            chosen_at=AT,
            wrong_tries_at=[AT - timedelta(minutes=5)] * MAX_PASSPHRASE_TRIES_PER_HOUR,
        )
    assert not _is_right(unsafe, second)
    assert not _is_right(unsafe, "a wrong one")
    assert not _is_right(unsafe, second)
    assert _is_right(unsafe, second, AT + timedelta(hours=2))


def test_another_report_of_hers_is_not_opened(unsafe: Report) -> None:
    other = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=UNSAFE_ANSWERS)
    assert (
        exchange_passphrase_for_session(
            actor=ESI, at=AT, reference=other.reference, passphrase=PASSPHRASE
        )
        is None
    )
    confirmation = get_report_confirmation(actor=ESI, at=AT, report_id=other.report_id)
    assert confirmation.contact.has_passphrase is False
    assert confirmation.kind == "domestic-abuse"
