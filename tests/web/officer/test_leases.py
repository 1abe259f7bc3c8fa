"""Numbers that a device leases."""

from typing import Any

import pytest

from bluelamp.foundation.kernel.ids import new_id
from tests.web.officer.device import Device, problem


def test_it_works(device: Device) -> None:
    answer = device.post("leases", {"device_id": str(device.id), "want": 20})
    assert answer.status_code == 200
    leases = answer.json()["leases"]
    assert set(leases[0]) == {"lease_id", "force", "year", "first", "last", "numbers"}
    this_year = [lease for lease in leases if lease["year"] == leases[0]["year"]]
    assert sum(len(lease["numbers"]) for lease in this_year) == 20
    assert leases[0]["numbers"][0] == f"01/{leases[0]['first']:07d}/{leases[0]['year']:02d}"


def test_the_same_request_gets_the_same_numbers(device: Device) -> None:
    first = device.lease(7)
    assert device.lease(7) == first


def test_a_used_number_is_replaced(device: Device) -> None:
    device.lease(3)
    used = device.crime()
    assert device.put(used).status_code == 201
    leased = [number for number, _ in device.lease(3)]
    assert used["body"]["number"] not in leased
    assert len(leased) >= 3


def test_two_devices_never_get_the_same_number(device: Device, other_device: Device) -> None:
    assert not set(device.lease(50)) & set(other_device.lease(50))


def test_femi_gets_numbers_of_his_own_force(femis_device: Device) -> None:
    assert {number[:2] for number, _ in femis_device.lease(2)} == {"42"}


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"want": 5}, "device_id"),
        ({"device_id": "none", "want": 5}, "device_id"),
        ({"device_id": str(new_id())}, "want"),
        ({"device_id": str(new_id()), "want": 0}, "want"),
        ({"device_id": str(new_id()), "want": 51}, "want"),
        ({"device_id": str(new_id()), "want": "5"}, "want"),
        ({"want": 5, "year": 99, "device_id": None}, "year"),
        ({"device_id": str(new_id()), "want": 5, "year": 2026}, "year"),
        ({"device_id": str(new_id()), "want": 5, "colour": "blue"}, "colour"),
    ],
)
def test_an_error_names_its_field(device: Device, payload: dict[str, Any], field: str) -> None:
    if payload.get("device_id", "") is None:  # the phone's own
        payload = {**payload, "device_id": str(device.id)}
    assert list(problem(device.post("leases", payload), 422)) == [field]
