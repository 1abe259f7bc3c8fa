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
    record_at_scene,
    record_crime,
    release_lease,
    void_number,
)
from bluelamp.casework.crimes.commands.numbers import LeaseDetail
from bluelamp.casework.crimes.lookups import account_for_numbers
from bluelamp.casework.crimes.models import Crime, CrimeNumber
from bluelamp.casework.crimes.rules import NUMBER_SERIES, NewCrime, SceneCrime, number_year
from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.series import Series
from tests.casework.scenes import AT, DAMAGE, make_scene_crime, refusal_of
from tests.cast import actor
from tests.concurrency import run_concurrently
from tests.device_keys import lease_to_phone
from tests.direct_writes import direct_writes

pytestmark = pytest.mark.django_db
DEVICE, OTHER = UUID(int=1), UUID(int=2)
ADA, JOY = actor(cast.ADA), actor(cast.JOY)


def _numbers(leases: list[LeaseDetail]) -> list[str]:
    return [number for lease in leases for number in lease.numbers]


def _at_desk(at: datetime = AT) -> str:
    crime = NewCrime(offence_code=DAMAGE, summary="A window was broken.")
    return record_crime(actor=ADA, at=at, crime=crime).number


def test_it_works(offences: None, ada: Actor) -> None:
    leases = lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=3)
    assert _numbers(leases) == ["01/0000001/26", "01/0000002/26", "01/0000003/26"]
    assert _at_desk() == "01/0000004/26"
    done = record_at_scene(
        actor=ada,
        at=AT,
        capture=make_scene_crime(
            number="01/0000002/26", lease_id=leases[0].lease_id, device_id=DEVICE
        ),
        sha256="0" * 64,
    )
    account = account_for_numbers(force="01", year=2026)
    assert done.number == "01/0000002/26"
    assert (account.issued, account.used, account.leased, account.is_complete) == (4, 2, 2, True)


def test_a_second_request_returns_the_same_numbers_and_tops_up(offences: None, ada: Actor) -> None:
    first = lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=3)
    assert _numbers(lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=3)) == _numbers(first)
    record_at_scene(
        actor=ada,
        at=AT,
        capture=make_scene_crime(number="01/0000001/26", lease_id=None, device_id=DEVICE),
        sha256="0" * 64,
    )
    topped = lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=3)
    assert _numbers(topped) == ["01/0000002/26", "01/0000003/26", "01/0000004/26"]
    for want in (0, 51, -1):
        assert "want" in refusal_of(
            lambda n=want: lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=n)
        )
    for year in (25, 28, 1926):
        refused = refusal_of(
            lambda y=year: lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=1, year=y)
        )
        assert "year" in refused


def test_december_also_leases_next_years_and_the_year_turns_in_london(ada: Actor) -> None:
    december = datetime(2026, 12, 20, 12, tzinfo=UTC)
    leases = lease_to_phone(actor=ada, at=december, device_id=DEVICE, want=2)
    assert [(lease.year, lease.first, lease.last) for lease in leases] == [(26, 1, 2), (27, 1, 2)]
    assert number_year(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)) == 2025
    assert number_year(datetime(2026, 1, 1, tzinfo=UTC)) == 2026
    assert [
        lease.year
        for lease in lease_to_phone(actor=ada, at=december, device_id=OTHER, want=1, year=27)
    ] == [27]


def test_a_leased_number_is_used_once_and_by_its_device(offences: None, ada: Actor) -> None:
    ours = lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=2)[0]
    lease_to_phone(actor=ada, at=AT, device_id=OTHER, want=2)
    desk = _at_desk()

    def scene(number: str, **changes: object) -> object:
        scene = make_scene_crime(number=number, lease_id=ours.lease_id, device_id=DEVICE, **changes)
        return record_at_scene(actor=ada, at=AT, capture=scene, sha256="0" * 64)

    scene("01/0000001/26")
    wrong = [
        desk,
        "01/0000001/26",
        "01/9999999/26",
        "42/0000002/26",
        "nonsense",
        "",
    ]
    for number in wrong:
        assert "number" in refusal_of(lambda n=number: scene(n)), number
    with pytest.raises(Conflict, match="another device"):
        scene("01/0000003/26")
    assert Crime.objects.count() == 2
    assert account_for_numbers(force="01", year=2026).is_complete


