from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.casework.crimes.commands import (
    expire_leases,
    lease_numbers,
    record_at_scene,
    record_crime,
    release_lease,
    void_number,
)
from bluelamp.casework.crimes.commands.numbers import LeaseView
from bluelamp.casework.crimes.models import Crime, CrimeNumber, NumberSeries
from bluelamp.casework.crimes.queries import numbers_account
from bluelamp.casework.crimes.rules import SceneCrime, year_at
from bluelamp.demo import cast
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from tests.at_once import at_once
from tests.casework.scenes import AT, DAMAGE, capture, raises_refused
from tests.cast import actor

pytestmark = pytest.mark.django_db
DEVICE, OTHER = UUID(int=1), UUID(int=2)
ADA = actor(cast.ADA)


def _numbers(leases: list[LeaseView]) -> list[str]:
    return [number for lease in leases for number in lease.numbers]


def _at_desk(at: datetime = AT) -> str:
    return record_crime(
        actor=ADA, at=at, offence_code=DAMAGE, summary="A window was broken."
    ).number


def test_it_works(offences: None) -> None:
    leases = lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=3)
    assert _numbers(leases) == ["01/0000001/26", "01/0000002/26", "01/0000003/26"]
    assert _at_desk() == "01/0000004/26"
    done = record_at_scene(
        actor=ADA,
        at=AT,
        capture=capture(number="01/0000002/26", lease_id=leases[0].lease_id, device_id=DEVICE),
        sha256="0" * 64,
    )
    account = numbers_account(force="01", year=2026)
    assert done.number == "01/0000002/26"
    assert (account.issued, account.used, account.leased, account.is_whole) == (4, 2, 2, True)


def test_asked_again_it_answers_the_same_and_tops_up(offences: None) -> None:
    first = lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=3)
    assert _numbers(lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=3)) == _numbers(first)
    record_at_scene(
        actor=ADA,
        at=AT,
        capture=capture(number="01/0000001/26", lease_id=None, device_id=DEVICE),
        sha256="0" * 64,
    )
    topped = lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=3)
    assert _numbers(topped) == ["01/0000002/26", "01/0000003/26", "01/0000004/26"]
    for want in (0, 51, -1):
        assert "want" in raises_refused(
            lambda n=want: lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=n)
        )
    for year in (25, 28, 1926):
        refused = raises_refused(
            lambda y=year: lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=1, year=y)
        )
        assert "year" in refused


def test_in_december_next_years_come_too_and_the_year_turns_in_london() -> None:
    december = datetime(2026, 12, 20, 12, tzinfo=UTC)
    leases = lease_numbers(actor=ADA, at=december, device_id=DEVICE, want=2)
    assert [(lease.year, lease.first, lease.last) for lease in leases] == [(26, 1, 2), (27, 1, 2)]
    assert year_at(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)) == 2025
    assert year_at(datetime(2026, 1, 1, tzinfo=UTC)) == 2026
    assert [
        lease.year
        for lease in lease_numbers(actor=ADA, at=december, device_id=OTHER, want=1, year=27)
    ] == [27]


def test_a_number_is_this_devices_and_is_used_once(offences: None) -> None:
    ours = lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=2)[0]
    lease_numbers(actor=ADA, at=AT, device_id=OTHER, want=2)
    desk = _at_desk()

    def scene(number: str, **changes: object) -> object:
        made = capture(number=number, lease_id=ours.lease_id, device_id=DEVICE, **changes)
        return record_at_scene(actor=ADA, at=AT, capture=made, sha256="0" * 64)

    scene("01/0000001/26")
    wrong = [
        "01/0000003/26",
        desk,
        "01/0000001/26",
        "01/9999999/26",
        "42/0000002/26",
        "nonsense",
        "",
    ]
    for number in wrong:
        assert "number" in raises_refused(lambda n=number: scene(n)), number
    assert Crime.objects.count() == 2
    assert numbers_account(force="01", year=2026).is_whole


