"""Tell the former address of a victim that another one counts now."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.notifications.contact_notices import tell_former_addresses
from bluelamp.records.people.events import ContactChanged
from bluelamp.records.people.former_contacts import get_former_contact
from bluelamp.records.people.rules import LinkRole
from bluelamp.records.reference.lookups import get_force

_FOLLOWERS = frozenset({LinkRole.VICTIM, LinkRole.ON_BEHALF})
"""Who follows a crime with one-time codes."""


@subscribe(ContactChanged, name="victims.tell_old_contact", queue=Queue.MESSAGES)
def note_contact_change(event: ContactChanged) -> None:
    """Tell the former address of a victim, or of whoever speaks for one."""
    actor = Actor.system("victims", force=event.force, permissions={"notification.send"})
    tell_old_contact(
        actor=actor, at=now(), person_id=event.person_id, correction_id=event.correction_id
    )


@command(
    permission="notification.send", act="victim.old_contact_told", category=Category.DISCLOSURE
)
def tell_old_contact(*, actor: Actor, at: datetime, person_id: UUID, correction_id: UUID) -> None:
    """Tell somebody's former address, if codes about a crime went there and it is safe.

    Args:
        actor: The part of the program that writes.
        at: The time.
        person_id: Whose contact changed. Witnesses get no codes, and hear nothing.
        correction_id: The correction that changed it.
    """
    former = get_former_contact(actor=actor, correction_id=correction_id)
    count = 0
    # Only where they said that it is: whoever reads a shared inbox must not learn of the police.
    if former.is_safe and not former.is_suspect and former.roles & _FOLLOWERS:
        force = get_force(actor.force)
        count = tell_former_addresses(
            actor=actor,
            at=at,
            addresses=former.addresses,
            change_id=correction_id,
            reference="",
            force_name=force.name if force else "",
        )
    record_act(None, detail={"person": str(person_id), "sent": count})
