"""Look up one encounter, and the risk assessments of a crime."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.casework.encounters.models import Encounter
from bluelamp.casework.encounters.policy import encounter_policy
from bluelamp.casework.encounters.rules import (
    RECEIPT_TEMPLATE,
    EncounterKind,
    count_yes,
    last_day_for_copy,
    parse_encounter_reference,
)
from bluelamp.foundation.audit.acts import Category, lookup, read_within_act, record_act
from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.forms.rules import RowText, SectionStep, show_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.temporary import MessageFate, list_message_fates
from bluelamp.records.people.lookups import (
    LocationDetail,
    PersonDetail,
    to_location_detail,
    to_person_detail,
)


class AnswerChange(NamedTuple):
    """What a correction changed: the question, and the lines of its answer before and after."""

    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnDetail:
    """That a supervisor gave the record back to its officer, and why."""

    reason: str
    returned_at: datetime
    returned_by_name: str
    due_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EncounterDetail:
    """An encounter with its answers for the eye.

    `sections` have the answers under the labels of the form's version that was answered, whose
    title and licence stand beside. `copy_until` is the last day to ask for a copy of the record of
    a search, None for other kinds. `yes_count` is how many answers are yes, and is no grade.
    `receipts` are the messages with the link to the record, and what became of them.
    `corrects` and `corrected_by` are the references of the versions before and after this one;
    `correction_reason` and `changes` are why it was corrected, and in what. `returned` is that a
    supervisor gave this version back, and `came_back_from` that they gave back the one before.
    """

    id: UUID
    reference: str
    kind: str
    force: str
    happened_at: datetime
    recorded_at: datetime
    recorded_by_name: str
    device_at: datetime | None
    location: LocationDetail | None
    place_detail: str
    person: PersonDetail | None
    vrm: str
    thing: str
    form_title: str
    form_version: int
    licence: str
    values: dict[str, Any]
    sections: tuple[SectionStep, ...]
    copy_until: date | None
    receipts: tuple[MessageFate, ...]
    version: int
    corrects: str
    corrected_by: str
    crime_number: str
    grade: str
    grade_reason: str
    yes_count: int
    recorded_by_id: UUID | None
    correction_reason: str
    changes: tuple[AnswerChange, ...]
    returned: ReturnDetail | None
    came_back_from: ReturnDetail | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AssessmentRow:
    """A risk assessment of a victim, on the page of the crime."""

    id: UUID
    reference: str
    person_id: UUID | None
    person: str
    grade: str
    grade_reason: str
    yes_count: int
    recorded_at: datetime
    recorded_by_name: str
    version: int
    is_corrected: bool


@lookup(permission="encounter.view", act="encounter.viewed")
def get_encounter(*, actor: Actor, at: datetime, reference: str) -> EncounterDetail:
    """Return an encounter that the actor may see, by its reference, however it was typed.

    Raises:
        NotFound: There is no such record, or the actor need not know of it.
    """
    encounter = _find_encounter(actor, reference)
    record_act(encounter, ref=encounter.reference, detail={"kind": encounter.kind})
    return _to_encounter_detail(actor, encounter)


@lookup(permission="encounter.view", act="encounter.copy_printed", category=Category.DISCLOSURE)
def get_record_copy(*, actor: Actor, at: datetime, reference: str) -> EncounterDetail:
    """Return the record of a search, to give the person a copy of it (PACE 1984 s.3(7) and (8)).

    Raises:
        NotFound: There is no such record of a search, or the actor need not know of it.
    """
    encounter = _find_encounter(actor, reference)
    # Only somebody who was searched has a right to a copy.
    if encounter.kind != EncounterKind.STOP_SEARCH:
        raise NotFound(encounter_policy.not_found)
    record_act(encounter, ref=encounter.reference)
    return _to_encounter_detail(actor, encounter)


@read_within_act
def require_assessment(
    *, actor: Actor, crime_id: UUID, reference: str, is_in_charge: bool
) -> EncounterDetail:
    """Return a risk assessment of a crime, inside the lookup of a later stage.

    Args:
        actor: Who asks.
        crime_id: The crime.
        reference: The assessment's reference.
        is_in_charge: Whether the actor is in charge of the crime, and so may see each.

    Raises:
        NotFound: There is none of this reference in the crime, or the actor need not know of it.
    """
    encounter = (
        _assessments_of_crime(actor, crime_id, is_in_charge=is_in_charge)
        # No encounter has an empty reference, so what is no reference is not found.
        .filter(reference=parse_encounter_reference(reference) or "")
        .first()
    )
    if encounter is None:
        raise NotFound(encounter_policy.not_found)
    return _to_encounter_detail(actor, encounter)


@read_within_act
def list_assessments_of_crime(
    *, actor: Actor, crime_id: UUID, is_in_charge: bool
) -> tuple[AssessmentRow, ...]:
    """Return the risk assessments of a crime that the actor may see, the latest first.

    Args:
        actor: Who asks.
        crime_id: The crime.
        is_in_charge: Whether the actor is in charge of the crime, and so may see each.
    """
    encounters = _assessments_of_crime(actor, crime_id, is_in_charge=is_in_charge)
    return tuple(
        _to_assessment_row(encounter) for encounter in encounters.order_by("-recorded_at", "-id")
    )


def _find_encounter(actor: Actor, reference: str) -> Encounter:
    encounter = (
        encounter_policy.queryset(actor)
        .filter(reference=parse_encounter_reference(reference) or "")
        .select_related(
            "location",
            "person__address",
            "vehicle",
            "item",
            "corrects__returned",
            "corrected_by",
            "risk_assessment",
            "returned",
        )
        .first()
    )
    if encounter is None:
        raise NotFound(encounter_policy.not_found)
    return encounter


def _assessments_of_crime(
    actor: Actor, crime_id: UUID, *, is_in_charge: bool
) -> QuerySet[Encounter]:
    visible = (
        # The policy would hide a colleague's assessment, which they need to keep the victim safe.
        Encounter.objects.filter(force=actor.force)
        if is_in_charge
        else encounter_policy.queryset(actor)
    )
    return visible.filter(
        kind=EncounterKind.RISK_ASSESSMENT, risk_assessment__crime_id=crime_id
    ).select_related(
        "person__address", "risk_assessment", "corrects__returned", "corrected_by", "location"
    )


def _to_assessment_row(encounter: Encounter) -> AssessmentRow:
    assessment = encounter.risk_assessment
    question_set = get_question_set(encounter.question_set, encounter.question_set_version)
    return AssessmentRow(
        id=encounter.id,
        reference=encounter.reference,
        person_id=encounter.person_id,
        person=encounter.person.name if encounter.person else "",
        grade=assessment.grade,
        grade_reason=assessment.grade_reason,
        yes_count=count_yes(question_set, encounter.answers),
        recorded_at=encounter.recorded_at,
        recorded_by_name=encounter.recorded_by_name,
        version=encounter.version,
        # A reverse one-to-one raises where there is nothing: no further query is made.
        is_corrected=hasattr(encounter, "corrected_by"),
    )


def _to_encounter_detail(actor: Actor, encounter: Encounter) -> EncounterDetail:
    question_set = get_question_set(encounter.question_set, encounter.question_set_version)
    happened_on = london_date(encounter.happened_at)
    assessment = getattr(encounter, "risk_assessment", None)
    corrected_by = getattr(encounter, "corrected_by", None)
    is_search = encounter.kind == EncounterKind.STOP_SEARCH
    return EncounterDetail(
        id=encounter.id,
        reference=encounter.reference,
        kind=encounter.kind,
        force=encounter.force,
        happened_at=encounter.happened_at,
        recorded_at=encounter.recorded_at,
        recorded_by_name=encounter.recorded_by_name,
        device_at=encounter.device_at,
        location=to_location_detail(encounter.location),
        place_detail=encounter.place_detail,
        person=to_person_detail(encounter.person) if encounter.person else None,
        vrm=encounter.vehicle.vrm if encounter.vehicle else "",
        thing=encounter.item.description if encounter.item else "",
        form_title=question_set.title,
        form_version=question_set.version,
        licence=question_set.licence,
        values=dict(encounter.answers),
        sections=tuple(show_record(encounter)),
        copy_until=last_day_for_copy(happened_on) if is_search else None,
        receipts=_list_receipts(actor, encounter),
        version=encounter.version,
        corrects=encounter.corrects.reference if encounter.corrects else "",
        corrected_by=corrected_by.reference if corrected_by else "",
        crime_number=assessment.crime_number if assessment else "",
        grade=assessment.grade if assessment else "",
        grade_reason=assessment.grade_reason if assessment else "",
        yes_count=count_yes(question_set, encounter.answers),
        recorded_by_id=encounter.recorded_by_id,
        correction_reason=encounter.correction_reason,
        changes=_list_changes(encounter.corrects, encounter) if encounter.corrects else (),
        returned=_to_return_detail(encounter),
        came_back_from=_to_return_detail(encounter.corrects) if encounter.corrects else None,
    )


def _list_receipts(actor: Actor, encounter: Encounter) -> tuple[MessageFate, ...]:
    """Return the messages of the first version, whose link leads to every later one."""
    first = encounter
    while first.corrects:
        first = first.corrects
    return list_message_fates(actor=actor, reference=first.reference, template=RECEIPT_TEMPLATE)


def _to_return_detail(encounter: Encounter) -> ReturnDetail | None:
    returned = getattr(encounter, "returned", None)
    if returned is None:
        return None
    return ReturnDetail(
        reason=returned.reason,
        returned_at=returned.returned_at,
        returned_by_name=returned.returned_by_name,
        due_on=returned.due_on,
    )


def _list_changes(earlier: Encounter, later: Encounter) -> tuple[AnswerChange, ...]:
    """Return each answer that is not the same in the later version, in the order of its form."""
    before, after = _rows_by_question(earlier), _rows_by_question(later)
    return tuple(
        AnswerChange(
            label=(after.get(question_id) or before[question_id]).label,
            before=tuple(before[question_id].lines) if question_id in before else (),
            after=tuple(after[question_id].lines) if question_id in after else (),
        )
        # What only the earlier version answered comes last.
        for question_id in {**after, **before}
        if earlier.answers.get(question_id) != later.answers.get(question_id)
    )


def show_record(encounter: Encounter) -> list[SectionStep]:
    """Return the answers for the eye, under the labels of the form that was answered."""
    question_set = get_question_set(encounter.question_set, encounter.question_set_version)
    # As it was asked on that day: a condition such as "14 years ago" must not change later.
    day = london_date(encounter.happened_at)
    return list(show_answers(question_set, encounter.answers, today=day))


def _rows_by_question(encounter: Encounter) -> dict[str, RowText]:
    pages = [page for section in show_record(encounter) for page in section.pages]
    return {row.question_id: row for page in pages for row in page.rows}
