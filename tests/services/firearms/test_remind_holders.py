"""Holders are reminded 16, 12 and 8 weeks before a certificate ends."""

from datetime import date, datetime, timedelta

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.commands.reminding import remind_holders
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.rules.clocks import reminder_weeks
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import receive
from tests.services.firearms.test_vetting import holder

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
