"""Look up the risk assessments of a crime's victims.

Who is in charge of the crime needs each of them. Others see those they made themselves, and
supervisors those of the force: `encounters` says so.
"""

from datetime import datetime

from bluelamp.casework.crimes.lookups.viewing import find_crime
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.encounters.lookups import (
    AssessmentRow,
    EncounterDetail,
    list_assessments_of_crime,
    require_assessment,
)
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor


@lookup(permission="risk.assess", act="risk.of_crime_listed")
def list_assessments(*, actor: Actor, at: datetime, number: str) -> tuple[AssessmentRow, ...]:
    """Return the risk assessments of a crime that the actor may see, the latest first.

    Raises:
        NotFound: There is no such crime in the actor's force.
    """
    crime = find_crime(actor=actor, number=number)
    rows = list_assessments_of_crime(
        actor=actor, crime_id=crime.id, is_in_charge=is_in_charge(actor, crime)
    )
    references = [row.reference for row in rows]
    record_act(None, ref=str(crime.number), detail={"references": references})
    return rows


@lookup(permission="risk.assess", act="risk.viewed")
def get_assessment(*, actor: Actor, at: datetime, number: str, reference: str) -> EncounterDetail:
    """Return a risk assessment of a crime.

    Raises:
        NotFound: There is no such crime or assessment, or the actor need not know of it.
    """
    crime = find_crime(actor=actor, number=number)
    assessment = require_assessment(
        actor=actor,
        crime_id=crime.id,
        reference=reference,
        is_in_charge=is_in_charge(actor, crime),
    )
    record_act(crime, ref=str(crime.number), detail={"reference": assessment.reference})
    return assessment


def is_in_charge(actor: Actor, crime: Crime) -> bool:
    """Return whether the actor is the officer in the case of a crime."""
    return actor.id is not None and crime.officer_in_case_id == actor.id
