"""Conditions, moderators, variations and serial numbers."""

from datetime import date

import pytest

from bluelamp.services.firearms.rules.conditions import (
    check_extra_conditions,
    list_standard_conditions,
)
from bluelamp.services.firearms.rules.guns import serial_key
from bluelamp.services.firearms.rules.moderators import counts_as_gun
from bluelamp.services.firearms.rules.variations import is_fee_due

DAY = date(2026, 3, 3)


def test_it_works() -> None:
    """Both kinds carry the four standard conditions; a dealer's certificate none of them."""
    assert len(list_standard_conditions("firearm")) == 4
    assert list_standard_conditions("shotgun") == list_standard_conditions("firearm")
    assert list_standard_conditions("dealer") == ()


@pytest.mark.parametrize(
    ("kind", "texts", "problem"),
    [
        ("shotgun", [], ""),
        ("shotgun", ["Clay pigeons only"], "firearms.shotgun_conditions"),
        ("firearm", ["On land that was found suitable"], ""),
        ("firearm", ["x"] * 11, "firearms.too_many_conditions"),
        ("firearm", ["x" * 601], "firearms.condition_too_long"),
    ],
)
def test_extra_conditions(kind: str, texts: list[str], problem: str) -> None:
    """These conditions "and no others" on a shotgun certificate."""
    assert check_extra_conditions(kind, texts) == problem


def test_a_moderator_counts_until_the_law_changes() -> None:
    """The first day of the new law is the first on which it does not count."""
    assert counts_as_gun("moderator", on=date(2026, 5, 31), moderators_free_from=date(2026, 6, 1))
    assert not counts_as_gun(
        "moderator", on=date(2026, 6, 1), moderators_free_from=date(2026, 6, 1)
    )
    assert counts_as_gun("rifle", on=date(2027, 1, 1), moderators_free_from=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("wanted", "disposed", "is_at_renewal", "expected"),
    [
        (["rifle"], [], False, True),
        (["rifle"], [], True, False),
        (["rifle"], [("rifle", date(2026, 2, 24))], False, False),  # seven days ago
        (["rifle"], [("rifle", date(2026, 2, 23))], False, True),  # told too late
        (["rifle", "moderator"], [("rifle", DAY)], False, True),
        ([], [("rifle", DAY)], False, False),
    ],
)
def test_one_for_one_is_free(
    wanted: list[str], disposed: list[tuple[str, date]], is_at_renewal: bool, expected: bool
) -> None:
    """A fee only where the number rises, and never at renewal."""
    assert (
        is_fee_due(
            wanted_types=wanted, disposed=disposed, asked_on=DAY, is_at_renewal=is_at_renewal
        )
        is expected
    )


def test_serial_numbers_compare_as_people_misread_them() -> None:
    """O and zero, I and one are the same; spaces and strokes don't count."""
    assert serial_key("Bl 0-I1/o") == serial_key("bi-01l0") == "B101 10".replace(" ", "")
