"""The small amount of reference data that most tests of casework need."""

import pytest

from tests.direct_writes import direct_writes


@pytest.fixture
def offences(db: None) -> None:
    """Create two offences, for tests that need no more of the reference data."""
    from bluelamp.records.reference.models import Offence

    for code, title, ho_code in (
        ("CD71039/58C", "Criminal damage to property valued under £5000", "149/00"),
        (
            "CD71041/58C",
            "Criminal damage being reckless as to whether life was endangered",
            "057/00",
        ),
    ):
        columns = {"cjs_code": code[:7], "title": title, "ho_class": code[8:], "ho_code": ho_code}
        with direct_writes():
            Offence.objects.get_or_create(
                code=code, defaults={**columns, "is_recordable": True, "is_notifiable": True}
            )
