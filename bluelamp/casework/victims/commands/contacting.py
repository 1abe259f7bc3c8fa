"""Record a contact with a victim, at the desk or from an officer's device."""

from dataclasses import asdict
from datetime import datetime, timedelta

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.crimes.policy import crime_policy
from bluelamp.casework.victims.models import VictimContact
from bluelamp.casework.victims.rules import ContactTrigger, ContactWay, NewContact, allowed_ways
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.receipts import record_receipt
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.people.lookups import list_linked_people
from bluelamp.records.people.rules import LinkRole

MAX_NOTE_LENGTH = 4_000
# A phone's clock may be a little fast.
_MARGIN = timedelta(minutes=5)


@command(
    permission="investigation.write", act="victim.contact_recorded", category=Category.COLLECTION
)
def record_contact(*, actor: Actor, at: datetime, contact: NewContact, sha256: str = "") -> bool:
    """Record a contact with a victim, and return whether it is new.

    A contact that is sent twice is one.

    Args:
        actor: Who made it.
        at: When it is recorded.
        contact: About what, when and how.
        sha256: The hash of the capture's bytes where a device sealed it, in lower-case hexadecimal.

    Raises:
        NotFound: There is no such crime in the actor's force.
        Refused: They are no victim of it, or the way is not safe for them; or a field is wrong.
        Conflict: The id was received before with other bytes.
    """
    reject_unstorable(asdict(contact))
    crime = crime_policy.get(actor, id=contact.crime_id)
    number = str(crime.number)
    if sha256 and not record_receipt(capture_id=contact.contact_id, sha256=sha256, kind="contact"):
        record_act(crime, ref=number, detail={"received": "before"})
        return False
    _check(actor, at, crime, contact)
    row = VictimContact.objects.create(
        id=contact.contact_id,
        crime=crime,
        person_id=contact.person_id,
        trigger=contact.trigger,
        way=contact.way,
        made_at=min(contact.made_at, at),
        note=clean_text(
            contact.note,
            max_length=MAX_NOTE_LENGTH,
            field="note",
            label="victims.contact_note_label",
        ),
        made_by_id=actor.id,
        made_by_name=actor.name[:200],
        recorded_at=at,
        device_id=contact.device_id,
        device_at=contact.device_at,
    )
    record_act(row, ref=number, detail={"trigger": row.trigger, "way": row.way})
    return True


def _check(actor: Actor, at: datetime, crime: Crime, contact: NewContact) -> None:
    """Raise Refused unless it is a contact with a victim of the crime in a way that is safe."""
    people = list_linked_people(actor=actor, subject_id=crime.id)
    victim = next(
        (
            linked.person
            for linked in people
            if linked.role == LinkRole.VICTIM and linked.person.id == contact.person_id
        ),
        None,
    )
    if victim is None:
        raise Refused("victims.contact_not_victim", field="person_id")
    if contact.trigger not in set(ContactTrigger):
        raise Refused("victims.contact_trigger_unknown", field="trigger")
    if contact.way not in set(ContactWay):
        raise Refused("victims.contact_way_missing", field="way")
    if contact.way not in allowed_ways(is_safe_to_contact=victim.is_safe_to_contact):
        raise Refused("victims.contact_way_unsafe", field="way")
    if contact.made_at > at + _MARGIN:
        raise Refused("victims.contact_in_future", field="made_at")