def test_what_is_not_used_is_void_with_a_reason(offences: None) -> None:
    lease = lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=3)[0]
    void_number(actor=ADA, at=AT, number="01/0000001/26", reason="Said wrongly to a victim.")
    assert release_lease(actor=ADA, at=AT, lease_id=lease.lease_id) == 2
    lease_numbers(actor=ADA, at=AT, device_id=OTHER, want=1)
    assert expire_leases(actor=ADA, at=AT + timedelta(days=13)) == 0
    assert expire_leases(actor=ADA, at=AT + timedelta(days=14)) == 1
    account = numbers_account(force="01", year=2026)
    assert (account.void, account.is_whole) == (4, True)
    assert "" not in CrimeNumber.objects.values_list("void_reason", flat=True)
    with pytest.raises(Conflict):
        void_number(actor=ADA, at=AT, number=_at_desk(), reason="No.")
    with pytest.raises(NotFound):
        void_number(actor=ADA, at=AT, number="01/0000099/26", reason="No.")
    assert "reason" in raises_refused(
        lambda: void_number(actor=ADA, at=AT, number="01/0000002/26", reason="")
    )


def test_a_victims_number_is_honoured_after_its_lease_lapsed_but_not_when_withdrawn(
    offences: None,
) -> None:
    lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=2)
    void_number(actor=ADA, at=AT, number="01/0000002/26", reason="The telephone was stolen.")
    late = AT + timedelta(days=40)
    expire_leases(actor=ADA, at=late)
    known = capture(number="01/0000001/26", lease_id=None, device_id=DEVICE)
    assert (
        record_at_scene(actor=ADA, at=late, capture=known, sha256="0" * 64).number == known.number
    )
    withdrawn = capture(number="01/0000002/26", lease_id=None, device_id=DEVICE)
    with pytest.raises(Refused, match="stolen"):
        record_at_scene(actor=ADA, at=late, capture=withdrawn, sha256="0" * 64)


@contextmanager
def _refused_by_the_database() -> Iterator[None]:
    with pytest.raises(IntegrityError), transaction.atomic():
        yield


def test_the_database_refuses_to_lose_or_reuse_a_number(offences: None) -> None:
    _at_desk()
    numbers = CrimeNumber.objects.filter(serial=1)
    with _refused_by_the_database():
        numbers.update(state="leased")
    with _refused_by_the_database():
        numbers.update(state="void", void_reason="gone")
    with _refused_by_the_database():
        numbers.update(serial=7)
    with _refused_by_the_database():
        NumberSeries.objects.update(next_serial=1)
    with _refused_by_the_database(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM crimes_crimenumber")
    with _refused_by_the_database():
        CrimeNumber.objects.create(force="01", year=2026, serial=1, state="used")


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["lease", "scene", "scene", "later", "desk", "expire", "release", "wait", "again"]
        ),
        st.integers(0, 3),
        st.integers(1, 50),
    ),
    min_size=3,
    max_size=25,
)
STARTS = st.sampled_from(
    [
        datetime(2026, 12, 30, 20, tzinfo=UTC),  # the turn of the year
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),  # the clocks go forward
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the clocks go back
    ]
)
CLOCKS = st.lists(
    st.integers(-20 * 365, 20 * 365).map(lambda days: timedelta(days=days)), min_size=4, max_size=4
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=STARTS, steps=STEPS, clocks=CLOCKS)
def test_whatever_devices_and_clocks_do_every_number_is_accounted_for(
    offences: None, start: datetime, steps: list[Step], clocks: list[timedelta]
) -> None:
    """Four devices, each with a clock wrong by up to twenty years, act in any order across the turn
    of a year.
    """
    with transaction.atomic():
        used = _play(start, steps, clocks)
        assert len(used) == len(set(used)), "a number was given twice"
        assert {str(crime.number) for crime in Crime.objects.select_related("number")} == set(used)
        for year in NumberSeries.objects.values_list("year", flat=True):
            assert numbers_account(force="01", year=year).is_whole
        transaction.set_rollback(True)


