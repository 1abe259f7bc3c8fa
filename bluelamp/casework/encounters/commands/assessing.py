"""Add an assessment of the risk to a victim. `crimes.commands` has the command."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.encounters.commands.recording import (
    check_answers,
    find_question_set,
    insert_version,
    publish_recorded,
)
from bluelamp.casework.encounters.models import Encounter, RiskAssessment
from bluelamp.casework.encounters.rules import (
    RISK_SET,
    EncounterKind,
    NewAssessment,
    RecordedEncounter,
    RiskGrade,
    encounter_reference,
)
from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable

_MAX_REASON_LENGTH = 4_000


def add_assessment(
    *,
    actor: Actor,
    at: datetime,
    crime_id: UUID,
    crime_number: str,
    person_id: UUID,
    assessment: NewAssessment,
) -> RecordedEncounter:
    """Write a risk assessment of a victim of a crime, or a later version of one.

    For the command of `crimes`, which has found the crime and its victim and records the act. The
    same assessment that is sent twice is one.

    Raises:
        Refused: An answer, the grade or its reason is missing or wrong.
        Conflict: The id was used before for something else, or what it corrects has been corrected.
        NotFound: What it corrects is not an assessment of this victim in this crime.
    """
    require_command()
    reject_unstorable(dict(assessment.values))
    sha256 = _hash_assessment(crime_id, person_id, assessment)
    reference = encounter_reference(assessment.encounter_id, EncounterKind.RISK_ASSESSMENT)
    # Sent twice: the officer gets the same answer, and nothing is written again.
    if not record_receipt(capture_id=assessment.encounter_id, sha256=sha256, kind="assessment"):
        return RecordedEncounter(
            encounter_id=assessment.encounter_id, reference=reference, is_new=False
        )
    reason = _require_grade(assessment)
    question_set = find_question_set(RISK_SET, assessment.version, name=RISK_SET)
    values = check_answers(question_set, assessment.values, at=at)
    corrected = (
        _find_corrected(actor, crime_id, person_id, assessment.corrects_id)
        if assessment.corrects_id
        else None
    )
    encounter = Encounter(
        id=assessment.encounter_id,
        force=actor.force,
        kind=EncounterKind.RISK_ASSESSMENT,
        reference=reference,
        happened_at=at,
        recorded_at=at,
        recorded_by_id=actor.id,
        recorded_by_name=actor.name[:200],
        person_id=person_id,
        question_set=RISK_SET,
        question_set_version=assessment.version,
        answers=values,
        version=corrected.version + 1 if corrected else 1,
        corrects=corrected,
    )
    insert_version(encounter, corrected_code="encounters.already_corrected")
    publish_recorded(encounter, at=at)
    RiskAssessment.objects.create(
        encounter=encounter,
        crime_id=crime_id,
        crime_number=crime_number,
        grade=assessment.grade,
        grade_reason=reason,
    )
    return RecordedEncounter(encounter_id=encounter.id, reference=reference)


def _hash_assessment(crime_id: UUID, person_id: UUID, assessment: NewAssessment) -> str:
    """Return the hash by which an assessment that is sent twice is recognised."""
    parts: list[Any] = [crime_id, person_id, assessment.version, assessment.corrects_id]
    parts += [assessment.values, assessment.grade, assessment.grade_reason]
    # Sorted: the same answers come in another order when a page is sent again.
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _require_grade(assessment: NewAssessment) -> str:
    """Return the reason of a grade. The grade is an officer's judgement: nothing computes it."""
    reason = clean_text(
        assessment.grade_reason,
        max_length=_MAX_REASON_LENGTH,
        field="grade_reason",
        label="encounters.grade_reason_label",
    )
    problems = []
    if assessment.grade not in set(RiskGrade):
        problems.append(Problem("encounters.grade_missing", "grade"))
    if not reason:
        problems.append(Problem("encounters.grade_reason_missing", "grade_reason"))
    if problems:
        raise Refused(errors=problems)
    return reason


def _find_corrected(actor: Actor, crime_id: UUID, person_id: UUID, encounter_id: UUID) -> Encounter:
    """Return the assessment to correct, if no correction has followed it."""
    earlier = Encounter.objects.filter(
        force=actor.force,
        id=encounter_id,
        person_id=person_id,
        risk_assessment__crime_id=crime_id,
    ).first()
    if earlier is None:
        raise NotFound("There is no such assessment.")
    # Otherwise an assessment would have two newest versions, which may grade the risk differently.
    if Encounter.objects.filter(corrects=earlier).exists():
        raise Conflict("encounters.already_corrected")
    return earlier
