"""Look up one crime, or the crimes of a report or an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bluelamp.casework.crimes.lookups.times import list_corrected_times
from bluelamp.casework.crimes.lookups.waiting import WaitingItem, list_waiting_items
from bluelamp.casework.crimes.models import Crime, CrimeItem
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.crimes.scene_answers import list_scene_answers
from bluelamp.casework.reports.questions import AnswerText, list_other_answers
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.device_clock import ClockRecord
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.people.lookups import (
    LocationDetail,
    ObjectInRole,
    PersonDetail,
    PersonInRole,
    list_linked_objects,
    list_linked_people,
    to_location_detail,
)
from bluelamp.records.reference.rules import parse_crime_number


@dataclass(frozen=True, kw_only=True, slots=True)
class Classification:
    """What a crime was classified as, from when, by whom and why."""

    offence_code: str
    offence_title: str
    hocr_class: str
    ho_code: str
    at: datetime
    by_name: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedCrime:
    """A crime that is linked to another, or to an item."""

    id: UUID
    number: str
    offence_title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CapturedItem:
    """An item that an officer's phone captured: when it was taken, as it was corrected last."""

    item_id: UUID
    description: str
    captured_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeDetail:
    """A crime with everything recorded about it but the investigation.

    `linked` are the other crimes of its group, and `link_reason` says why they are linked.
    `item_ids` are of its items, those included whose bytes have not arrived yet. `report_answers`
    are the answers of the report it was recorded from that have no field of their own, and
    `scene_answers` those of the form that an officer filled in at the scene.
    """

    id: UUID
    number: str
    force: str
    state: str
    offence_code: str
    offence_title: str
    hocr_class: str
    ho_code: str
    occurred_from: datetime | None
    occurred_to: datetime | None
    is_time_unsure: bool
    summary: str
    location: LocationDetail | None
    place_detail: str
    is_against_the_state: bool
    report_id: UUID | None
    report_reference: str
    report_answers: tuple[AnswerText, ...]
    scene_answers: tuple[AnswerText, ...]
    group_id: UUID | None
    link_reason: str
    linked: tuple[LinkedCrime, ...]
    officer_in_case_id: UUID | None
    officer_in_case: str
    reported_at: datetime
    recorded_at: datetime
    recorded_by_id: UUID | None
    recorded_by_name: str
    device_at: datetime | None
    device_clock: ClockRecord
    waiting_items: tuple[WaitingItem, ...]
    captured_items: tuple[CapturedItem, ...]
    people: tuple[PersonInRole, ...]
    objects: tuple[ObjectInRole, ...]
    item_ids: tuple[UUID, ...]
    classifications: tuple[Classification, ...]

    def people_with_role(self, role: str) -> tuple[PersonDetail, ...]:
        """Return everyone linked in a role."""
        return tuple(linked.person for linked in self.people if linked.role == role)


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeProgress:
    """How far a crime has come: what its victim may know. It names nobody but the officer."""

    crime_id: UUID
    number: str
    offence_title: str
    state: str
    recorded_at: datetime
    officer_in_case: str
    officer_email: str


@lookup(permission="crime.view", act="crime.viewed")
def get_crime(*, actor: Actor, at: datetime, number: str) -> CrimeDetail:
    """Return a crime of the actor's force by its number. Raises NotFound."""
    crime = find_crime(actor=actor, number=number)
    record_act(crime, ref=str(crime.number))
    return to_crime_detail(actor=actor, crime=crime)


@lookup(permission="evidence.view", act="item.crimes_viewed")
def list_crimes_with_item(*, actor: Actor, at: datetime, item_id: UUID) -> tuple[LinkedCrime, ...]:
    """Return the crimes of the actor's force that an item belongs to, the earliest first."""
    # By the announced id, which is there before the item's bytes are.
    crimes = crime_policy.queryset(actor).filter(items__announced_item_id=item_id)
    linked = _to_linked_crimes(crimes.select_related("number").order_by("recorded_at", "id"))
    record_act(None, ref=str(item_id), detail={"numbers": [crime.number for crime in linked]})
    return linked


@lookup(permission="report.view", act="report.crimes_viewed")
def list_crimes_from_report(
    *, actor: Actor, at: datetime, report_id: UUID
) -> tuple[CrimeProgress, ...]:
    """Return how far the crimes recorded from a report have come, the earliest first."""
    crimes = (
        crime_policy.queryset(actor)
        .select_related("number", "officer_in_case")
        .filter(report_id=report_id)
        .order_by("recorded_at", "id")
    )
    progress = tuple(_to_crime_progress(crime) for crime in crimes)
    numbers = [crime.number for crime in progress]
    record_act(None, ref=" ".join(numbers), detail={"numbers": numbers})
    return progress


@read_within_act
def find_crime(*, actor: Actor, number: str) -> Crime:
    """Return the row of a crime, inside a command or lookup. Raises NotFound."""
    return _find_by_number(crime_policy.queryset(actor), number)


