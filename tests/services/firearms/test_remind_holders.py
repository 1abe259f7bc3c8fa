"""Holders are reminded 16, 12 and 8 weeks before a certificate ends."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.commands import reminding
from bluelamp.services.firearms.commands.reminding import remind_holders
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.clocks import reminder_weeks
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import receive
from tests.services.firearms.test_vetting import certificate, holder

__all__ = ["holder"]

pytestmark = pytest.mark.django_db
LETTERS = Actor.system("firearms licensing", permissions={"notification.send"})
ENDS = date(2026, 6, 23)  # 16 weeks after 3 March


def end_on(day: date) -> None:
    with direct_writes():
        Certificate.objects.update(expires_on=day)


def test_it_works(at: datetime, holder: Person) -> None:
    end_on(ENDS)
    for days in range(120):
        remind_holders(actor=LETTERS, at=at + timedelta(days=days))
    messages = Message.objects.filter(template="certificate-ends").order_by("requested_at")
    assert [(message.requested_at - at).days for message in messages] == [0, 28, 56]
    last = messages.last()
    assert last is not None
    assert last.personalisation["until"] == "23 June 2026"
    # The last day on which a complete renewal keeps it in force is the day of the last reminder.
    assert last.personalisation["apply_by"] == "28 April 2026"
    assert last.personalisation["extended"] == "18 August 2026"


def test_only_what_the_law_extends_is_said_to_be_extended(at: datetime, holder: Person) -> None:
    with direct_writes():
        certificate(holder, kind="dealer", expires_on=ENDS)
    remind_holders(actor=LETTERS, at=at)
    message = Message.objects.get()
    assert message.template == "licence-ends"
    assert set(message.personalisation) == {"reference", "until", "link", "force"}
    assert message.personalisation["link"].endswith("/firearms/apply/")


def test_whoever_has_applied_or_is_not_safe_gets_none(at: datetime, holder: Person) -> None:
    end_on(ENDS)
    with direct_writes():
        Person.objects.filter(id=holder.id).update(is_safe_to_contact=False)
    assert remind_holders(actor=LETTERS, at=at) == 0
    with direct_writes():
        Person.objects.filter(id=holder.id).update(is_safe_to_contact=True)
    receive(kind="renewal", at=at)
    assert remind_holders(actor=LETTERS, at=at) == 0


def test_one_that_ended_gets_none(at: datetime, holder: Person) -> None:
    end_on(ENDS)
    with direct_writes():
        Certificate.objects.update(state="revoked", ended_on=date(2026, 3, 1))
    assert remind_holders(actor=LETTERS, at=at) == 0


@pytest.mark.parametrize(
    ("days_before", "weeks"),
    [(113, None), (112, 16), (106, 16), (105, None), (84, 12), (56, 8), (50, 8), (49, None)],
)
def test_when_a_reminder_is_due(days_before: int, weeks: int | None) -> None:
    assert reminder_weeks(ENDS, on=ENDS - timedelta(days=days_before)) == weeks


def remind_in_small_batches(monkeypatch: pytest.MonkeyPatch, person: Person) -> None:
    """Have five certificates of one day, and two in each batch."""
    monkeypatch.setattr(reminding, "_BATCH", 2)
    with direct_writes():
        for _ in range(4):
            certificate(person)
    end_on(ENDS)


def reminded_numbers() -> list[str]:
    messages = Message.objects.filter(template="certificate-ends")
    return sorted(messages.values_list("reference", flat=True))


def test_each_batch_goes_on_after_the_one_before(
    at: datetime, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind_in_small_batches(monkeypatch, holder)
    assert remind_holders(actor=LETTERS, at=at) == 5
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert reminded_numbers() == numbers


@pytest.mark.django_db(transaction=True)
def test_stopped_half_way_it_goes_on_where_it_was(
    at: datetime, holder: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a batch did is committed, and what the one that broke off did is undone."""
    remind_in_small_batches(monkeypatch, holder)
    third = Certificate.objects.order_by("id")[2]
    table = f"ALTER TABLE {Message._meta.db_table}"
    with direct_writes(), connection.cursor() as cursor:
        cursor.execute(f"{table} ADD CONSTRAINT broken CHECK (reference <> '{third.number}')")
    try:
        with pytest.raises(Message.DoesNotExist):
            remind_holders(actor=LETTERS, at=at)
    finally:
        with direct_writes(), connection.cursor() as cursor:
            cursor.execute(f"{table} DROP CONSTRAINT broken")
    assert len(reminded_numbers()) == 2
    assert remind_holders(actor=LETTERS, at=at) == 5
    assert len(reminded_numbers()) == len(set(reminded_numbers())) == 5


def test_nobody_is_told_to_apply_for_a_temporary_permit(at: datetime, holder: Person) -> None:
    """Somebody of the team issues it, and there is no form for it."""
    with direct_writes():
        certificate(holder, kind="temporary-permit", expires_on=ENDS)
    assert remind_holders(actor=LETTERS, at=at) == 0
