"""Record a crime: from a report, at a desk, or at the scene; and reclassify one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands.linking import join, refresh_keys
from bluelamp.casework.crimes.commands.numbers import take_number, use_leased
from bluelamp.casework.crimes.events import CrimeReclassified, CrimeRecorded
from bluelamp.casework.crimes.models import ClassificationChange, Crime, CrimeItem, CrimeNumber
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.casework.crimes.rules import SceneCrime
from bluelamp.casework.reports.commands import mark_recorded
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.rules import Role
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.outbox import announce
from bluelamp.foundation.kernel.receipts import claim
from bluelamp.records.people.commands import (
    keep_person,
    keep_place,
    keep_places,
    keep_vehicle,
    link,
)
from bluelamp.records.people.models import Location, Person
from bluelamp.records.people.rules import (
    LinkRole,
    PersonDetails,
    PlaceDetails,
    SubjectKind,
    fits,
    storable,
)
from bluelamp.records.reference.models import Offence
from bluelamp.records.reference.queries import offence as offence_on

_NO_REPORT = UUID(int=0)
_LONGEST_SUMMARY = 20_000
_ROLES_OF_REPORTER = {
    Role.VICTIM: LinkRole.VICTIM,
    Role.BUSINESS: LinkRole.VICTIM,
    Role.WITNESS: LinkRole.WITNESS,
    Role.ON_BEHALF: LinkRole.ON_BEHALF,
}
_ROLES_OF_VEHICLE = {"criminal-damage": LinkRole.DAMAGED, "vehicle-theft": LinkRole.STOLEN}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The answer to recording: the crime's number. `is_new` is False where the same capture had
    arrived before.
    """

    crime_id: UUID
    number: str
    is_new: bool = True


@command(may="crime.record", act="crime.recorded", category=Category.COLLECTION)
def record_from_report(
    *, actor: Actor, at: datetime, reference: str, offence_code: str, note: str = ""
) -> Recorded:
    """Record a crime from a report: everything but its class comes from what was told, the items
    included.

    Raises NotFound, Refused for an unknown offence, Conflict where the report was decided already.
    """
    offence = _offence(offence_code, at)
    report = mark_recorded(actor=actor, at=at, reference=reference)
    crime = _record(
        actor,
        at,
        crime_id=new_id(),
        number=take_number(force=actor.force, at=at),
        offence=offence,
        note=note,
        occurred_from=report.occurred_from,
        occurred_to=report.occurred_to,
        is_time_unsure=report.is_time_unsure,
        summary=report.narrative,
        location=report.location,
        reported_at=report.received_at,
        report=report,
    )
    CrimeItem.objects.bulk_create(
        CrimeItem(crime=crime, item_id=item.item_id, added_at=at)
        for item in report.items.order_by("position")
    )
    told_by = report.person_reporting
    role = Role(report.role)
    is_for_business = role == Role.BUSINESS and bool(told_by.business_name)
    victim = _business_of(actor, at, told_by) if is_for_business else told_by
    _link_people(actor, at, crime, victim, _ROLES_OF_REPORTER[role])
    _link_people(actor, at, crime, told_by, LinkRole.PERSON_REPORTING)
    if report.vrm:
        link(
            actor=actor,
            at=at,
            subject_kind=SubjectKind.CRIME,
            subject_id=crime.id,
            role=_ROLES_OF_VEHICLE.get(report.kind, LinkRole.INVOLVED),
            object=keep_vehicle(actor=actor, vrm=report.vrm),
        )
    return _finish(actor, at, crime, {"report": report.reference})