def test_unused_numbers_are_void_with_a_reason(offences: None, ada: Actor) -> None:
    lease = lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=3)[0]
    void_number(actor=JOY, at=AT, number="01/0000001/26", reason="Said wrongly to a victim.")
    assert release_lease(actor=JOY, at=AT, lease_id=lease.lease_id) == 2
    lease_to_phone(actor=ada, at=AT, device_id=OTHER, want=1)
    assert expire_leases(actor=ADA, at=AT + timedelta(days=13)) == 0
    assert expire_leases(actor=ADA, at=AT + timedelta(days=14)) == 1
    account = account_for_numbers(force="01", year=2026)
    assert (account.void, account.is_complete) == (4, True)
    assert "" not in CrimeNumber.objects.values_list("void_reason", flat=True)
    with pytest.raises(Conflict):
        void_number(actor=JOY, at=AT, number=_at_desk(), reason="No.")
    with pytest.raises(NotFound):
        void_number(actor=JOY, at=AT, number="01/0000099/26", reason="No.")
    assert "reason" in refusal_of(
        lambda: void_number(actor=JOY, at=AT, number="01/0000002/26", reason="")
    )


def test_a_number_is_usable_after_its_lease_lapsed_but_not_after_it_was_voided(
    offences: None, ada: Actor
) -> None:
    lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=2)
    void_number(actor=JOY, at=AT, number="01/0000002/26", reason="The telephone was stolen.")
    late = AT + timedelta(days=40)
    expire_leases(actor=ADA, at=late)
    scene = make_scene_crime(number="01/0000001/26", lease_id=None, device_id=DEVICE)
    assert (
        record_at_scene(actor=ada, at=late, capture=scene, sha256="0" * 64).number == scene.number
    )
    withdrawn = make_scene_crime(number="01/0000002/26", lease_id=None, device_id=DEVICE)
    with pytest.raises(Refused, match="stolen"):
        record_at_scene(actor=ada, at=late, capture=withdrawn, sha256="0" * 64)


@contextmanager
def _refused_by_the_database() -> Iterator[None]:
    with pytest.raises(IntegrityError), direct_writes(), transaction.atomic():
        yield


def test_the_database_refuses_to_lose_or_reuse_a_number(offences: None, ada: Actor) -> None:
    _at_desk()
    numbers = CrimeNumber.objects.filter(serial=1)
    with _refused_by_the_database():
        numbers.update(state="leased")
    with _refused_by_the_database():
        numbers.update(state="void", void_reason="gone")
    with _refused_by_the_database():
        numbers.update(serial=7)
    with _refused_by_the_database():
        Series.objects.filter(kind=NUMBER_SERIES).update(next_serial=1)
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
def test_every_number_is_accounted_for_whatever_devices_and_clocks_do(
    offences: None,
    ada: Actor,
    bilal: Actor,
    start: datetime,
    steps: list[Step],
    clocks: list[timedelta],
) -> None:
    """Two officers on three devices, one of which they share, each with a clock wrong by up to
    twenty years, act in any order across the turn of a year.
    """
    with transaction.atomic():
        pairs = [(ada, DEVICE), (ada, OTHER), (bilal, DEVICE), (bilal, UUID(int=3))]
        used = _play(start, steps, clocks, pairs)
        assert len(used) == len(set(used)), "a number was given twice"
        assert {str(crime.number) for crime in Crime.objects.select_related("number")} == set(used)
        for year in Series.objects.filter(kind=NUMBER_SERIES).values_list("year", flat=True):
            assert account_for_numbers(force="01", year=year).is_complete
        transaction.set_rollback(True)


