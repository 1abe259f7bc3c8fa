from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.records.reference.commands import amend_row
from bluelamp.records.reference.lookups import find_offences, get_offence
from bluelamp.records.reference.models import Offence
from tests.cast import INSTALLER, START, actor
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.usefixtures("reference")
APRIL = date(2026, 4, 1)


def _amend(**changes: Any) -> UUID:
    arguments: dict[str, Any] = {
        "actor": INSTALLER,
        "at": START,
        "kind": "offence",
        "code": "CD71039/58C",
        "changes": {"title": "Damage a vehicle", "source": "HOCR April 2026"},
        "valid_from": APRIL,
    }
    return amend_row(**(arguments | changes))


def test_it_works() -> None:
    after = Offence.objects.get(id=_amend())
    before = Offence.objects.get(code="CD71039/58C", valid_to=APRIL)
    assert before.title == "Criminal damage to property - value under £5000"
    assert (after.title, after.valid_from, after.valid_to) == ("Damage a vehicle", APRIL, None)
    assert (after.ho_class, after.commonness) == (before.ho_class, before.commonness)
    assert after.id != before.id
    assert before.is_from_memory
    assert not after.is_from_memory
    entry = AuditEntry.objects.get(act="reference.amended")
    assert entry.ref == "offence CD71039/58C"
    assert entry.subject_id == after.id
    assert entry.detail == {"changed": ["source", "title"], "valid_from": "2026-04-01"}


def test_each_day_has_the_version_that_was_true_on_it() -> None:
    find_offences("crim dam veh", on=APRIL)
    _amend()
    on_the_eve = get_offence("CD71039/58C", on=date(2026, 3, 31))
    on_the_day = get_offence("CD71039/58C", on=APRIL)
    assert on_the_eve
    assert on_the_eve.title == "Criminal damage to property - value under £5000"
    assert on_the_day
    assert on_the_day.title == "Damage a vehicle"
    assert find_offences("damage a vehicle", on=APRIL)[0].title == "Damage a vehicle"
    assert [row.title for row in find_offences("58c", on=APRIL)].count("Damage a vehicle") == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "weather"}, "kind"),
        ({"changes": {"colour": "blue"}}, "colour"),
        ({"changes": {"code": "X"}}, "code"),
        ({"changes": {"valid_to": APRIL}}, "valid_to"),
        ({"changes": {}}, "changes"),
        ({"changes": {"ho_class": "58C"}}, "changes"),
        ({"changes": {"title": ""}}, "title"),
        ({"changes": {"title": "a\x00b"}}, "title"),
        ({"changes": {"commonness": "often"}}, "commonness"),
        ({"changes": {"ho_class": "5" * 13}}, "ho_class"),
        ({"valid_from": date(1900, 1, 1)}, "valid_from"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        _amend(**changes)
    assert field in refused.value.errors
    assert Offence.objects.filter(code="CD71039/58C").count() == 1


def test_an_unknown_code_is_not_found() -> None:
    with pytest.raises(NotFound):
        _amend(code="ZZ00000")


def test_someone_without_the_permission_is_refused() -> None:
    with pytest.raises(NotPermitted):
        _amend(actor=actor(cast.FEMI))


def test_the_database_keeps_one_open_version() -> None:
    row = Offence.objects.get(code="CD71039/58C")
    row.pk, row.valid_from = None, APRIL
    with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
        row.save(force_insert=True)