@command(may="crime.record", act="crime.recorded", category=Category.COLLECTION)
def record_crime(
    *,
    actor: Actor,
    at: datetime,
    offence_code: str,
    summary: str,
    crime_id: UUID | None = None,
    occurred_from: datetime | None = None,
    occurred_to: datetime | None = None,
    is_time_unsure: bool = False,
    location: PlaceDetails | None = None,
    victims: Sequence[PersonDetails] = (),
    reported_at: datetime | None = None,
    note: str = "",
) -> Recorded:
    """Record a crime that did not come through a report, at a desk. Raises Refused."""
    if occurred_from and occurred_from > at:
        raise Refused("The date and time must be in the past.", field="occurred_from")
    crime = _record(
        actor,
        at,
        crime_id=crime_id or new_id(),
        offence=_offence(offence_code, at),
        number=take_number(force=actor.force, at=at),
        note=note,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        is_time_unsure=is_time_unsure,
        summary=summary,
        location=keep_place(actor=actor, details=location) if location else None,
        reported_at=reported_at or at,
    )
    for details in victims:
        _link_people(
            actor, at, crime, keep_person(actor=actor, at=at, details=details), LinkRole.VICTIM
        )
    return _finish(actor, at, crime, {})


@command(may="crime.record", act="crime.recorded", category=Category.COLLECTION)
def record_at_scene(*, actor: Actor, at: datetime, capture: SceneCrime, sha256: str) -> Recorded:
    """Record a crime captured on a device, under the number it was given there, or else under the
    next of the series. Sent twice, it is recorded once, under the same number.

    Late or wrong device clocks don't matter: `device_at` is kept as it was said and nothing follows
    from it. Raises Refused where the number is not of this device's lease or was used, and Conflict
    where the id was received with other bytes.
    """
    storable(asdict(capture))
    if not claim(capture_id=capture.crime_id, sha256=sha256, kind="crime"):
        known = (
            Crime.objects.select_related("number")
            .filter(id=capture.crime_id, force=actor.force)
            .first()
        )
        if known is None:
            raise NotFound("There is no such crime.")
        record_act(known, ref=str(known.number), detail={"received": "before"})
        return Recorded(crime_id=known.id, number=str(known.number), is_new=False)
    offence = _offence(capture.offence_code, at)
    if capture.number is not None:
        number = use_leased(
            force=actor.force,
            at=at,
            number=capture.number,
            device_id=capture.device_id,
            lease_id=capture.lease_id,
        )
    else:
        number = take_number(force=actor.force, at=at)
    lives = capture.victim.address if capture.victim else None
    keep_places(actor=actor, places=[capture.location, lives])
    crime = _record(
        actor,
        at,
        crime_id=capture.crime_id,
        number=number,
        offence=offence,
        occurred_from=capture.occurred_from,
        occurred_to=capture.occurred_to,
        summary=capture.summary,
        location=keep_place(actor=actor, details=capture.location),
        reported_at=at,
        device_id=capture.device_id,
        device_at=capture.device_at,
        is_against_the_state=capture.victim is None,
    )
    told = [
        (capture.victim, capture.victim_id, LinkRole.VICTIM),
        (capture.contact, capture.contact_id, LinkRole.ON_BEHALF),
    ]
    for details, person_id, role in told:
        if details:
            person = keep_person(actor=actor, at=at, details=details, person_id=person_id)
            _link_people(actor, at, crime, person, role)
    if capture.related_number.strip():
        _link_as_told(actor, at, crime, capture.related_number)
    return _finish(actor, at, crime, {"device": str(capture.device_id)})


@command(may="crime.reclassify", act="crime.reclassified")
def reclassify(*, actor: Actor, at: datetime, number: str, offence_code: str, why: str) -> None:
    """Change what a crime is classified as; what it was stays on its history (Counting Rules,
    general rules B).

    Raises NotFound; Refused without a reason, or for an unknown offence or the one it has.
    """
    crime = find_crime(force=actor.force, number=number, lock=True)
    said = fits(why, limit=4000, field="why", what="The reason")
    if not said:
        raise Refused("Say why the crime is reclassified.", field="why")
    offence = _offence(offence_code, at)
    if (crime.offence_code, crime.hocr_class) == (offence.cjs_code, offence.ho_class):
        raise Refused("The crime is classified as this already.", field="offence_code")
    before = crime.offence_code
    for name, value in _class_of(offence).items():
        setattr(crime, name, value)
    crime.save(update_fields=list(_class_of(offence)))
    _keep_class(actor, at, crime, said)
    refresh_keys(crime=crime)
    record_act(crime, ref=str(crime.number), detail={"from": before, "to": crime.offence_code})
    announce(
        CrimeReclassified(crime_id=crime.id, number=str(crime.number), force=crime.force, at=at)
    )


