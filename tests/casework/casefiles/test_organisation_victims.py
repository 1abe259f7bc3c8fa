"""Victims that are organisations, and crimes against the State."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bluelamp.casework.casefiles.case_json import to_json
from bluelamp.casework.casefiles.commands import request_case_file
from bluelamp.casework.casefiles.commands.packaging import assemble_case_to_build
from bluelamp.casework.crimes.commands import record_at_scene, record_from_report
from bluelamp.casework.reports.commands import submit_report
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.rules import PersonInput
from tests.casework.scenes import AT, DAMAGE, ESI, REPORT_ANSWERS, make_scene_crime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def _build_case(actor: Actor, number: str) -> Any:
    link = request_case_file(actor=actor, at=AT, numbers=[number])
    assembled = assemble_case_to_build(actor=actor, at=AT, case_file_id=link.id)
    return json.loads(to_json(assembled.case))


def test_it_works(ada: Actor, bilal: Actor) -> None:
    shop = PersonInput(business_name="Acorn Stores", phone="020 7946 0000")
    scene = make_scene_crime(number=None, lease_id=None, device_id=new_id(), victim=shop)
    case = _build_case(
        bilal, record_at_scene(actor=ada, at=AT, capture=scene, sha256="0" * 64).number
    )
    (business,) = case["people"]
    assert (business["organisation"], business["family"], business["given"]) == (
        "Acorn Stores",
        "",
        [],
    )
    assert case["crimes"][0]["victims"] == [business["id"]]


def test_the_state_alone(ada: Actor, bilal: Actor) -> None:
    scene = make_scene_crime(
        number=None, lease_id=None, device_id=new_id(), victim=None, victim_id=None
    )
    case = _build_case(
        bilal, record_at_scene(actor=ada, at=AT, capture=scene, sha256="0" * 64).number
    )
    assert (case["people"], case["crimes"][0]["against_the_state"]) == ([], True)


def test_who_reports_for_a_business_is_not_its_victim(joy: Actor, bilal: Actor) -> None:
    answers = replace(
        REPORT_ANSWERS, role="business", business_name="Acorn Stores", home_address="3 Home Street"
    )
    report = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=answers)
    crime = record_from_report(actor=joy, at=AT, reference=report.reference, offence_code=DAMAGE)
    (business,) = _build_case(bilal, crime.number)["people"]
    assert (business["organisation"], business["given"], business["address"]) == (
        "Acorn Stores",
        [],
        None,
    )
    assert (business["email"], business["phone_mobile"]) == ("", "")
