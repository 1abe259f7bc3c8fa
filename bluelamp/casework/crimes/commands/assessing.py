"""Assess the risk to a victim of a crime."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.lookups.assessments import is_in_charge
from bluelamp.casework.encounters.commands import add_assessment
from bluelamp.casework.encounters.lookups import list_assessments_of_crime
from bluelamp.casework.encounters.rules import NewAssessment, RecordedEncounter
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.people.lookups import list_linked_people
from bluelamp.records.people.rules import LinkRole


@command(permission="risk.assess", act="risk.assessed", category=Category.COLLECTION)
def assess_risk(
    *, actor: Actor, at: datetime, number: str, person_id: UUID | None, assessment: NewAssessment
) -> RecordedEncounter:
    """Record an assessment of the risk to a victim of a crime, or a later version of one.

    Raises:
        NotFound: There is no such crime in the actor's force, or no such assessment to correct.
        Refused: Nobody was chosen who is a victim of this crime, or an answer or the grade is
            wrong.
        Conflict: What it corrects has been corrected already.
    """
    crime = find_crime(actor=actor, number=number)
    victim_ids = {
        linked.person.id
        for linked in list_linked_people(actor=actor, subject_id=crime.id)
        if linked.role == LinkRole.VICTIM
    }
    if person_id is None or person_id not in victim_ids:
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
    # Neither the grade nor the victim's name: the audit record is read by people who need not know.
    record_act(crime, ref=str(crime.number), detail={"assessment": recorded.reference})
    return recorded
