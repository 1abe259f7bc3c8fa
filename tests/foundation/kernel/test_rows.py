"""Rows written in one round trip are the rows that `save` would write; what is held back goes with
its transaction.
"""

from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bluelamp.foundation.accounts.models import Role
from bluelamp.foundation.kernel.jobs import enqueue
from bluelamp.foundation.kernel.models import OutboxEvent, Receipt
from bluelamp.foundation.kernel.rows import find, insert, insert_if_new
from bluelamp.foundation.kernel.together import insert_soon, together
from bluelamp.records.reference.models import Postcode

pytestmark = pytest.mark.django_db
NAMES = ["tea", "% of £", "'; DROP TABLE x; --", 'a "quoted" \\ name', "한글 🏮", "%s %(x)s {}"]


def test_it_works() -> None:
    roles = [
        Role(name=f"role-{place}", title=name, permissions=[name])
        for place, name in enumerate(NAMES)
    ]
    event = OutboxEvent(name="Told", payload={"what": NAMES, "when": None})
    with CaptureQueriesContext(connection) as queries:
        insert(*roles, event)
    assert len(queries) == 1
    assert [(role.title, role.permissions) for role in Role.objects.order_by("name")] == [
        (n, [n]) for n in NAMES
    ]
    kept = OutboxEvent.objects.get()
    assert kept.payload == {"what": NAMES, "when": None}
    assert abs((kept.at - datetime.now(UTC)).total_seconds()) < 60
    event.name = "Changed"
    event.save()
    assert OutboxEvent.objects.get().name == "Changed", (
        "an inserted row is saved as one that is there"
    )


def test_a_constraint_holds() -> None:
    insert(Role(name="tea", title="Tea", permissions=[]))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(
            Role(name="gin", title="Gin", permissions=[]),
            Role(name="tea", title="Tea", permissions=[]),
        )
    assert Role.objects.count() == 1


def test_one_that_is_there_is_left() -> None:
    first = Receipt(sha256="a" * 64, kind="crime")
    assert insert_if_new(first)
    assert not insert_if_new(Receipt(id=first.id, sha256="b" * 64, kind="crime"))
    assert Receipt.objects.get().sha256 == "a" * 64


def test_one_that_may_be_there_is_left_and_the_others_come() -> None:
    held = Receipt(sha256="a" * 64, kind="crime")
    insert(held)
    again, other = (
        Receipt(id=held.id, sha256="b" * 64, kind="crime"),
        Receipt(sha256="c" * 64, kind="crime"),
    )
    insert(other, shared=[again])
    assert sorted(Receipt.objects.values_list("sha256", flat=True)) == ["a" * 64, "c" * 64]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(again)


def test_text_that_cannot_be_kept_is_refused_as_save_refuses_it() -> None:
    for write in (insert, Role.save):
        with pytest.raises(DataError), transaction.atomic():
            write(Role(name="a\0b", title="Tea", permissions=[]))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_is_what_filter_finds(name: str) -> None:
    kept = Postcode.objects.create(
        postcode=name[:7], easting=1, northing=None, district="E09", ward=""
    )
    with CaptureQueriesContext(connection) as queries:
        found = find(Postcode, postcode=name[:7], easting=1)
    assert len(queries) == 1
    assert found is not None
    assert (found == kept, found.district, found.northing, found._state.adding) == (
        True,
        "E09",
        None,
        False,
    )
    found.ward = "E05"
    found.save()
    assert Postcode.objects.get(postcode=name[:7]).ward == "E05"
    assert find(Postcode, postcode=name[:7], easting=2) is None


def test_columns_that_django_converts_are_not_for_find() -> None:
    with pytest.raises(TypeError, match="payload"):
        find(OutboxEvent, name="Told")


def _waiting_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'kernel.deliver'")
        count: int = cursor.fetchone()[0]
        return count


def test_rows_and_jobs_held_back_come_at_the_end() -> None:
    with transaction.atomic(), together():
        insert_soon(Role(name="tea", title="Tea", permissions=[]))
        enqueue("kernel.deliver", event_id="x")
        assert not Role.objects.exists()
        assert not _waiting_jobs()
    assert Role.objects.exists()
    assert _waiting_jobs() == 1


def _fail() -> None:
    with transaction.atomic(), together():
        insert_soon(Role(name="tea", title="Tea", permissions=[]))
        enqueue("kernel.deliver", event_id="x")
        raise ZeroDivisionError


def test_what_failed_leaves_neither() -> None:
    with pytest.raises(ZeroDivisionError):
        _fail()
    assert not Role.objects.exists()
    assert not _waiting_jobs()
