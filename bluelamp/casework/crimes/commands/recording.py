"""Record a crime: from a report, at a desk, or at the scene."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.casework.crimes.commands.changing import search_keys
from bluelamp.casework.crimes.commands.classifying import (
    MAX_REASON_LENGTH,
    add_classification,
    find_offence,
    set_classification,
)
from bluelamp.casework.crimes.commands.crime_links import (
    list_links_of_capture,
    list_links_of_report,
)
from bluelamp.casework.crimes.commands.linking import merge_groups
from bluelamp.casework.crimes.commands.numbers import take_next_number, use_leased_number
from bluelamp.casework.crimes.commands.people import correct_known_person
from bluelamp.casework.crimes.commands.scene_links import (
    NewLink,
    SceneFacts,
    get_or_create_links,
    list_scene_facts,
)
from bluelamp.casework.crimes.events import CrimeRecorded
from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.models import Crime, CrimeItem, NumberLease
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.crimes.rules import MAX_SUMMARY_LENGTH, NewCrime, SceneCrime
from bluelamp.casework.crimes.scene_answers import check_scene_answers
from bluelamp.casework.reports.commands import mark_recorded
from bluelamp.casework.reports.models import Report
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import is_in_future
from bluelamp.foundation.kernel.device_clock import (
    DeviceTimes,
    audit_clock,
    describe_clock,
    estimate_made_at,
)
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.evidence.models import Item
from bluelamp.records.people.commands import (
    add_link,
    get_or_create_location,
    get_or_create_locations,
    get_or_create_person,
)
from bluelamp.records.people.rules import LinkRole, SubjectKind, with_facts
from bluelamp.records.reference.lookups import OffenceDetail


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedCrime:
    """The crime that was recorded, and its number.

    `is_new` is False where the same capture had arrived before.
    """

    crime_id: UUID
    number: str
    is_new: bool = True


@command(permission="crime.record", act="crime.recorded", category=Category.COLLECTION)
def record_from_report(
    *, actor: Actor, at: datetime, reference: str, offence_code: str, note: str = ""
) -> RecordedCrime:
    """Record a crime from a report, with the report's people, vehicle and items.

    Args:
        reference: The report's reference.
        offence_code: The offence it is classified as. The rest comes from the report.
        note: Why it is classified so.

    Raises:
        NotFound: There is no such report in the actor's force.
        Refused: The offence is unknown.
        Conflict: The report was already decided.
    """
    offence = find_offence(offence_code, at)
    report = mark_recorded(actor=actor, at=at, reference=reference)
    crime = Crime(
        id=new_id(),
        report=report,
        occurred_from=report.occurred_from,
        occurred_to=report.occurred_to,
        is_time_unsure=report.is_time_unsure,
        summary=report.narrative,
        location=report.location,
        # The 24 hours for recording (Home Office Counting Rules) run from the report, not from now.
        reported_at=report.received_at,
    )
    links = list_links_of_report(actor, at, report)
    # The number comes last: taking it holds up everyone else in the force until we commit.
    crime.number = take_next_number(force=actor.force, at=at)
    _create_crime(actor, at, crime, offence=offence, note=note, links=links)
    _add_items_of_report(at, crime, report)
    return _publish_crime(actor, at, crime, {"report": report.reference})


@command(permission="crime.record", act="crime.recorded", category=Category.COLLECTION)
def record_crime(*, actor: Actor, at: datetime, crime: NewCrime) -> RecordedCrime:
    """Record a crime that did not come through a report, at a desk. Raises Refused, Conflict."""
    _require_past(crime.occurred_from, at=at, field="occurred_from")
    # POLE data standards: an event is not in the future.
    offence = find_offence(crime.offence_code, at)
    victims = [
        get_or_create_person(actor=actor, at=at, details=details) for details in crime.victims
    ]
    location = (
        get_or_create_location(actor=actor, details=crime.location) if crime.location else None
    )
    row = Crime(
        id=crime.crime_id or new_id(),
        occurred_from=crime.occurred_from,
        occurred_to=crime.occurred_to,
        is_time_unsure=crime.is_time_unsure,
        summary=crime.summary,
        location=location,
        reported_at=crime.reported_at or at,
        # The last argument on purpose: from here on the force's other recorders wait for us.
        number=take_next_number(force=actor.force, at=at),
    )
    links = [NewLink(LinkRole.VICTIM, person=person) for person in victims]
    _create_crime(actor, at, row, offence=offence, note=crime.note, links=links)
    return _publish_crime(actor, at, row, {})


@command(permission="crime.record", act="crime.recorded", category=Category.COLLECTION)
def record_at_scene(
    *, actor: Actor, at: datetime, capture: SceneCrime, sha256: str
) -> RecordedCrime:
    """Record a crime captured on a device, under the number that the device gave it.

    The suspects, witnesses, vehicles and property among its answers are put on record with it.

    A capture without a number gets the next of the series. A capture that is sent twice is one
    crime. A wrong device clock does no harm: every time is kept, and by how much the clock was
    wrong goes on the record. It was reported when the officer was told, not when signal came back:
    the 24 hours for recording run from then (Home Office Counting Rules, National Crime Recording
    Standard), and so do the victim's rights to be told (Code of Practice for Victims of Crime).

    Args:
        capture: The crime as the device sealed it.
        sha256: The hash of the capture's bytes, in lower-case hexadecimal.

    Raises:
        Refused: The number is nobody's or was used, or a field is wrong.
        Conflict: The id was received before with other bytes, or the number is another officer's
            or another device's.
        NotFound: The id was received before, by another force.
    """
    reject_unstorable(asdict(capture))
    # Before any check: a phone that missed our answer must get it again, whatever has changed
    # since.
    if not record_receipt(capture_id=capture.crime_id, sha256=sha256, kind="crime"):
        return _return_existing_crime(actor, capture)
    times = _times_of_capture(capture, at=at)
    # What the phone's clock explains is kept, for a person to correct. Anything else is a slip of
    # the pen, and the officer can correct it on the phone.
    latest = max(at, capture.device_at)
    _require_past(capture.occurred_from, at=latest, field="occurred_from")
    _require_past(capture.occurred_to, at=latest, field="occurred_to")
    clock = describe_clock(times)
    offence = find_offence(capture.offence_code, at)
    scene = check_scene_answers(capture, at=at)
    facts = list_scene_facts(scene.question_set, scene.all_values, at=at) if scene else SceneFacts()
    if capture.victim and facts.victim:
        capture = replace(capture, victim=with_facts(capture.victim, facts.victim))
    # One order for both places: two captures of the same two places never wait for each other.
    home = capture.victim.address if capture.victim else None
    get_or_create_locations(actor=actor, locations=[capture.location, home])
    crime = Crime(
        id=capture.crime_id,
        occurred_from=capture.occurred_from,
        occurred_to=capture.occurred_to,
        summary=capture.summary,
        location=get_or_create_location(actor=actor, details=capture.location),
        reported_at=estimate_made_at(times),
        device_id=capture.device_id,
        device_at=capture.device_at,
        device_clock=clock,
        is_against_the_state=capture.victim is None,
        **(scene.columns if scene else {}),
    )
    links = list_links_of_capture(actor, at, capture)
    links += get_or_create_links(actor=actor, at=at, facts=facts)
    crime.number = (
        take_next_number(force=actor.force, at=at)
        if capture.number is None
        else use_leased_number(
            actor=actor,
            at=at,
            number=capture.number,
            device_id=capture.device_id,
            lease_id=capture.lease_id,
        )
    )
    _create_crime(actor, at, crime, offence=offence, note="", links=links)
    if capture.victim and capture.victim_id and capture.victim_known:
        correct_known_person(
            actor=actor,
            at=at,
            person_id=capture.victim_id,
            given=capture.victim,
            known=capture.victim_known,
            reason=f"They told the officer at the scene ({crime.number}).",
        )
    for link in links:
        if link.role == LinkRole.SUSPECT and link.person:
            # On their own record too: whoever looks at who was suspected of what finds it there.
            record_act(link.person, ref=str(crime.number), detail={"role": link.role})
    if capture.related_number.strip():
        _link_related_crime(actor, at, crime, capture.related_number)
    return _publish_crime(
        actor,
        at,
        crime,
        {"device": str(capture.device_id), **audit_clock(clock)},
    )


def _times_of_capture(capture: SceneCrime, *, at: datetime) -> DeviceTimes:
    """Return the times of a capture. Its number was leased before it was made."""
    lease = NumberLease.objects.filter(id=capture.lease_id).first() if capture.lease_id else None
    return DeviceTimes(
        device_at=capture.device_at,
        made_at=capture.made_at,
        sent_at=capture.sent_at,
        received_at=at,
        not_before=lease.taken_at if lease else None,
    )


def _require_past(moment: datetime | None, *, at: datetime, field: str) -> None:
    """Refuse a time that is still to come. What a clock of theirs may be wrong by is allowed."""
    if moment and is_in_future(moment, at=at):
        raise Refused("crimes.occurred_in_future", field=field)


def _create_crime(
    actor: Actor,
    at: datetime,
    crime: Crime,
    *,
    offence: OffenceDetail,
    note: str,
    links: Sequence[NewLink],
) -> None:
    """Write a new crime with its classification and its links.

    Args:
        crime: The unsaved row, with its id and number and what happened where and when.
        offence: What it is classified as.
        note: Why it is classified so.
        links: The people and objects of the crime.

    Raises:
        Refused: The summary is empty or too long, or the times are in the wrong order.
        Conflict: There is a crime with this id already.
    """
    crime.summary = clean_text(
        crime.summary, max_length=MAX_SUMMARY_LENGTH, field="summary", label="crimes.summary_label"
    )
    if not crime.summary:
        raise Refused("crimes.summary_missing", field="summary")
    if crime.occurred_from and crime.occurred_to and crime.occurred_to < crime.occurred_from:
        raise Refused("crimes.ends_before_it_starts", field="occurred_to")
    # The primary key would refuse it too, and leave the transaction unusable.
    if Crime.objects.filter(id=crime.id).exists():
        raise Conflict()
    crime.force = actor.force
    crime.recorded_at = at
    crime.recorded_by_id = actor.id
    crime.recorded_by_name = actor.name[:200]
    set_classification(crime, offence)
    # `rebuild_search_keys` would find no people yet: the links are written after the crime.
    crime.search_keys = search_keys(
        crime,
        names=[link.person.name for link in links if link.person],
        objects=[
            f"{link.object.vrm} {link.object.description} {link.object.identifier}"
            for link in links
            if link.object
        ],
    )
    crime.save(force_insert=True)
    note = clean_text(note, max_length=MAX_REASON_LENGTH, field="note", label="crimes.note_label")
    add_classification(actor, at, crime, note)
    for link in links:
        add_link(
            actor=actor,
            at=at,
            subject_kind=SubjectKind.CRIME,
            subject_id=crime.id,
            role=link.role,
            person=link.person,
            object=link.object,
        )


def _add_items_of_report(at: datetime, crime: Crime, report: Report) -> None:
    item_ids = list(report.items.order_by("position").values_list("item_id", flat=True))
    received = set(Item.objects.filter(id__in=item_ids).values_list("id", flat=True))
    CrimeItem.objects.bulk_create(
        CrimeItem(
            crime=crime,
            announced_item_id=item_id,
            item_id=item_id if item_id in received else None,
            added_at=at,
        )
        for item_id in item_ids
    )


def _return_existing_crime(actor: Actor, capture: SceneCrime) -> RecordedCrime:
    crime = crime_policy.get(actor, id=capture.crime_id)
    record_act(crime, ref=str(crime.number), detail={"received": "before"})
    return RecordedCrime(crime_id=crime.id, number=str(crime.number), is_new=False)


def _link_related_crime(actor: Actor, at: datetime, crime: Crime, number: str) -> None:
    """Link to the crime that an officer named at the scene.

    A number that is nobody's is ignored: it is no reason to lose the capture.
    """
    try:
        related = find_crime(actor=actor, number=number)
    # An officer's slip of the pen must not stop the crime from being recorded.
    except NotFound:
        return
    merge_groups(
        actor=actor,
        at=at,
        crimes=[related, crime],
        reason="Named as related when recorded at the scene.",
    )


def _publish_crime(
    actor: Actor, at: datetime, crime: Crime, detail: dict[str, Any]
) -> RecordedCrime:
    """Put a new crime on the audit record, tell the other domains, and return its number."""
    number = str(crime.number)
    record_act(crime, ref=number, detail={"offence": crime.offence_code, **detail})
    publish(
        CrimeRecorded(
            crime_id=crime.id,
            number=number,
            force=crime.force,
            report_id=crime.report_id,
            at=at,
        )
    )
    return RecordedCrime(crime_id=crime.id, number=number)
