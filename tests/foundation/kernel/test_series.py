"""A series gives out every serial once, in order, and none is lost."""

import pytest
from django.db import DatabaseError, connection, transaction

from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.kernel.series import Series, take_block, take_serial
from bluelamp.foundation.kernel.series_gaps import find_gaps
from tests.concurrency import run_concurrently

pytestmark = pytest.mark.django_db
CRIMES = {"kind": "crime", "force": "01", "year": 2026}


def test_it_works() -> None:
    assert [take_serial(**CRIMES) for _ in range(3)] == [1, 2, 3]
    assert list(take_block(**CRIMES, count=5)) == [4, 5, 6, 7, 8]
    assert take_serial(**CRIMES) == 9


@pytest.mark.parametrize(
    "change", [{"kind": "urn"}, {"force": "43"}, {"year": 2027}, {"unit": "ZD"}]
)
def test_each_kind_force_year_and_unit_has_its_own(change: dict[str, str | int]) -> None:
    take_block(**CRIMES, count=7)
    assert take_serial(**(CRIMES | change)) == 1


def test_a_transaction_that_fails_gives_its_serial_back() -> None:
    take_serial(**CRIMES)
    with transaction.atomic():
        take_block(**CRIMES, count=20)
        transaction.set_rollback(True)
    assert take_serial(**CRIMES) == 2


def test_it_ends_with_its_last_serial() -> None:
    take_block(**CRIMES, count=98, last=99)
    with pytest.raises(Conflict), transaction.atomic():
        take_block(**CRIMES, count=2, last=99)
    assert take_serial(**CRIMES, last=99) == 99
    with pytest.raises(Conflict), transaction.atomic():
        take_serial(**CRIMES, last=99)


def test_none_is_not_a_number_of_serials() -> None:
    with pytest.raises(ValueError, match="at least one"):
        take_block(**CRIMES, count=0)


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE kernel_series SET next_serial = 3",
        "UPDATE kernel_series SET year = 2027",
        "UPDATE kernel_series SET unit = 'ZD'",
        "DELETE FROM kernel_series",
    ],
)
def test_the_database_refuses_to_set_it_back(act: str) -> None:
    take_block(**CRIMES, count=5)
    with (
        pytest.raises(DatabaseError, match="only goes forwards"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act)
    assert Series.objects.get().next_serial == 6


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_is_refused(committed: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        take_serial(**CRIMES)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_different_serials(committed: None) -> None:
    def take(count: int) -> list[int]:
        with transaction.atomic():
            return list(take_block(**CRIMES, count=count))

    blocks = run_concurrently(take, [1, 2, 3, 1, 2, 3, 1, 2])
    assert sorted(serial for block in blocks for serial in block) == list(range(1, 16))


def test_a_report_of_what_is_missing() -> None:
    assert find_gaps(**CRIMES, used=[]).is_complete
    take_block(**CRIMES, count=10)
    complete = find_gaps(**CRIMES, used=range(1, 11))
    assert (complete.is_complete, complete.given) == (True, 10)
    report = find_gaps(**CRIMES, used=[7, 2, 3, 3, 6, 12, 0])
    assert report.missing == ((1, 1), (4, 5), (8, 10))
    assert report.unexpected == (0, 12)
    assert not report.is_complete
