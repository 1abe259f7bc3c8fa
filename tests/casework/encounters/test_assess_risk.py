"""Assess the risk to a victim: who may see it, and how it is corrected."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import assess_risk, record_crime
from bluelamp.casework.crimes.lookups import get_assessment, get_crime, list_assessments
from bluelamp.casework.crimes.rules import NewCrime
from bluelamp.casework.encounters.lookups import (
    EncounterFilter,
    get_encounter,
    get_record_copy,
    list_risk_assessments,
)
from bluelamp.casework.encounters.models import Encounter
from bluelamp.casework.investigations.commands import allocate_officer
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.people.rules import LinkRole, PersonInput
from tests.casework.encounters.scenes import AT, make_assessment, make_capture, risk_values
from tests.casework.scenes import DAMAGE
from tests.cast import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offences")]


@pytest.fixture
def kemi(db: None) -> Actor:
    """Kemi, a supervisor."""
    return signed_in(cast.KEMI)


@pytest.fixture
def crime(ada: Actor) -> str:
    """Return the number of a crime whose victim is Esi."""
    esi = PersonInput(given_name="Esi", family_name="Mensah", is_safe_to_contact=False)
    new = NewCrime(offence_code=DAMAGE, summary="He broke her door.", victims=(esi,))
    return record_crime(actor=ada, at=AT, crime=new).number


def victim_of(actor: Actor, number: str) -> UUID:
    return get_crime(actor=actor, at=AT, number=number).people_with_role(LinkRole.VICTIM)[0].id


def assess(actor: Actor, number: str, **changes: object) -> str:
    """Assess the risk to the victim, and return the assessment's reference."""
    return assess_risk(
        actor=actor,
        at=AT,
        number=number,
        person_id=victim_of(actor, number),
        assessment=make_assessment(**changes),
    ).reference


def test_it_works(ada: Actor, crime: str) -> None:
    reference = assess(ada, crime)
    (row,) = list_assessments(actor=ada, at=AT, number=crime)
    assert (row.reference, row.person, row.grade) == (reference, "Esi Mensah", "high")
    assert row.yes_count == 2, "a count of what was answered, beside the officer's own grade"
    detail = get_assessment(actor=ada, at=AT, number=crime, reference=reference)
    assert detail.grade_reason.startswith("She left him")
    assert detail.recorded_by_name == ada.name
    assert detail.licence.startswith("Topics only")
    assert (detail.version, detail.crime_number) == (1, crime)


def test_the_count_never_becomes_the_grade(ada: Actor, crime: str) -> None:
    reference = assess(ada, crime, values=risk_values(), grade="high")
    detail = get_assessment(actor=ada, at=AT, number=crime, reference=reference)
    assert (detail.yes_count, detail.grade) == (0, "high")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grade": ""}, "grade"),
        ({"grade": "very high"}, "grade"),
        ({"grade_reason": "  "}, "grade_reason"),
        ({"values": {"fear": "yes"}}, "injury"),
        ({"version": 7}, "version"),
    ],
)
def test_what_is_missing_is_refused(
    changes: dict[str, object], field: str, ada: Actor, crime: str
) -> None:
    with pytest.raises(Refused) as refused:
        assess(ada, crime, **changes)
    assert field in refused.value.errors
    assert not Encounter.objects.exists()


def test_only_a_victim_of_the_crime_is_assessed(ada: Actor, crime: str) -> None:
    for person_id in (None, new_id()):
        with pytest.raises(Refused, match="who you are assessing"):
            assess_risk(
                actor=ada, at=AT, number=crime, person_id=person_id, assessment=make_assessment()
            )


def test_a_correction_is_a_new_version(ada: Actor, crime: str) -> None:
    first = assess(ada, crime)
    earlier = get_assessment(actor=ada, at=AT, number=crime, reference=first)
    second = assess(ada, crime, grade="medium", corrects_id=earlier.id)
    rows = {row.reference: row for row in list_assessments(actor=ada, at=AT, number=crime)}
    assert (rows[first].is_corrected, rows[first].grade) == (True, "high"), "as it was"
    assert (rows[second].is_corrected, rows[second].version) == (False, 2)
    assert get_assessment(actor=ada, at=AT, number=crime, reference=first).corrected_by == second
    with pytest.raises(Conflict):
        assess(ada, crime, corrects_id=earlier.id)


def test_the_same_assessment_twice_is_one(ada: Actor, crime: str) -> None:
    assessment = make_assessment()
    person_id = victim_of(ada, crime)
    results = [
        assess_risk(actor=ada, at=AT, number=crime, person_id=person_id, assessment=assessment)
        for _ in range(2)
    ]
    assert [result.is_new for result in results] == [True, False]
    other = replace(assessment, grade="standard")
    with pytest.raises(Conflict):
        assess_risk(actor=ada, at=AT, number=crime, person_id=person_id, assessment=other)


def test_those_who_need_not_know_see_nothing(
    ada: Actor, bilal: Actor, joy: Actor, femi: Actor, crime: str
) -> None:
    reference = assess(ada, crime)
    assert list_assessments(actor=bilal, at=AT, number=crime) == ()
    for stranger in (bilal, femi):
        with pytest.raises(NotFound):
            get_assessment(actor=stranger, at=AT, number=crime, reference=reference)
        with pytest.raises(NotFound):
            get_encounter(actor=stranger, at=AT, reference=reference)
    with pytest.raises(NotPermitted):
        list_assessments(actor=joy, at=AT, number=crime)
    with pytest.raises(NotFound):
        assess(bilal, crime, corrects_id=Encounter.objects.get().id)


def test_the_officer_in_the_case_and_supervisors_see_it(
    ada: Actor, bilal: Actor, joy: Actor, kemi: Actor, crime: str
) -> None:
    reference = assess(ada, crime)
    allocate_officer(actor=joy, at=AT, number=crime, officer_id=account(cast.BILAL).id)
    assert [row.reference for row in list_assessments(actor=bilal, at=AT, number=crime)] == [
        reference
    ]
    assert get_assessment(actor=bilal, at=AT, number=crime, reference=reference).grade == "high"
    with pytest.raises(NotFound):
        get_encounter(actor=bilal, at=AT, reference=reference)
    page = list_risk_assessments(actor=kemi, at=AT, filters=EncounterFilter())
    assert [(row.reference, row.grade) for row in page.rows] == [(reference, "high")]


def test_who_sees_stop_and_searches_does_not_see_assessments(ada: Actor, crime: str) -> None:
    reference = assess(ada, crime)
    viewer = signed_in(cast.BILAL)
    viewer = replace(viewer, permissions=viewer.permissions | {"encounter.view_all"})
    with pytest.raises(NotFound):
        get_encounter(actor=viewer, at=AT, reference=reference)


def test_no_copy_of_an_assessment_is_printed_for_anybody(ada: Actor, crime: str) -> None:
    with pytest.raises(NotFound):
        get_record_copy(actor=ada, at=AT, reference=assess(ada, crime))


def test_the_audit_record_has_neither_grade_nor_name(ada: Actor, crime: str) -> None:
    reference = assess(ada, crime)
    entry = AuditEntry.objects.get(act="risk.assessed")
    assert entry.detail == {"assessment": reference}
    assert entry.ref == crime


def test_a_stop_and_search_is_not_corrected_by_an_assessment(ada: Actor, crime: str) -> None:
    from bluelamp.casework.encounters.commands import record_at_scene

    search = record_at_scene(
        actor=ada, at=AT - timedelta(hours=1), capture=make_capture(), sha256="c" * 64
    )
    with pytest.raises(NotFound):
        assess(ada, crime, corrects_id=search.encounter_id)
