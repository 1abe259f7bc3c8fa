"""Assess the risk to a victim of a crime."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.crimes.commands.people import correct_person
from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.lookups.assessments import is_in_charge
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.crimes.rules import SceneAssessment
from bluelamp.casework.encounters.commands import add_assessment
from bluelamp.casework.encounters.lookups import list_assessments_of_crime
from bluelamp.casework.encounters.rules import RISK_SET, NewAssessment, RecordedEncounter
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.forms.rules import list_facts
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.records.people.lookups import list_linked_people
from bluelamp.records.people.rules import LinkRole, with_facts


@command(permission="risk.assess", act="risk.captured", category=Category.COLLECTION)
def assess_risk_at_scene(
    *, actor: Actor, at: datetime, capture: SceneAssessment, sha256: str
) -> bool:
    """Record an assessment of the risk to a victim that a device captured, perhaps offline.

    What the victim said of how to reach them corrects their record at once: a message to somebody
    who is not safe must not go out.

    Args:
        actor: The officer.
        at: When it arrived.
        capture: The assessment as the device sealed it.
        sha256: The hash of the capture's bytes, in lower-case hexadecimal.

    Returns:
        Whether the capture is new.

    Raises:
        NotFound: The crime has not arrived yet, or is another force's.
        Refused: The person is no victim of this crime, or an answer or the grade is wrong.
        Conflict: The id was received before with other bytes.
    """
    crime = crime_policy.get(actor, id=capture.crime_id)
    number = str(crime.number)
    if not record_receipt(capture_id=capture.assessment_id, sha256=sha256, kind="risk"):
        record_act(crime, ref=number, detail={"received": "before"})
        return False
    if capture.answers.question_set != RISK_SET:
        raise Refused("encounters.question_set_unknown", field="version")
    assess_risk(
        actor=actor,
        at=at,
        number=number,
        person_id=capture.person_id,
        assessment=NewAssessment(
            encounter_id=capture.encounter_id,
            version=capture.answers.version,
            values=capture.answers.values,
            grade=capture.grade,
            grade_reason=capture.grade_reason,
        ),
        victim_facts=_victim_facts(capture, at=at),
    )
    record_act(crime, ref=number)
    return True


def _victim_facts(capture: SceneAssessment, *, at: datetime) -> dict[str, Any]:
    """Return what the answers say of the victim; what was left empty says nothing."""
    try:
        question_set = get_question_set(RISK_SET, capture.answers.version)
    # Refused with the assessment, which has its own words for it.
    except NotFound:
        return {}
    return {
        name: value
        for fact in list_facts(question_set, capture.answers.values, today=london_date(at))
        if fact.kind == "person" and fact.role == LinkRole.VICTIM
        for name, value in fact.fields.items()
        if value
    }


@command(permission="risk.assess", act="risk.assessed", category=Category.COLLECTION)
def assess_risk(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    person_id: UUID | None,
    assessment: NewAssessment,
    victim_facts: Mapping[str, Any] | None = None,
) -> RecordedEncounter:
    """Record an assessment of the risk to a victim of a crime, or a later version of one.

    Args:
        actor: Who assesses it.
        at: When.
        number: The crime's number.
        person_id: The victim.
        assessment: The answers and the grade.
        victim_facts: What the victim said that the record has otherwise, as `with_facts` takes it:
            their record is corrected.

    Raises:
        NotFound: There is no such crime in the actor's force, or no such assessment to correct.
        Refused: Nobody was chosen who is a victim of this crime, or an answer or the grade is
            wrong.
        Conflict: What it corrects has been corrected already.
    """
    crime = find_crime(actor=actor, number=number)
    victims = {
        linked.person.id: linked.person
        for linked in list_linked_people(actor=actor, subject_id=crime.id)
        if linked.role == LinkRole.VICTIM
    }
    if person_id is None or person_id not in victims:
        raise Refused("encounters.victim_missing", field="victim")
    if assessment.corrects_id and assessment.corrects_id not in {
        row.id
        for row in list_assessments_of_crime(
            actor=actor, crime_id=crime.id, is_in_charge=is_in_charge(actor, crime)
        )
    }:
        raise NotFound("There is no such assessment.")
    recorded = add_assessment(
        actor=actor,
        at=at,
        crime_id=crime.id,
        crime_number=str(crime.number),
        person_id=person_id,
        assessment=assessment,
    )
    if victim_facts and recorded.is_new:
        correct_person(
            actor=actor,
            at=at,
            person_id=person_id,
            details=with_facts(victims[person_id].as_input, victim_facts),
            reason=f"They told the officer who assessed the risk ({recorded.reference}).",
        )
    # Neither the grade nor the victim's name: the audit record is read by people who need not know.
    record_act(crime, ref=str(crime.number), detail={"assessment": recorded.reference})
    return recorded
