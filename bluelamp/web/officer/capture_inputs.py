"""What the commands take, from what a device captured."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from bluelamp.casework.crimes.rules import (
    SceneAddition,
    SceneAnswers,
    SceneAssessment,
    SceneCrime,
    SceneItem,
    ScenePerson,
)
from bluelamp.casework.encounters.rules import CorrectedEncounter, SceneEncounter
from bluelamp.casework.investigations.rules import (
    SceneAnswer,
    SceneStatement,
    SceneStatementBack,
    Signature,
)
from bluelamp.casework.victims.rules import NewContact
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.web.officer.schemas import (
    AdditionCaptureSchema,
    AssessmentCaptureSchema,
    CrimeCaptureSchema,
    EncounterCaptureSchema,
    ItemCaptureSchema,
    StatementCaptureSchema,
)
from bluelamp.web.officer.task_schemas import AnswerCaptureSchema, ContactCaptureSchema
from bluelamp.web.officer.victim_schemas import VictimSchema


def to_scene_crime(capture: CrimeCaptureSchema, sent_at: datetime | None) -> SceneCrime:
    body = capture.body
    location = LocationInput(**body.location.model_dump())
    victim, contact = _to_victim_and_contact(body.victim, location) if body.victim else (None, None)
    return SceneCrime(
        crime_id=body.crime_id,
        number=body.number,
        lease_id=body.lease_id,
        device_id=capture.device_id,
        device_at=capture.device_at,
        made_at=capture.made_at,
        sent_at=sent_at,
        offence_code=body.offence_code,
        occurred_from=body.occurred_from,
        occurred_to=body.occurred_to,
        summary=body.summary,
        location=location,
        victim=victim,
        victim_id=body.victim.person_id if body.victim else None,
        victim_known=_to_known_victim(body.victim),
        contact=contact,
        contact_id=body.victim.contact_id if body.victim else None,
        related_number=body.related_number or "",
        answers=SceneAnswers(**body.answers.model_dump()) if body.answers else None,
    )


def to_scene_addition(capture: AdditionCaptureSchema) -> SceneAddition:
    body = capture.body
    return SceneAddition(
        addition_id=body.addition_id,
        crime_id=body.crime_id,
        device_id=capture.device_id,
        device_at=capture.device_at,
        note=body.note,
        answers=SceneAnswers(**body.answers.model_dump()) if body.answers else None,
        summary=body.summary,
        person=ScenePerson(**body.person.model_dump()) if body.person else None,
        hand_over_to=body.hand_over_to,
    )


def to_scene_assessment(capture: AssessmentCaptureSchema) -> SceneAssessment:
    body = capture.body
    return SceneAssessment(
        assessment_id=body.assessment_id,
        encounter_id=body.encounter_id,
        crime_id=body.crime_id,
        person_id=body.person_id,
        answers=SceneAnswers(**body.answers.model_dump()),
        grade=body.grade,
        grade_reason=body.grade_reason,
    )


def to_scene_encounter(capture: EncounterCaptureSchema, sent_at: datetime | None) -> SceneEncounter:
    return SceneEncounter(
        encounter_id=capture.body.encounter_id,
        copy_secret=capture.body.copy_secret or "",
        receipt_to=capture.body.receipt_to,
        receipt_language=capture.body.receipt_language,
        device_id=capture.device_id,
        device_at=capture.device_at,
        made_at=capture.made_at,
        sent_at=sent_at,
        **capture.body.answers.model_dump(),
    )


def to_corrected_encounter(capture: EncounterCaptureSchema, reference: str) -> CorrectedEncounter:
    answers = capture.body.answers
    return CorrectedEncounter(
        encounter_id=capture.body.encounter_id,
        reference=reference,
        version=answers.version,
        values=answers.values,
        reason=capture.body.correction_reason,
        device_id=capture.device_id,
        device_at=capture.device_at,
    )


def to_scene_answer(capture: AnswerCaptureSchema) -> SceneAnswer:
    body = capture.body
    return SceneAnswer(
        answer_id=body.answer_id,
        action_id=body.action_id,
        text=body.text,
        device_id=capture.device_id,
        device_at=capture.device_at,
    )


def to_new_contact(capture: ContactCaptureSchema) -> NewContact:
    return NewContact(
        **capture.body.model_dump(),
        device_id=capture.device_id,
        device_at=capture.device_at,
    )


def _to_victim_and_contact(
    victim: VictimSchema, crime_location: LocationInput
) -> tuple[PersonInput, PersonInput | None]:
    """Return the victim, and for a business also the person who speaks for it, if named."""
    # A phone asks only whether the victim lives there, never for a second address.
    address = crime_location if victim.address_same else None
    person = PersonInput(
        given_name=victim.given_name,
        family_name=victim.family_name,
        born_on=victim.born_on,
        phone=victim.phone,
        email=victim.email,
        is_safe_to_contact=victim.safe_to_contact,
        safe_contact=victim.safe_contact,
        safe_contact_detail=victim.safe_contact_detail,
    )
    if not victim.business_name.strip():
        return replace(person, address=address), None
    business = PersonInput(
        business_name=victim.business_name,
        address=address,
        is_safe_to_contact=victim.safe_to_contact,
        safe_contact=victim.safe_contact,
        safe_contact_detail=victim.safe_contact_detail,
    )
    if not (victim.given_name.strip() or victim.family_name.strip()):
        # Nobody is named, so the telephone number and the email address are the business's own.
        return replace(business, phone=victim.phone, email=victim.email), None
    return business, person


def _to_known_victim(victim: VictimSchema | None) -> PersonInput | None:
    return PersonInput(**victim.known.model_dump()) if victim and victim.known else None


def to_scene_statement(capture: StatementCaptureSchema, sent_at: datetime | None) -> SceneStatement:
    body, back = capture.body, capture.body.back
    return SceneStatement(
        statement_id=body.statement_id,
        crime_id=body.crime_id,
        person_id=body.person_id,
        maker_name=body.maker_name,
        is_maker_confirmed=body.maker_confirmed,
        age=body.age,
        occupation=body.occupation,
        text=body.text,
        declaration=body.declaration,
        pages=body.pages,
        is_read_over=body.read_over,
        signed_at=body.signed_at,
        signature=cast(Signature, body.signature.model_dump()),
        officer_signature=(
            cast(Signature, body.officer_signature.model_dump()) if body.officer_signature else None
        ),
        kind=body.statement_kind,
        original_language=body.original_language,
        original_text=body.original_text,
        interpreter_name=body.interpreter_name,
        taken_at_place=body.taken_at_place,
        copy_means=body.copy_means,
        copy_language=body.copy_language,
        device_id=capture.device_id,
        device_at=capture.device_at,
        made_at=capture.made_at,
        sent_at=sent_at,
        back=SceneStatementBack(
            address=LocationInput(address=back.address, postcode=back.postcode),
            phone=back.phone,
            email=back.email,
            dates_not_available=back.dates_not_available,
            is_willing_to_attend=back.willing_to_attend,
            needs_special_measures=back.special_measures_needed,
            vps=back.vps,
            ensure_attendance=back.ensure_attendance,
            particular_needs=back.particular_needs,
            guardian_name=back.guardian_name,
            guardian_contact=back.guardian_contact,
            is_vps_leaflet_given=back.vps_leaflet_given,
            consents_to_medical_records=back.consent_medical_records,
            consents_to_defence=back.consent_defence,
            consents_to_civil_proceedings=back.consent_civil_proceedings,
            consents_to_support=back.consent_support,
        ),
    )


def to_scene_item(capture: ItemCaptureSchema, sent_at: datetime | None) -> SceneItem:
    return SceneItem(
        device_id=capture.device_id,
        device_at=capture.device_at,
        made_at=capture.made_at,
        sent_at=sent_at,
        **capture.body.model_dump(),
    )