def _offence(code: str, at: datetime) -> Offence:
    storable(code, field="offence_code")
    offence = offence_on(code, on=at.astimezone(LONDON).date())
    if offence is None:
        raise Refused("Choose an offence from the list.", field="offence_code")
    return offence


def _class_of(offence: Offence) -> dict[str, str]:
    return {
        "offence_code": offence.cjs_code,
        "offence_title": offence.title,
        "hocr_class": offence.ho_class,
        "ho_code": offence.ho_code,
    }


def _record(
    actor: Actor,
    at: datetime,
    *,
    crime_id: UUID,
    number: CrimeNumber,
    offence: Offence,
    occurred_from: datetime | None,
    occurred_to: datetime | None,
    summary: str,
    location: Location | None,
    reported_at: datetime,
    is_time_unsure: bool = False,
    report: Report | None = None,
    device_id: UUID | None = None,
    device_at: datetime | None = None,
    is_against_the_state: bool = False,
    note: str = "",
) -> Crime:
    said = fits(summary, limit=_LONGEST_SUMMARY, field="summary", what="What happened")
    if not said:
        raise Refused("Say what happened.", field="summary")
    if occurred_from and occurred_to and occurred_to < occurred_from:
        raise Refused(
            "The later date and time must come after the earlier one.", field="occurred_to"
        )
    if Crime.objects.filter(id=crime_id).exists():
        raise Conflict()
    crime = Crime.objects.create(
        id=crime_id,
        force=actor.force,
        number=number,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        is_time_unsure=is_time_unsure,
        summary=said,
        location=location,
        report=report,
        reported_at=reported_at,
        recorded_at=at,
        recorded_by=actor.id,
        recorded_by_name=actor.name[:200],
        device_id=device_id,
        device_at=device_at,
        is_against_the_state=is_against_the_state,
        **_class_of(offence),
    )
    _keep_class(actor, at, crime, fits(note, limit=4000, field="note", what="The note"))
    return crime


def _keep_class(actor: Actor, at: datetime, crime: Crime, why: str) -> None:
    ClassificationChange.objects.create(
        crime=crime,
        offence_code=crime.offence_code,
        offence_title=crime.offence_title,
        hocr_class=crime.hocr_class,
        ho_code=crime.ho_code,
        at=at,
        by=actor.id,
        by_name=actor.name[:200],
        why=why,
    )


def _business_of(actor: Actor, at: datetime, person: Person) -> Person:
    """Return the business that somebody reported for: the victim, where they only speak for it
    (POLE: a business is not a person). Their own address is not the business's.
    """
    named = PersonDetails(
        business_name=person.business_name, is_safe_to_contact=person.is_safe_to_contact
    )
    return keep_person(actor=actor, at=at, details=named)


def _link_people(actor: Actor, at: datetime, crime: Crime, person: Person, role: LinkRole) -> None:
    link(
        actor=actor,
        at=at,
        subject_kind=SubjectKind.CRIME,
        subject_id=crime.id,
        role=role,
        person=person,
    )


def _link_as_told(actor: Actor, at: datetime, crime: Crime, number: str) -> None:
    """Link to the crime an officer named at the scene; a number that is nobody's is no reason to
    lose the capture.
    """
    try:
        related = find_crime(force=actor.force, number=number)
    except NotFound:
        return
    join(
        actor=actor,
        at=at,
        crimes=[related, crime],
        why="Named as related when recorded at the scene.",
    )


def _finish(actor: Actor, at: datetime, crime: Crime, detail: dict[str, str]) -> Recorded:
    refresh_keys(crime=crime)
    number = str(crime.number)
    record_act(crime, ref=number, detail={"offence": crime.offence_code, **detail})
    announce(
        CrimeRecorded(
            crime_id=crime.id,
            number=number,
            force=crime.force,
            report_id=crime.report_id or _NO_REPORT,
            at=at,
        )
    )
    return Recorded(crime_id=crime.id, number=number)
