"""One crime, whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.foundation.accounts.queries import find_user
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.people.queries import (
    ObjectInRole,
    PersonInRole,
    PersonView,
    PlaceView,
    objects_of,
    people_of,
    place_view,
)
from bluelamp.records.people.rules import searchable
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
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedCrime:
    """Another crime of the same group."""

    id: UUID
    number: str
    offence_title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeView:
    """A crime, its people and things by role, its items, the crimes linked to it and why, its
    classifications.
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
    location: PlaceView | None
    place_detail: str
    is_against_the_state: bool
    report_id: UUID | None
    report_reference: str
    group_id: UUID | None
    linked_why: str
    linked: tuple[LinkedCrime, ...]
    officer_in_case_id: UUID | None
    officer_in_case: str
    reported_at: datetime
    recorded_at: datetime
    recorded_by_name: str
    device_at: datetime | None
    people: tuple[PersonInRole, ...]
    objects: tuple[ObjectInRole, ...]
    item_ids: tuple[UUID, ...]
    classifications: tuple[Classification, ...]

    def with_role(self, role: str) -> tuple[PersonView, ...]:
        """Return everyone linked in a role."""
        return tuple(each.person for each in self.people if each.role == role)


@dataclass(frozen=True, kw_only=True, slots=True)
class CrimeProgress:
    """How far a crime has come, with nobody's data but the officer's: what a victim may be told."""

    crime_id: UUID
    number: str
    offence_title: str
    state: str
    recorded_at: datetime
    officer_in_case: str
    officer_email: str


@lookup(may="crime.view", act="crime.viewed")
def view_crime(*, actor: Actor, at: datetime, number: str, why: str = "") -> CrimeView:
    """Return a crime of the actor's force by its number. Raises NotFound."""
    crime = find_crime(force=actor.force, number=number)
    record_act(crime, ref=str(crime.number), detail={"why": searchable(why)} if why else {})
    return crime_view(crime)


def find_crime(*, force: str, number: str, lock: bool = False) -> Crime:
    """Return a crime for use inside a command or lookup; `lock` holds it until the transaction
    ends.
    """
    parts = parse_crime_number(number)
    crimes = Crime.objects.select_related("number", "location", "report", "group")
    if lock:
        crimes = crimes.select_for_update(of=("self",), no_key=True)
    crime = None
    if parts and parts.force == force:
        crime = crimes.filter(
            force=force, number__force=force, number__year=parts.year, number__serial=parts.serial
        ).first()
    if crime is None:
        raise NotFound("There is no such crime.")
    return crime


def crime_view(crime: Crime) -> CrimeView:
    """Return what is shown of a crime, for use inside a lookup that records it."""
    others = Crime.objects.select_related("number").filter(group=crime.group).exclude(id=crime.id)
    linked = others.order_by("recorded_at", "id") if crime.group_id else others.none()
    officer = find_user(user_id=crime.officer_in_case_id) if crime.officer_in_case_id else None
    return CrimeView(
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
        location=place_view(crime.location),
        place_detail=crime.report.place_detail if crime.report else "",
        is_against_the_state=crime.is_against_the_state,
        report_id=crime.report_id,
        report_reference=crime.report.reference if crime.report else "",
        group_id=crime.group_id,
        linked_why=crime.group.why if crime.group else "",
        linked=tuple(
            LinkedCrime(id=each.id, number=str(each.number), offence_title=each.offence_title)
            for each in linked
        ),
        officer_in_case_id=crime.officer_in_case_id,
        officer_in_case=officer.known_as if officer else "",
        reported_at=crime.reported_at,
        recorded_at=crime.recorded_at,
        recorded_by_name=crime.recorded_by_name,
        device_at=crime.device_at,
        people=people_of(subject_id=crime.id),
        objects=objects_of(subject_id=crime.id),
        item_ids=tuple(crime.items.order_by("added_at", "id").values_list("item_id", flat=True)),
        classifications=tuple(
            Classification(
                offence_code=each.offence_code,
                offence_title=each.offence_title,
                hocr_class=each.hocr_class,
                ho_code=each.ho_code,
                at=each.at,
                by_name=each.by_name,
                why=each.why,
            )
            for each in crime.classifications.order_by("at", "id")
        ),
    )


def crimes_holding(*, force: str, item_id: UUID) -> tuple[LinkedCrime, ...]:
    """Return the force's crimes that an item belongs to: for a page of the item, after its own
    lookup.
    """
    found = Crime.objects.select_related("number").filter(force=force, items__item_id=item_id)
    return tuple(
        LinkedCrime(id=each.id, number=str(each.number), offence_title=each.offence_title)
        for each in found.order_by("recorded_at", "id")
    )


def progress_of_report(*, report_id: UUID) -> tuple[CrimeProgress, ...]:
    """Return how far the crimes recorded from a report have come: for use inside a later stage's
    lookup.
    """
    found = []
    for crime in (
        Crime.objects.select_related("number")
        .filter(report_id=report_id)
        .order_by("recorded_at", "id")
    ):
        officer = find_user(user_id=crime.officer_in_case_id) if crime.officer_in_case_id else None
        found.append(
            CrimeProgress(
                crime_id=crime.id,
                number=str(crime.number),
                offence_title=crime.offence_title,
                state=crime.state,
                recorded_at=crime.recorded_at,
                officer_in_case=officer.known_as if officer else "",
                officer_email=officer.email if officer else "",
            )
        )
    return tuple(found)