def _play(start: datetime, steps: list[Step], clocks: list[timedelta]) -> list[str]:
    at, used = start, []
    held: dict[int, list[tuple[str, UUID]]] = {device: [] for device in range(4)}
    sent: list[tuple[SceneCrime, str]] = []
    for verb, device, amount in steps:
        device_id = UUID(int=device + 1)
        if verb == "wait":
            at += timedelta(hours=amount * 11)
        elif verb == "lease":
            leases = lease_numbers(actor=ADA, at=at, device_id=device_id, want=amount)
            held[device] = [
                (number, lease.lease_id) for lease in leases for number in lease.numbers
            ]
        elif verb == "scene" and held[device]:
            number, lease_id = held[device].pop(amount % len(held[device]))
            made = capture(number=number, lease_id=lease_id, device_id=device_id)
            made = replace(made, device_at=at + clocks[device], occurred_from=at + clocks[device])
            assert record_at_scene(actor=ADA, at=at, capture=made, sha256="0" * 64).number == number
            sent.append((made, number))
            used.append(number)
        elif verb == "later":
            made = capture(number=None, lease_id=None, device_id=device_id)
            number = record_at_scene(actor=ADA, at=at, capture=made, sha256="0" * 64).number
            sent.append((made, number))
            used.append(number)
        elif verb == "again" and sent:
            made, number = sent[amount % len(sent)]
            again = record_at_scene(actor=ADA, at=at, capture=made, sha256="0" * 64)
            assert (again.number, again.is_new) == (number, False)
        elif verb == "desk":
            used.append(_at_desk(at))
        elif verb == "expire":
            expire_leases(actor=ADA, at=at)
        elif verb == "release" and held[device]:
            release_lease(actor=ADA, at=at, lease_id=held[device][0][1])
    return used


def test_many_at_once_take_different_numbers(committed: None, offences: None) -> None:
    """Eight desks and eight devices at the same moment, in their own transactions, on a series
    nobody has begun.
    """
    each = 5

    def desk() -> None:
        for _ in range(each):
            _at_desk()

    def device(number: int) -> None:
        device_id = UUID(int=number // 2 + 100)
        for turn in range(each):
            leases = lease_numbers(actor=ADA, at=AT, device_id=device_id, want=turn + 1)
            assert len(_numbers(leases)) >= turn + 1

    at_once(lambda number: desk() if number < 8 else device(number), range(16))
    account = numbers_account(force="01", year=2026)
    assert (account.used, account.leased) == (8 * each, 4 * each)
    assert account.is_whole


def test_one_capture_without_a_number_by_many_lines_at_once_is_given_one(
    committed: None, offences: None
) -> None:
    made = capture(number=None, lease_id=None, device_id=DEVICE)
    answers = at_once(
        lambda _: record_at_scene(actor=ADA, at=AT, capture=made, sha256="0" * 64), range(6)
    )
    assert sorted((each.number, each.is_new) for each in answers) == [
        *[("01/0000001/26", False)] * 5,
        ("01/0000001/26", True),
    ]
    account = numbers_account(force="01", year=2026)
    assert (account.used, account.is_whole) == (1, True)


def test_one_number_used_by_two_captures_at_once_is_one_crime(
    committed: None, offences: None
) -> None:
    lease_numbers(actor=ADA, at=AT, device_id=DEVICE, want=1)

    def send(_: int) -> object:
        made = capture(number="01/0000001/26", lease_id=None, device_id=DEVICE)
        try:
            return record_at_scene(actor=ADA, at=AT, capture=made, sha256="0" * 64)
        except Refused as refused:
            return refused.field

    answers = at_once(send, range(6))
    assert answers.count("number") == 5
    assert Crime.objects.count() == 1
