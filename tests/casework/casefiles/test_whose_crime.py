"""What a case file says of a victim that is no person."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bluelamp.casework.casefiles.case_json import to_json
from bluelamp.casework.casefiles.commands import build_case_file
from bluelamp.casework.casefiles.gathering import gather
from bluelamp.casework.casefiles.models import CaseFile
from bluelamp.casework.crimes.commands import record_at_scene, record_from_report
from bluelamp.casework.reports.commands import submit_report
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.rules import PersonDetails
from tests.casework.scenes import AT, DAMAGE, ESI, TOLD, capture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def _case_of(actor: Actor, number: str) -> Any:
    asked = build_case_file(actor=actor, at=AT, numbers=[number])
    return json.loads(to_json(gather(case_file=CaseFile.objects.get(urn=asked.urn), at=AT).facts))


def test_it_works(ada: Actor, bilal: Actor) -> None:
    shop = PersonDetails(business_name="Acorn Stores", phone="020 7946 0000")
    made = capture(number=None, lease_id=None, device_id=new_id(), victim=shop)
    case = _case_of(bilal, record_at_scene(actor=ada, at=AT, capture=made, sha256="0" * 64).number)
    (business,) = case["people"]
    assert (business["organisation"], business["family"], business["given"]) == (
        "Acorn Stores",
        "",
        [],
    )
    assert case["crimes"][0]["victims"] == [business["id"]]


def test_the_state_alone(ada: Actor, bilal: Actor) -> None:
    made = capture(number=None, lease_id=None, device_id=new_id(), victim=None, victim_id=None)
    case = _case_of(bilal, record_at_scene(actor=ada, at=AT, capture=made, sha256="0" * 64).number)
    assert (case["people"], case["crimes"][0]["against_the_state"]) == ([], True)


def test_who_reports_for_a_business_is_not_its_victim(joy: Actor, bilal: Actor) -> None:
    told = replace(
        TOLD, role="business", business_name="Acorn Stores", home_address="3 Home Street"
    )
    report = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=told)
    done = record_from_report(actor=joy, at=AT, reference=report.reference, offence_code=DAMAGE)
    (business,) = _case_of(bilal, done.number)["people"]
    assert (business["organisation"], business["given"], business["address"]) == (
        "Acorn Stores",
        [],
        None,
    )
    assert (business["email"], business["phone_mobile"]) == ("", "")
