from datetime import UTC, datetime

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.records.people.commands import get_or_create_person
from bluelamp.records.people.lookups import search_people
from bluelamp.records.people.rules import PersonInput
from tests.acts import within_command
from tests.cast import actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
ADA, FEMI = actor(cast.ADA), actor(cast.FEMI)


def create_people(*names: str, phone: str = "") -> None:
    for name in names:
        given_name, family_name = name.split()
        details = PersonInput(given_name=given_name, family_name=family_name, phone=phone)
        with within_command(ADA):
            get_or_create_person(actor=ADA, at=AT, details=details)


def found_names(q: str) -> list[str]:
    return [person.name for person in search_people(actor=ADA, at=AT, q=q).people]


def test_it_works() -> None:
    create_people("Kwame Boateng", "Ama Owusu")
    result = search_people(actor=ADA, at=AT, q="boateng")
    assert ([person.name for person in result.people], result.total) == (["Kwame Boateng"], 1)
    assert search_people(actor=FEMI, at=AT, q="boateng").total == 0
    assert AuditEntry.objects.filter(act="person.searched").count() == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("smyth", "Ann Smith"),
        ("kestril", "Jo Kestrel"),
        ("muhammad", "Ali Mohammed"),
        ("jo kestril", "Jo Kestrel"),
    ],
)
def test_a_name_is_found_as_it_sounds(text: str, name: str) -> None:
    create_people("Ann Smith", "Jo Kestrel", "Ali Mohammed")
    assert found_names(text) == [name]


@pytest.mark.parametrize("text", ["07700 900123", "+44 (0)7700 900123", "+447700900123"])
def test_somebody_is_found_by_phone_however_it_is_typed(text: str) -> None:
    create_people("Ann Smith", phone="07700900123")
    assert found_names(text) == ["Ann Smith"]


def test_nothing_typed_finds_nobody() -> None:
    create_people("Ann Smith")
    assert found_names("") == found_names("?!") == []


def test_the_total_counts_those_who_are_not_shown() -> None:
    create_people("Abena Owusu", "Kofi Owusu", "Yaw Owusu")
    result = search_people(actor=ADA, at=AT, q="owusu", limit=2)
    assert [person.name for person in result.people] == ["Abena Owusu", "Kofi Owusu"]
    assert result.total == 3
    assert search_people(actor=ADA, at=AT, q="owusu", limit=3).total == 3
