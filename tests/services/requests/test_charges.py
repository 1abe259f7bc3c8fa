"""Each charge of the reference is a service for the public, or has a reason why it is none."""

import csv
from pathlib import Path

import pytest

from bluelamp.foundation.payments.data import build
from bluelamp.services.requests.rules import Clock
from bluelamp.services.requests.services import built_in_services

_ADDED = "Staff add it to the price of its document, which the person accepts before they pay."
_AT_THE_POUND = "Paid to get a vehicle back, where it is kept. Nobody asks the police for it."
_NATIONAL = "ACRO's own service and fee, and no force's."
# By the code of the fee. A row without a code is no charge; by its first words.
NOT_ASKED_FOR = {
    "COLLISION_EXTRA_PAGE": _ADDED,
    "COLLISION_FURTHER_PHOTO": _ADDED,
    "CIVIL_STATEMENT_EXTRA_PAGE": _ADDED,
    "RECOVERY_UPRIGHT_TO_3_5T": _AT_THE_POUND,
    "RECOVERY_UPRIGHT_TO_7_5T": _AT_THE_POUND,
    "RECOVERY_UPRIGHT_TO_18T": _AT_THE_POUND,
    "RECOVERY_UPRIGHT_OVER_18T": _AT_THE_POUND,
    "RECOVERY_DAMAGED_TO_3_5T": _AT_THE_POUND,
    "RECOVERY_DAMAGED_TO_7_5T": _AT_THE_POUND,
    "RECOVERY_DAMAGED_TO_18T_UNLADEN": _AT_THE_POUND,
    "RECOVERY_DAMAGED_TO_18T_LADEN": _AT_THE_POUND,
    "RECOVERY_DAMAGED_OVER_18T_UNLADEN": _AT_THE_POUND,
    "RECOVERY_DAMAGED_OVER_18T_LADEN": _AT_THE_POUND,
    "RECOVERY_STORAGE_DAY": _AT_THE_POUND,
    "ACRO_POLICE_CERTIFICATE": _NATIONAL,
    "ACRO_CHILD_PROTECTION": _NATIONAL,
    "EVENT_POLICING_HOUR": "Agreed with an organiser, by rank and hour: Police Act 1996 s.25.",
}
_NO_CHARGES = ("Consultation (May 2025) proposed higher charges",)
# These are free, and the law says so: they need no fee that somebody confirmed.
_FREE = {"SUBJECT_ACCESS", "FREEDOM_OF_INFORMATION", "DISCLOSURE_SCHEME"}


def _charges() -> dict[str, dict[str, str]]:
    with (build.FOLDER / "fees.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: row for row in rows if row["origin"].startswith("police_charges.csv")}


def test_it_works() -> None:
    charges, services = _charges(), built_in_services()
    assert set(services) & set(NOT_ASKED_FOR) == set()
    assert set(services) | set(NOT_ASKED_FOR) == set(charges)


def test_what_is_added_belongs_to_a_service() -> None:
    added = [code for service in built_in_services().values() for code in service.added_fee_codes]
    assert sorted(added) == sorted(
        code for code, reason in NOT_ASKED_FOR.items() if reason == _ADDED
    )


def test_a_service_costs_what_its_own_row_says() -> None:
    for code, service in built_in_services().items():
        assert service.fee_code == ("" if code in _FREE else code)
    assert all(_charges()[code]["net_pence"] == "0" for code in _FREE)


def test_every_row_of_the_reference_is_a_charge_or_none(shared_data: Path) -> None:
    path = shared_data.parent / "reference" / "police_charges.csv"
    if not path.exists():
        pytest.skip("The reference files are not here.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    charges = {row["title"].partition(" (unladen)")[0] for row in _charges().values()}
    without = [row["item"] for row in rows if row["item"] not in charges]
    assert [item for item in without if not item.startswith(_NO_CHARGES)] == []


def test_freedom_of_information_has_its_working_days() -> None:
    # Freedom of Information Act 2000 s.10(1).
    assert built_in_services()["FREEDOM_OF_INFORMATION"].clock == Clock.WORKING_DAYS_20
