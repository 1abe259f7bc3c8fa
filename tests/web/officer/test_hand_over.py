"""An officer hands a crime over to a colleague from the phone: with a reason, on record."""

from typing import Any

import pytest

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import InvestigationEntry
from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.ids import new_id
from tests.cast import account
from tests.direct_writes import direct_writes
from tests.web.officer.device import Device, problem

REASON = "Off duty for two weeks from tonight."


def _hand_over(
    device: Device, crime: dict[str, Any], to: str, note: str = REASON
) -> tuple[Any, dict[str, Any]]:
    addition_id = str(new_id())
    capture = {
        "id": addition_id,
        "kind": "addition",
        "device_id": str(device.id),
        "device_at": "2026-03-03T17:00:00+00:00",
        "app": "bluelamp-officer/0.1.0",
        "body": {
            "addition_id": addition_id,
            "crime_id": crime["id"],
            "note": note,
            "hand_over_to": to,
        },
    }
    return device.put(capture), capture


def _holder(crime: dict[str, Any]) -> str:
    officer = Crime.objects.get(id=crime["id"]).officer_in_case
    return officer.username if officer else ""


@pytest.fixture
def crime(device: Device) -> dict[str, Any]:
    for player in (cast.BILAL, cast.FEMI, cast.HANA, cast.KEMI, cast.LENA):
        account(player)
    sent = device.crime()
    assert device.put(sent).status_code == 201
    return sent


@pytest.mark.parametrize("to", ["2087SE", " 2087se ", "Bilal Rahman", "bilal  rahman"])
def test_it_works(device: Device, crime: dict[str, Any], to: str) -> None:
    answer, capture = _hand_over(device, crime, to)
    assert answer.status_code == 201, answer.content
    assert _holder(crime) == "bilal"
    # A line that dropped sends it again.
    assert device.put(capture).status_code == 200
    entry = InvestigationEntry.objects.get(crime_id=crime["id"])
    assert entry.kind == "allocated"
    assert "Bilal Rahman" in entry.text
    assert REASON in entry.text
    assert entry.device_at is not None
    acts = AuditEntry.objects.filter(act="crime.added_to")
    act = acts.filter(detail__has_key="handed_over_to").first()
    assert act is not None
    assert "Bilal Rahman" in act.detail["handed_over_to"]


def test_the_colleague_has_it_on_their_phone(device: Device, crime: dict[str, Any]) -> None:
    _hand_over(device, crime, "2087SE")
    theirs = Device.of(cast.BILAL).get("crimes/mine").json()["crimes"]
    assert [row["id"] for row in theirs] == [crime["id"]]


@pytest.mark.parametrize(
    ("to", "note", "field"),
    [
        # Nobody, an officer of another force, a member of staff of the prosecutor.
        ("9999ZZ", REASON, "hand_over_to"),
        ("7761", REASON, "hand_over_to"),
        ("Hana Novak", REASON, "hand_over_to"),
        # Of the force, and sees no investigations.
        ("P9001", REASON, "hand_over_to"),
        ("2087SE", " ", "note"),
    ],
)
def test_a_wrong_one_changes_nothing(
    device: Device, crime: dict[str, Any], to: str, note: str, field: str
) -> None:
    answer, capture = _hand_over(device, crime, to, note)
    assert list(problem(answer, 422)) == [field]
    assert _holder(crime) == ""
    assert not InvestigationEntry.objects.filter(crime_id=crime["id"]).exists()
    # It can be put right and sent again under its id.
    capture["body"] |= {"hand_over_to": "2087SE", "note": REASON}
    assert device.put(capture).status_code == 201
    assert _holder(crime) == "bilal"


def test_two_of_one_name_are_told_apart_by_collar_number(
    device: Device, crime: dict[str, Any]
) -> None:
    with direct_writes():
        User.objects.filter(username="kemi").update(name="Bilal Rahman")
    answer, _ = _hand_over(device, crime, "Bilal Rahman")
    assert "collar number" in problem(answer, 422)["hand_over_to"]
    assert _hand_over(device, crime, "88SE")[0].status_code == 201
    assert _holder(crime) == "kemi"


def test_only_its_officer_or_who_allocates_hands_it_over(
    device: Device, crime: dict[str, Any]
) -> None:
    assert _hand_over(device, crime, "2087SE")[0].status_code == 201
    # Ada recorded it, and it is Bilal's now.
    answer, _ = _hand_over(device, crime, "88SE")
    assert "officer in the case" in problem(answer, 422)["hand_over_to"]
    kemis = Device.of(cast.KEMI)
    assert "already" in problem(_hand_over(kemis, crime, "2087SE")[0], 422)["hand_over_to"]
    assert _hand_over(kemis, crime, "1234SE")[0].status_code == 201
    assert _holder(crime) == "ada"