@read_within_act
def lock_crime(*, actor: Actor, number: str) -> Crime:
    """Return the row of a crime, locked until the transaction ends. Raises NotFound."""
    # no_key: writers of other tables that refer to the crime need not wait.
    crimes = crime_policy.queryset(actor).select_for_update(of=("self",), no_key=True)
    return _find_by_number(crimes, number)


@read_within_act
def to_crime_detail(*, actor: Actor, crime: Crime) -> CrimeDetail:
    """Return everything recorded about a crime, inside a command or lookup that records the act."""
    others = Crime.objects.select_related("number").filter(group=crime.group).exclude(id=crime.id)
    # filter(group=None) finds every crime that is in no group.
    linked = others.order_by("recorded_at", "id") if crime.group_id else others.none()
    officer = _active_officer(crime)
    items = list(crime.items.order_by("added_at", "id"))
    return CrimeDetail(
        id=crime.id,
        number=str(crime.number),
        force=crime.force,
        state=crime.state,
        offence_code=crime.offence_code,
        offence_title=crime.offence_title,
        hocr_class=crime.hocr_class,
        ho_code=crime.ho_code,
        occurred_from=crime.occurred_from,
        occurred_to=crime.occurred_to,
        is_time_unsure=crime.is_time_unsure,
        summary=crime.summary,
        location=to_location_detail(crime.location),
        place_detail=crime.report.place_detail if crime.report else "",
        is_against_the_state=crime.is_against_the_state,
        report_id=crime.report_id,
        report_reference=crime.report.reference if crime.report else "",
        report_answers=list_other_answers(crime.report) if crime.report else (),
        scene_answers=list_scene_answers(crime),
        group_id=crime.group_id,
        link_reason=crime.group.reason if crime.group else "",
        linked=_to_linked_crimes(linked),
        officer_in_case_id=crime.officer_in_case_id,
        officer_in_case=officer.display_name if officer else "",
        reported_at=crime.reported_at,
        recorded_at=crime.recorded_at,
        recorded_by_id=crime.recorded_by_id,
        recorded_by_name=crime.recorded_by_name,
        device_at=crime.device_at,
        device_clock=crime.device_clock,
        waiting_items=list_waiting_items(actor=actor, crime_ids=[crime.id]),
        captured_items=_captured_items(actor, items),
        people=list_linked_people(actor=actor, subject_id=crime.id),
        objects=list_linked_objects(actor=actor, subject_id=crime.id),
        item_ids=tuple(item.announced_item_id for item in items),
        classifications=tuple(
            Classification(
                offence_code=change.offence_code,
                offence_title=change.offence_title,
                hocr_class=change.hocr_class,
                ho_code=change.ho_code,
                at=change.at,
                by_name=change.by_name,
                reason=change.reason,
            )
            for change in crime.classifications.order_by("at", "id")
        ),
    )


def _find_by_number(crimes: QuerySet[Crime], number: str) -> Crime:
    if (parts := parse_crime_number(number)) is None:
        raise NotFound(crime_policy.not_found)
    crime = (
        crimes.select_related("number", "location", "report", "group", "officer_in_case")
        .filter(number__force=parts.force, number__year=parts.year, number__serial=parts.serial)
        .first()
    )
    if crime is None:
        raise NotFound(crime_policy.not_found)
    return crime


def _to_linked_crimes(crimes: QuerySet[Crime]) -> tuple[LinkedCrime, ...]:
    return tuple(
        LinkedCrime(id=crime.id, number=str(crime.number), offence_title=crime.offence_title)
        for crime in crimes
    )


def _active_officer(crime: Crime) -> User | None:
    """Return the officer in the case, unless their account was closed: nobody should wait for
    somebody who has left.
    """
    officer = crime.officer_in_case
    # Victims see this name and write to it: not to somebody who has left.
    return officer if officer and officer.is_active else None


def _to_crime_progress(crime: Crime) -> CrimeProgress:
    officer = _active_officer(crime)
    return CrimeProgress(
        crime_id=crime.id,
        number=str(crime.number),
        offence_title=crime.offence_title,
        state=crime.state,
        recorded_at=crime.recorded_at,
        officer_in_case=officer.display_name if officer else "",
        officer_email=officer.email if officer else "",
    )


def _captured_items(actor: Actor, items: Sequence[CrimeItem]) -> tuple[CapturedItem, ...]:
    captured = [item for item in items if item.announcement]
    ids = [item.announced_item_id for item in captured]
    corrections = list_corrected_times(actor=actor, subject_ids=ids) if ids else {}
    times = {key[0]: rows[-1].after_at for key, rows in corrections.items()}
    return tuple(
        CapturedItem(
            item_id=item.announced_item_id,
            description=item.announcement["about"].get("description", ""),
            captured_at=times.get(item.announced_item_id)
            or datetime.fromisoformat(item.announcement["about"]["captured_at"]),
        )
        for item in captured
    )
