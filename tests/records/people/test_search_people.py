from datetime import UTC, datetime

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.records.people.commands import keep_person
from bluelamp.records.people.queries import search_people
from bluelamp.records.people.rules import PersonDetails
from tests.cast import actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
ADA, FEMI = actor(cast.ADA), actor(cast.FEMI)


def _known(*names: str) -> None:
    for name in names:
        given, family = name.split()
        keep_person(actor=ADA, at=AT, details=PersonDetails(given_name=given, family_name=family))


def test_it_works() -> None:
    _known("Kwame Boateng", "Ama Owusu")
    found = search_people(actor=ADA, at=AT, q="boateng")
    assert ([each.name for each in found.people], found.total) == (["Kwame Boateng"], 1)
    assert search_people(actor=FEMI, at=AT, q="boateng").total == 0
    assert AuditEntry.objects.filter(act="person.searched").count() == 2


def test_the_total_counts_those_who_are_not_shown() -> None:
    _known("Abena Owusu", "Kofi Owusu", "Yaw Owusu")
    found = search_people(actor=ADA, at=AT, q="owusu", limit=2)
    assert ([each.name for each in found.people], found.total) == (["Abena Owusu", "Kofi Owusu"], 3)
    assert search_people(actor=ADA, at=AT, q="owusu", limit=3).total == 3