def _play(
    start: datetime,
    steps: list[Step],
    clocks: list[timedelta],
    pairs: list[tuple[Actor, UUID]],
) -> list[str]:
    at, used = start, []
    numbers: dict[int, list[tuple[str, UUID]]] = {device: [] for device in range(4)}
    sent: list[tuple[Actor, SceneCrime, str]] = []
    for verb, device, amount in steps:
        ada, device_id = pairs[device]
        if verb == "wait":
            at += timedelta(hours=amount * 11)
        elif verb == "lease":
            leases = lease_to_phone(actor=ada, at=at, device_id=device_id, want=amount)
            numbers[device] = [
                (number, lease.lease_id) for lease in leases for number in lease.numbers
            ]
        elif verb == "scene" and numbers[device]:
            number, lease_id = numbers[device].pop(amount % len(numbers[device]))
            scene = make_scene_crime(number=number, lease_id=lease_id, device_id=device_id)
            # What a clock that is fast calls now has not come yet, and would be refused.
            occurred_from = min(at, at + clocks[device])
            scene = replace(scene, device_at=at + clocks[device], occurred_from=occurred_from)
            assert (
                record_at_scene(actor=ada, at=at, capture=scene, sha256="0" * 64).number == number
            )
            sent.append((ada, scene, number))
            used.append(number)
        elif verb == "later":
            scene = make_scene_crime(number=None, lease_id=None, device_id=device_id)
            number = record_at_scene(actor=ada, at=at, capture=scene, sha256="0" * 64).number
            sent.append((ada, scene, number))
            used.append(number)
        elif verb == "again" and sent:
            ada, scene, number = sent[amount % len(sent)]
            again = record_at_scene(actor=ada, at=at, capture=scene, sha256="0" * 64)
            assert (again.number, again.is_new) == (number, False)
        elif verb == "desk":
            used.append(_at_desk(at))
        elif verb == "expire":
            expire_leases(actor=ADA, at=at)
        elif verb == "release" and numbers[device]:
            release_lease(actor=JOY, at=at, lease_id=numbers[device][0][1])
    return used


def test_concurrent_commands_take_different_numbers(
    committed: None, offences: None, ada: Actor
) -> None:
    """Eight desks and three devices at the same moment, each device asking twice, in their own
    transactions, on a series nobody has begun.
    """
    count = 5

    def desk() -> None:
        for _ in range(count):
            _at_desk()

    def device(number: int) -> None:
        device_id = UUID(int=number // 2 + 100)
        for turn in range(count):
            leases = lease_to_phone(actor=ada, at=AT, device_id=device_id, want=turn + 1)
            assert len(_numbers(leases)) >= turn + 1

    run_concurrently(lambda number: desk() if number < 8 else device(number), range(14))
    account = account_for_numbers(force="01", year=2026)
    assert (account.used, account.leased) == (8 * count, 3 * count)
    assert account.is_complete


def test_one_capture_sent_concurrently_is_given_one_number(
    committed: None, offences: None, ada: Actor
) -> None:
    scene = make_scene_crime(number=None, lease_id=None, device_id=DEVICE)
    answers = run_concurrently(
        lambda _: record_at_scene(actor=ada, at=AT, capture=scene, sha256="0" * 64), range(6)
    )
    assert sorted((answer.number, answer.is_new) for answer in answers) == [
        *[("01/0000001/26", False)] * 5,
        ("01/0000001/26", True),
    ]
    account = account_for_numbers(force="01", year=2026)
    assert (account.used, account.is_complete) == (1, True)


def test_one_number_in_two_concurrent_captures_is_one_crime(
    committed: None, offences: None, ada: Actor
) -> None:
    lease_to_phone(actor=ada, at=AT, device_id=DEVICE, want=1)

    def send(_: int) -> object:
        scene = make_scene_crime(number="01/0000001/26", lease_id=None, device_id=DEVICE)
        try:
            return record_at_scene(actor=ada, at=AT, capture=scene, sha256="0" * 64)
        except Refused as refused:
            return refused.field

    answers = run_concurrently(send, range(6))
    assert answers.count("number") == 5
    assert Crime.objects.count() == 1
