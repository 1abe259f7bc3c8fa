import dataclasses
from datetime import date

import pytest
from django.db.models import Model

from bluelamp.records.reference.lookups import (
    get_force,
    get_unit,
    list_code_list,
    list_command_units,
    list_common_offences,
    list_courts,
    list_districts,
    list_forces,
    list_outcome_types,
)

pytestmark = pytest.mark.usefixtures("reference")


def test_it_works() -> None:
    assert [outcome.code for outcome in list_outcome_types(on=date(2026, 3, 3))][:6] == [
        "0",
        "1",
        "1A",
        "2",
        "2A",
        "3",
    ]
    by_code = {outcome.code: outcome for outcome in list_outcome_types()}
    assert by_code["1"].needs_suspect is True
    assert by_code["18"].needs_suspect is False


def test_courts_by_kind() -> None:
    assert {court.kind for court in list_courts("crown")} == {"crown court"}
    assert "B01IX00" in {court.code for court in list_courts("magistrates")}
    assert len(list_courts()) == 50


def test_forces() -> None:
    assert len(list_forces(territorial=True)) == 43
    met = get_force("01")
    assert met
    assert (met.name, met.slug) == ("Metropolitan Police Service", "metropolitan")
    assert get_force("ZZ") is None


def test_units() -> None:
    assert len(list_command_units()) == 12
    assert len(list_districts(force_code="01")) == 32
    station = get_unit("01GN00")
    assert station
    assert station.kind == "station"


def test_code_lists() -> None:
    rights = list_code_list("victims-code")
    assert [right.details["right_no"] for right in rights][:3] == ["1", "2", "3"]
    assert "mg-form/MG11" in {entry.code for entry in list_code_list("mg-form")}
    assert list_code_list("no-such-list") == []


def test_nothing_was_true_before_it_began() -> None:
    assert list_outcome_types(on=date(1800, 1, 1)) == []


def test_no_lookup_returns_a_database_row() -> None:
    samples = [
        list_courts()[0],
        list_outcome_types()[0],
        list_code_list("mg-form")[0],
        list_forces()[0],
        list_districts()[0],
        list_common_offences(on=date(2026, 3, 3))[0],
    ]
    assert all(dataclasses.is_dataclass(sample) for sample in samples)
    assert not [sample for sample in samples if isinstance(sample, Model)]
