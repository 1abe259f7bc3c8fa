"""Give an item its exhibit reference."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.commands.linking import hold_links
from bluelamp.casework.crimes.models import CrimeItem
from bluelamp.casework.crimes.queries import find_crime
from bluelamp.casework.investigations.commands.log import write_entry
from bluelamp.casework.investigations.models import Exhibit
from bluelamp.casework.investigations.queries import ExhibitView, exhibit_view, reference_in_case
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.records.evidence.commands import write_continuity
from bluelamp.records.evidence.queries import item as held_item
from bluelamp.records.evidence.rules import Verb
from bluelamp.records.people.rules import fits


@command(may="exhibit.add", act="exhibit.added", category=Category.COLLECTION)
def exhibit_item(
    *, actor: Actor, at: datetime, number: str, item_id: UUID, description: str, produced_by: str
) -> ExhibitView:
    """Give an item of a crime its exhibit reference: the producing person's initials and the next
    number, AB/1.

    A reference is given once among crimes that are linked, never used again and never renumbered;
    somebody else with the same initials gets a further letter. The item's continuity says so.
    Raises NotFound for an item that is not this crime's, Refused, and Conflict for one that has its
    reference.
    """
    hold_links(force=actor.force)  # references are given one at a time
    crime = find_crime(force=actor.force, number=number)
    if not CrimeItem.objects.filter(crime=crime, item_id=item_id).exists():
        raise NotFound("There is no such item in this crime.")
    item = held_item(actor=actor, item_id=item_id)
    said = fits(description, limit=2000, field="description", what="The description")
    producer = fits(produced_by, limit=200, field="produced_by", what="The name")
    if not said:
        raise Refused("Describe the exhibit.", field="description")
    if not producer:
        raise Refused("Enter the name of the person who produces the exhibit.", field="produced_by")
    if given := Exhibit.objects.filter(crime=crime, item_id=item_id).first():
        raise Conflict(f"This item is exhibit {given.reference} already.")
    initials, serial, key = reference_in_case(crime, produced_by=producer)
    exhibit = Exhibit.objects.create(
        crime=crime,
        item_id=item_id,
        case_key=crime.group_id or crime.id,
        initials=initials,
        serial=serial,
        producer_key=key,
        produced_by=producer,
        description=said,
        exhibited_at=at,
        exhibited_by=actor.id,
        exhibited_by_name=actor.name[:200],
    )
    write_continuity(
        actor=actor,
        at=at,
        item=item,
        verb=Verb.EXHIBITED,
        to=f"exhibit {exhibit.reference} in {crime.number}",
        why=actor.why or f"Given its exhibit reference in {crime.number}",
        detail={
            "reference": exhibit.reference,
            "crime": str(crime.number),
            "produced_by": producer,
        },
    )
    write_entry(
        actor=actor,
        at=at,
        crime=crime,
        kind=EntryKind.EXHIBIT,
        text=f"Exhibit {exhibit.reference}, produced by {producer}: {said}",
        about_id=exhibit.id,
    )
    record_act(
        exhibit, ref=exhibit.reference, detail={"crime": str(crime.number), "item": str(item_id)}
    )
    return exhibit_view(exhibit)
