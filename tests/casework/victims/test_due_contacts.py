"""What the Victims' Code wants to be told to a victim, by when, and what was done of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.victims.commands import record_contact
from bluelamp.casework.victims.lookups import (
    VictimDue,
    list_due_of_crime,
    list_own_due,
    own_due_edition,
)
from bluelamp.casework.victims.rules import (
    CONTACT_LIMITS,
    ContactLimit,
    ContactTrigger,
    EnhancedReason,
    NewContact,
    allowed_ways,
    find_enhanced_reasons,
    list_due_contacts,
)
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.models import Person
from tests.direct_writes import direct_writes
from tests.web.officer.device import Device

RECORDED, NEEDS = ContactTrigger.RECORDED, ContactTrigger.NEEDS
ARRESTED, CHARGED = ContactTrigger.ARRESTED, ContactTrigger.CHARGED


@pytest.mark.parametrize(
    ("trigger", "since", "is_enhanced", "due_on"),
    [
        # contact_triggers.csv: Right 3 has no count of days.
        (RECORDED, date(2026, 3, 3), False, None),
        (RECORDED, date(2026, 3, 3), True, None),
        # Right 4: 2 working days for everybody, over a weekend too.
        (NEEDS, date(2026, 3, 3), False, date(2026, 3, 5)),
        (NEEDS, date(2026, 3, 3), True, date(2026, 3, 5)),
        (NEEDS, date(2026, 3, 6), False, date(2026, 3, 10)),
        # Right 6: 5 working days, or 1 with Enhanced Rights.
        (ARRESTED, date(2026, 3, 3), False, date(2026, 3, 10)),
        (ARRESTED, date(2026, 3, 3), True, date(2026, 3, 4)),
        # Good Friday and Easter Monday 2026 are 3 and 6 April.
        (CHARGED, date(2026, 4, 2), True, date(2026, 4, 7)),
        (CHARGED, date(2026, 4, 2), False, date(2026, 4, 13)),
        # Boxing Day 2026 is a Saturday: Monday 28 December stands for it.
        (NEEDS, date(2026, 12, 24), False, date(2026, 12, 30)),
    ],
)
def test_it_works(
    trigger: ContactTrigger, since: date, is_enhanced: bool, due_on: date | None
) -> None:
    (due,) = list_due_contacts(happened={trigger: since}, made=[], is_enhanced=is_enhanced)
    assert (due.trigger, due.since, due.due_on, due.done_on) == (trigger, since, due_on, None)


def test_a_contact_counts_for_what_came_before_it() -> None:
    day = date(2026, 3, 3)
    early, late = day - timedelta(days=1), day + timedelta(days=9)
    for made, done_on in (
        ([(ARRESTED, early)], None),
        ([(NEEDS, day)], None),
        ([(ARRESTED, day)], day),
        ([(ARRESTED, late), (ARRESTED, day)], day),
        ([(ARRESTED, early), (ARRESTED, late)], late),
    ):
        (due,) = list_due_contacts(happened={ARRESTED: day}, made=made, is_enhanced=False)
        assert due.done_on == done_on, made


def test_limits_are_those_in_force_on_the_day() -> None:
    """A new edition of the Code is further lines, and what happened before keeps its limit."""
    new = ContactLimit(trigger=NEEDS, right="4", standard=1, enhanced=1, from_=date(2027, 1, 1))
    limits = [*CONTACT_LIMITS, new]
    for since, due_on in (
        (date(2026, 3, 3), date(2026, 3, 5)),
        (date(2027, 3, 3), date(2027, 3, 4)),
    ):
        (due,) = list_due_contacts(
            happened={NEEDS: since}, made=[], is_enhanced=False, limits=limits
        )
        assert due.due_on == due_on
    before_the_code = {NEEDS: date(2021, 3, 31)}
    assert list_due_contacts(happened=before_the_code, made=[], is_enhanced=False) == ()


@pytest.mark.parametrize(
    ("born_on", "answers", "reasons"),
    [
        (None, {}, ()),
        (date(2008, 3, 3), {}, ()),
        (date(2008, 3, 4), {}, (EnhancedReason.UNDER_18,)),
        (date(2008, 2, 29), {}, ()),
        (None, {"domestic": "yes"}, (EnhancedReason.DOMESTIC_ABUSE,)),
        (None, {"domestic": "no", "hate": [], "vulnerable": []}, ()),
        (None, {"hate": ["race"]}, (EnhancedReason.HATE_CRIME,)),
        (None, {"vulnerable": ["mental", "repeat"]}, (EnhancedReason.VULNERABLE,)),
        (None, {"vulnerable": ["repeat"]}, ()),
    ],
)
def test_who_has_enhanced_rights(
    born_on: date | None, answers: dict[str, object], reasons: tuple[EnhancedReason, ...]
) -> None:
    found = find_enhanced_reasons(born_on=born_on, offence_on=date(2026, 3, 3), answers=answers)
    assert found == reasons


def test_only_a_safe_way_where_others_are_not() -> None:
    assert {str(way) for way in allowed_ways(is_safe_to_contact=False)} == {
        "in-person",
        "safe-way",
    }
    for answer in (True, None):
        assert "phone" in allowed_ways(is_safe_to_contact=answer)
        assert "safe-way" not in allowed_ways(is_safe_to_contact=answer)


@pytest.fixture
def crime(reference: None) -> Crime:
    """A crime that Ada recorded at the scene, whose victim is Kofi."""
    device = Device.of(cast.ADA)
    sent: dict[str, Any] = device.put(device.crime()).json()
    return Crime.objects.get(id=sent["id"])


def _due(ada: Actor) -> VictimDue:
    (row,) = list_own_due(actor=ada, at=now())
    return row


def _contact(crime: Crime, person_id: UUID, **changes: Any) -> NewContact:
    contact = NewContact(
        contact_id=new_id(),
        crime_id=crime.id,
        person_id=person_id,
        trigger="needs-and-support",
        way="phone",
        made_at=now(),
    )
    return replace(contact, **changes)


def test_a_contact_is_recorded_once(ada: Actor, femi: Actor, crime: Crime) -> None:
    row = _due(ada)
    assert {contact.trigger for contact in row.open_contacts} == {RECORDED, NEEDS}
    before = own_due_edition(actor=ada)
    contact = _contact(crime, row.victim.id)
    assert record_contact(actor=ada, at=now(), contact=contact, sha256="a" * 64)
    assert not record_contact(actor=ada, at=now(), contact=contact, sha256="a" * 64)
    with pytest.raises(Conflict):
        record_contact(actor=ada, at=now(), contact=contact, sha256="b" * 64)
    assert {contact.trigger for contact in _due(ada).open_contacts} == {RECORDED}
    assert own_due_edition(actor=ada) != before
    (of_crime,) = list_due_of_crime(actor=ada, at=now(), number=row.crime_number)
    assert of_crime == _due(ada)
    acts = AuditEntry.objects.filter(act="victim.contact_recorded", ref=row.crime_number)
    assert acts.count() >= 2
    assert list_own_due(actor=femi, at=now()) == ()
    with pytest.raises(NotFound):
        list_due_of_crime(actor=femi, at=now(), number=row.crime_number)
    with pytest.raises(NotFound):
        record_contact(actor=femi, at=now(), contact=_contact(crime, row.victim.id))


def test_what_is_refused(ada: Actor, crime: Crime) -> None:
    person_id = _due(ada).victim.id
    for changes, field in (
        ({"person_id": new_id()}, "person_id"),
        ({"trigger": "tea"}, "trigger"),
        ({"way": ""}, "way"),
        ({"way": "safe-way"}, "way"),
        ({"made_at": now() + timedelta(hours=1)}, "made_at"),
        ({"note": "x" * 4_001}, "note"),
    ):
        with pytest.raises(Refused) as refused:
            record_contact(
                actor=ada, at=now(), contact=replace(_contact(crime, person_id), **changes)
            )
        assert set(refused.value.errors) == {field}


def test_who_is_not_safe_is_contacted_as_they_said(ada: Actor, crime: Crime) -> None:
    person_id = _due(ada).victim.id
    with direct_writes():
        Person.objects.filter(id=person_id).update(is_safe_to_contact=False, safe_contact="other")
    for way in ("phone", "text", "email", "letter"):
        with pytest.raises(Refused) as refused:
            record_contact(actor=ada, at=now(), contact=_contact(crime, person_id, way=way))
        assert "safe" in refused.value.errors["way"]
    assert record_contact(actor=ada, at=now(), contact=_contact(crime, person_id, way="safe-way"))
    with direct_writes():
        Person.objects.filter(id=person_id).update(safe_contact="never")
    assert list_own_due(actor=ada, at=now()) == (), "they want no contact at all"


def test_it_is_due_from_whoever_deals_with_the_crime(
    ada: Actor, bilal: Actor, crime: Crime
) -> None:
    with direct_writes():
        Crime.objects.filter(id=crime.id).update(officer_in_case=bilal.id)
    assert list_own_due(actor=ada, at=now()) == ()
    assert _due(bilal).crime_id == crime.id
