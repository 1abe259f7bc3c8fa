"""Assess the risk to a victim of a crime."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.crimes.commands.people import correct_person
from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.lookups.assessments import is_in_charge
from bluelamp.casework.encounters.commands import add_assessment
from bluelamp.casework.encounters.lookups import list_assessments_of_crime
from bluelamp.casework.encounters.rules import NewAssessment, RecordedEncounter
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.people.lookups import list_linked_people
from bluelamp.records.people.rules import LinkRole, with_facts


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
