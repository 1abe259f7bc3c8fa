"""Grounds of decisions, and the days for an appeal."""

from datetime import date

import pytest

from bluelamp.services.firearms.rules.decisions import (
    GROUNDS,
    check_grounds,
    is_in_time,
    last_day_to_appeal,
    list_certificate_kinds,
    list_grounds,
    needs_grounds,
)


def test_it_works() -> None:
    """A refusal of a firearm certificate rests on section 27 or on a prohibition."""
    assert {ground.code for ground in list_grounds("refuse", ("firearm",))} == {
        "27-unfit",
        "27-no-reason",
        "27-danger",
        "21-prohibited",
    }


@pytest.mark.parametrize(
    ("decision", "certificate", "code", "problem"),
    [
        ("revoke", "firearm", "30a-danger", ""),
        ("revoke", "shotgun", "30c-danger", ""),
        ("revoke", "shotgun", "30a-danger", "firearms.ground_wrong"),
        ("refuse", "dealer", "33-not-trading", ""),
        ("refuse", "dealer", "27-danger", "firearms.ground_wrong"),
        ("partial-revoke", "shotgun", "30b-no-reason", "firearms.ground_wrong"),
        ("partial-revoke", "firearm", "30b-no-reason", ""),
        ("grant", "firearm", "27-danger", "firearms.ground_wrong"),
    ],
)
def test_a_ground_belongs_to_its_decision(
    decision: str, certificate: str, code: str, problem: str
) -> None:
    """The law has other grounds for each kind of certificate and decision."""
    assert check_grounds(decision, (certificate,), (code,)) == problem


def test_only_a_grant_needs_no_ground() -> None:
    """Nobody is refused without a ground in law."""
    assert not needs_grounds("grant")
    assert check_grounds("refuse", ("firearm",), ()) == "firearms.ground_missing"
    assert check_grounds("grant", ("firearm",), ()) == ""


def test_every_ground_names_its_act() -> None:
    """What is from memory says so."""
    assert all("Act" in ground.authority or "Reg" in ground.authority for ground in GROUNDS)
    assert any(not ground.is_confirmed for ground in GROUNDS)


def test_the_days_count_from_receipt() -> None:
    """The 21st day is in time, the 22nd is not; a notice that never came makes nobody late."""
    until = last_day_to_appeal(date(2026, 12, 20))
    assert until == date(2027, 1, 10)
    assert is_in_time(until, appeal_until=until)
    assert not is_in_time(date(2027, 1, 11), appeal_until=until)
    assert is_in_time(date(2027, 6, 1), appeal_until=None)


def test_both_are_two_certificates() -> None:
    """A dealer's is one, whatever its answers say."""
    assert list_certificate_kinds("grant", "both") == ("firearm", "shotgun")
    assert list_certificate_kinds("dealer", "") == ("dealer",)
