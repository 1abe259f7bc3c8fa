"""A bad line may repeat and reorder what a phone sends, and every capture is still stored once."""

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluelamp.casework.crimes.lookups import account_for_numbers
from bluelamp.casework.crimes.models import Crime, CrimeItem
from bluelamp.casework.investigations.models import Statement
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.models import Person
from tests.web.officer.device import Device


def test_it_works(device: Device) -> None:
    @settings(
        max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(seed=st.integers(0, 2**32), count=st.integers(1, 3), doubling=st.integers(1, 3))
    def holds(seed: int, count: int, doubling: int) -> None:
        before = _counts()
        device.lease(3)
        without = {"number": None, "lease_id": None}
        crimes = [device.crime(**(without if (seed >> turn) % 2 else {})) for turn in range(count)]
        captures = [
            capture
            for crime in crimes
            for capture in (crime, device.statement(crime), device.item(crime, b"photo"))
        ]
        sending = captures * doubling
        random.Random(seed).shuffle(sending)
        receipts: dict[str, Any] = {}
        while sending:
            capture = sending.pop(0)
            answer = device.put(capture)
            if answer.status_code == 424:
                assert capture["kind"] != "crime"
                sending.append(capture)
                continue
            receipt = answer.json()
            assert answer.status_code == (200 if capture["id"] in receipts else 201)
            assert receipts.setdefault(capture["id"], receipt) == receipt
        assert len(receipts) == 3 * count
        numbers = {crime["id"]: receipts[crime["id"]]["number"] for crime in crimes}
        assert {
            crime_id: str(Crime.objects.get(id=crime_id).number) for crime_id in numbers
        } == numbers
        assert len(set(numbers.values())) == count
        assert account_for_numbers(force="01", year=now().year).is_complete
        assert [now - then for now, then in zip(_counts(), before, strict=True)] == [count] * 4

    holds()


def _counts() -> list[int]:
    return [model.objects.count() for model in (Crime, Statement, CrimeItem, Person)]
