"""Rows written and read past the ORM are the rows that the ORM would write and read."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bluelamp.casework.crimes.models import CrimeNumber
from bluelamp.casework.crimes.rules import NumberState
from bluelamp.foundation.accounts.models import Role
from bluelamp.foundation.kernel.database.fast_sql import (
    _column_value,
    bulk_insert,
    get_or_none,
    insert_or_ignore,
)
from bluelamp.foundation.kernel.models import OutboxEvent, Receipt
from bluelamp.records.reference.models import Postcode

pytestmark = pytest.mark.django_db
NAMES = ["tea", "% of £", "'; DROP TABLE x; --", 'a "quoted" \\ name', "한글 🏮", "%s %(x)s {}"]


def test_it_works() -> None:
    roles = [
        Role(name=f"role-{number}", title=name, permissions=[name])
        for number, name in enumerate(NAMES)
    ]
    event = OutboxEvent(name="tests.published.v1", payload={"what": NAMES, "when": None})
    with CaptureQueriesContext(connection) as queries:
        bulk_insert(*roles, event)
    assert len(queries) == 1
    assert [(role.title, role.permissions) for role in Role.objects.order_by("name")] == [
        (name, [name]) for name in NAMES
    ]
    stored = OutboxEvent.objects.get()
    assert stored.payload == {"what": NAMES, "when": None}
    assert abs((stored.at - datetime.now(UTC)).total_seconds()) < 60
    event.name = "tests.changed.v1"
    event.save()
    assert OutboxEvent.objects.get().name == "tests.changed.v1", (
        "an inserted row counts as stored, so that a later save updates it"
    )


def test_a_column_with_a_default_of_the_database_is_written_where_the_row_has_a_value() -> None:
    last_year = datetime(2025, 3, 3, tzinfo=UTC)
    rows = {
        serial: CrimeNumber(force="01", year=2026, serial=serial, state="void", void_reason="Torn")
        for serial in (1, 2)
    }
    rows[1].changed_at = last_year
    bulk_insert(rows[1])
    assert insert_or_ignore(rows[2])
    stored = dict(CrimeNumber.objects.values_list("serial", "changed_at"))
    assert stored[1] == last_year
    assert stored[2].date() == datetime.now(UTC).date(), "no value: the database's default"


def test_constraints_apply() -> None:
    bulk_insert(Role(name="tea", title="Tea", permissions=[]))
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(
            Role(name="gin", title="Gin", permissions=[]),
            Role(name="tea", title="Tea", permissions=[]),
        )
    assert Role.objects.count() == 1


def test_an_existing_row_is_left_as_it_is() -> None:
    first = Receipt(sha256="a" * 64, kind="crime")
    assert insert_or_ignore(first)
    assert not insert_or_ignore(Receipt(id=first.id, sha256="b" * 64, kind="crime"))
    assert Receipt.objects.get().sha256 == "a" * 64


def test_only_the_named_column_may_be_taken() -> None:
    role = Role(name="tea", title="Tea", permissions=[])
    assert insert_or_ignore(role, conflict_column="name")
    assert not insert_or_ignore(
        Role(name="tea", title="Tea", permissions=[]), conflict_column="name"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_or_ignore(
            Role(id=role.id, name="gin", title="Gin", permissions=[]), conflict_column="name"
        )


def test_an_existing_row_does_not_stop_the_others() -> None:
    existing = Receipt(sha256="a" * 64, kind="crime")
    bulk_insert(existing)
    again = Receipt(id=existing.id, sha256="b" * 64, kind="crime")
    other = Receipt(sha256="c" * 64, kind="crime")
    bulk_insert(other, ignore_existing=[again])
    assert sorted(Receipt.objects.values_list("sha256", flat=True)) == ["a" * 64, "c" * 64]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(again)


def test_text_that_cannot_be_stored_is_refused_as_save_refuses_it() -> None:
    for write in (bulk_insert, Role.save):
        with pytest.raises(DataError), transaction.atomic():
            write(Role(name="a\0b", title="Tea", permissions=[]))


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_what_filter_finds(name: str) -> None:
    created = Postcode.objects.create(
        postcode=name[:7], easting=1, northing=None, district="E09", ward=""
    )
    with CaptureQueriesContext(connection) as queries:
        row = get_or_none(Postcode, postcode=name[:7], easting=1)
    assert len(queries) == 1
    assert row is not None
    assert row == created
    assert (row.district, row.northing, row._state.adding) == ("E09", None, False)
    row.ward = "E05"
    row.save()
    assert Postcode.objects.get(postcode=name[:7]).ward == "E05"
    assert get_or_none(Postcode, postcode=name[:7], easting=2) is None


def test_columns_that_django_converts_are_refused() -> None:
    with pytest.raises(TypeError, match="payload"):
        get_or_none(OutboxEvent, name="tests.published.v1")


def test_what_is_not_converted_is_what_the_orm_would_send() -> None:
    fields = {field.attname: field for field in CrimeNumber._meta.concrete_fields}
    values = {"id": uuid4(), "force": "01", "state": NumberState.VOID, "void_reason": "Torn"}
    for name, value in values.items():
        sent = _column_value(fields[name], value)
        expected = fields[name].get_db_prep_save(value, connection=connection)
        assert (sent, type(sent)) == (expected, type(expected)), name
