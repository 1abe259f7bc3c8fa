"""Which checks an application needs."""

import pytest

from bluelamp.services.firearms.rules.checks import (
    CheckFacts,
    CheckKind,
    list_concerns,
    list_open_checks,
    list_required_checks,
)


def test_it_works() -> None:
    """A grant needs every check of the statutory guidance, a visit among them."""
    kinds = list_required_checks(CheckFacts(kind="grant"))
    assert {CheckKind.REFEREES, CheckKind.MEDICAL, CheckKind.VISIT, CheckKind.HOUSEHOLD} <= {*kinds}


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        ("has_lived_abroad", CheckKind.ABROAD),
        ("has_land", CheckKind.LAND),
        ("has_club", CheckKind.CLUB),
    ],
)
def test_answers_add_a_check(fact: str, kind: CheckKind) -> None:
    """Abroad, land and club are checked of those who gave them, and of nobody else."""
    assert kind in list_required_checks(CheckFacts(kind="renewal", **{fact: True}))
    assert kind not in list_required_checks(CheckFacts(kind="renewal"))


def test_a_variation_takes_no_referees() -> None:
    """Form 201V asks for no referees and no photo."""
    kinds = list_required_checks(CheckFacts(kind="variation", has_land=True))
    assert CheckKind.REFEREES not in kinds
    assert CheckKind.LAND in kinds


def test_open_checks_and_concerns_are_told_apart() -> None:
    """A check with a concern is done; one without a result is open."""
    states = {"identity": "satisfactory", "medical": "concern", "visit": "open"}
    assert list_open_checks(states) == ("visit",)
    assert list_concerns(states) == ("medical",)
