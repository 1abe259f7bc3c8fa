"""Give an item its exhibit reference."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands.linking import lock_groups
from bluelamp.casework.crimes.lookups import find_crime
from bluelamp.casework.crimes.models import Crime, CrimeItem
from bluelamp.casework.investigations.commands.log import write_log_entry
from bluelamp.casework.investigations.lookups import (
    ExhibitDetail,
    ExhibitReference,
    next_reference_in_case,
    to_exhibit_detail,
)
from bluelamp.casework.investigations.models import Exhibit, SceneExhibit
from bluelamp.casework.investigations.rules import EntryKind, to_producer_key
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.lookups import find_item
from bluelamp.records.evidence.rules import Verb


@command(permission="exhibit.add", act="exhibit.added", category=Category.COLLECTION)
def exhibit_item(
    *,
    actor: Actor,
    at: datetime,
    number: str,
    item_id: UUID,
    description: str,
    produced_by: str,
    seal_number: str = "",
) -> ExhibitDetail:
    """Give an item of a crime its exhibit reference: the producer's initials and a serial, AB/1.

    A reference is given once among linked crimes, is never used again and never changes. Somebody
    else with the same initials gets a further letter. The item's continuity says so. An item that
    an officer gave a reference to at the scene keeps that one, with what was said of it there.

    Args:
        seal_number: Of the bag that it is in; "" for what is in none.

    Raises:
        NotFound: The item is not the crime's, or has not arrived yet.
        Refused: There is no description or no producer.
        Conflict: The item has its reference already.
    """
    # References are given one at a time: two producers at once must not both become AB.
    lock_groups(force=actor.force)
    crime = find_crime(actor=actor, number=number)
    # By the announced id: `item_id` is empty until the job that connects arrived items has run.
    crime_item = CrimeItem.objects.filter(crime=crime, announced_item_id=item_id).first()
    if crime_item is None:
        raise NotFound("There is no such item in this crime")
    find_item(actor=actor, item_id=item_id)  # raises NotFound until its bytes have arrived
    # The bytes are there, so do that job's work now: an exhibit must not wait ten minutes for it.
    if crime_item.item_id is None:
        crime_item.item_id = item_id
        crime_item.save(update_fields=["item"])
    description = clean_text(
        description,
        max_length=2000,
        field="description",
        label="investigations.description_label",
    )
    produced_by = clean_text(
        produced_by, max_length=200, field="produced_by", label="investigations.name_label"
    )
    seal_number = clean_text(
        seal_number, max_length=40, field="seal_number", label="investigations.seal_label"
    )
    if not description:
        raise Refused("investigations.exhibit_description_missing", field="description")
    if not produced_by:
        raise Refused("investigations.producer_missing", field="produced_by")
    # Criminal Procedure Rules 16.3: what a statement calls AB/1 must stay identifiable, so a
    # reference is never replaced.
    if earlier := Exhibit.objects.filter(crime=crime, item_id=item_id).first():
        raise Conflict("investigations.item_already_exhibited", reference=earlier.reference)
    given = SceneExhibit.objects.filter(crime=crime, announced_item_id=item_id).first()
    exhibit = (
        add_scene_exhibit(actor=actor, at=at, given=given)
        if given
        else _add_exhibit(
            actor=actor,
            at=at,
            crime=crime,
            item_id=item_id,
            reference=next_reference_in_case(crime, produced_by=produced_by),
            produced_by=produced_by,
            description=description,
            seal_number=seal_number,
            exhibited=Exhibited(at=at, by_id=actor.id, by_name=actor.name),
        )
    )
    record_act(
        exhibit,
        ref=exhibit.reference,
        detail={"crime": str(crime.number), "item": str(item_id)},
    )
    return to_exhibit_detail(exhibit)


def add_scene_exhibit(*, actor: Actor, at: datetime, given: SceneExhibit) -> Exhibit:
    """Make an exhibit of a reference that was given at the scene, within a command.

    The item's bytes have arrived. Its officer produces it.
    """
    return _add_exhibit(
        actor=actor,
        at=at,
        crime=given.crime,
        item_id=given.announced_item_id,
        reference=ExhibitReference(
            initials=given.initials,
            serial=given.serial,
            producer_key=to_producer_key(given.officer_name),
        ),
        produced_by=given.officer_name,
        description=given.description,
        seal_number=given.seal_number,
        exhibited=Exhibited(at=given.given_at, by_id=given.officer_id, by_name=given.officer_name),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibited:
    """Who gave a reference, and when."""

    at: datetime
    by_id: UUID | None
    by_name: str


def _add_exhibit(
    *,
    actor: Actor,
    at: datetime,
    crime: Crime,
    item_id: UUID,
    reference: ExhibitReference,
    produced_by: str,
    description: str,
    seal_number: str,
    exhibited: Exhibited,
) -> Exhibit:
    exhibit = Exhibit.objects.create(
        crime=crime,
        item_id=item_id,
        # As it is today, and kept: crimes that are linked later may then both have an AB/1.
        case_key=crime.group_id or crime.id,
        initials=reference.initials,
        serial=reference.serial,
        producer_key=reference.producer_key,
        produced_by=produced_by,
        description=description,
        seal_number=seal_number,
        exhibited_at=exhibited.at,
        exhibited_by_id=exhibited.by_id,
        # Copied, because an account's name may change. 200 is the column's length.
        exhibited_by_name=exhibited.by_name[:200],
    )
    sealed = f", sealed in bag {seal_number}" if seal_number else ""
    write_continuity(
        actor=actor,
        at=at,
        item_id=item_id,
        verb=Verb.EXHIBITED,
        to=f"exhibit {reference} in {crime.number}{sealed}",
        reason=actor.reason or f"Given its exhibit reference in {crime.number}",
        detail={
            "reference": str(reference),
            "crime": str(crime.number),
            "produced_by": produced_by,
            **({"seal_number": seal_number} if seal_number else {}),
        },
    )
    write_log_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.EXHIBIT,
        text=f"Exhibit {reference}, produced by {produced_by}{sealed}: {description}",
        about_id=exhibit.id,
    )
    return exhibit
