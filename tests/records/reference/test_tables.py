from datetime import date

import pytest

from bluelamp.records.reference.queries import (
    command_units,
    courts,
    districts,
    entries,
    force,
    forces,
    outcome_types,
    unit,
)

pytestmark = pytest.mark.usefixtures("reference")


def test_it_works() -> None:
    assert [each.code for each in outcome_types(on=date(2026, 3, 3))][:6] == [
        "0",
        "1",
        "1A",
        "2",
        "2A",
        "3",
    ]
    by_code = {each.code: each for each in outcome_types()}
    assert by_code["1"].needs_suspect is True
    assert by_code["18"].needs_suspect is False


def test_courts_by_kind() -> None:
    assert {each.kind for each in courts("crown")} == {"crown court"}
    assert "B01IX00" in {each.code for each in courts("magistrates")}
    assert len(courts()) == 50


def test_forces() -> None:
    assert len(forces(territorial=True)) == 43
    met = force("01")
    assert met
    assert (met.name, met.slug) == ("Metropolitan Police Service", "metropolitan")
    assert force("ZZ") is None


def test_units() -> None:
    assert len(command_units()) == 12
    assert len(districts(force_code="01")) == 32
    station = unit("01GN00")
    assert station
    assert station.kind == "station"


def test_code_lists() -> None:
    rights = entries("victims-code")
    assert [each.details["right_no"] for each in rights][:3] == ["1", "2", "3"]
    assert "mg-form/MG11" in {each.code for each in entries("mg-form")}
    assert entries("no-such-list") == []


def test_nothing_was_true_before_it_began() -> None:
    assert outcome_types(on=date(1800, 1, 1)) == []
