"""Tell the former address of an applicant or a holder that another one counts now."""

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
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.models import Application, Certificate


@subscribe(ContactChanged, name="firearms.tell_old_contact", queue=Queue.MESSAGES)
def note_contact_change(event: ContactChanged) -> None:
    """Tell the former address of somebody who has licences or applied for one."""
    tell_old_contact(
        actor=sending_actor(event.force),
        at=now(),
        person_id=event.person_id,
        correction_id=event.correction_id,
    )


@command(
    permission="notification.send", act="firearms.old_contact_told", category=Category.DISCLOSURE
)
def tell_old_contact(*, actor: Actor, at: datetime, person_id: UUID, correction_id: UUID) -> None:
    """Tell somebody's former address, if codes about a licence of theirs went there.

    Args:
        actor: The part of the program that writes.
        at: The time.
        person_id: Whose contact changed. Nobody is told who has nothing of ours.
        correction_id: The correction that changed it.
    """
    row = _find_newest(actor, person_id)
    former = get_former_contact(actor=actor, correction_id=correction_id)
    count = 0
    # None where nobody answered: a holder gave the address for exactly this.
    if row is not None and former.is_safe is not False and not former.is_suspect:
        force = get_force(actor.force)
        count = tell_former_addresses(
            actor=actor,
            at=at,
            addresses=former.addresses,
            change_id=correction_id,
            reference=row.reference if isinstance(row, Application) else row.number,
            force_name=force.name if force else "",
            language=row.language,
        )
    record_act(row, detail={"sent": count})


def _find_newest(actor: Actor, person_id: UUID) -> Application | Certificate | None:
    """Return the newest application of somebody, or a certificate that they had before."""
    applications = Application.objects.filter(force=actor.force, applicant_id=person_id)
    certificates = Certificate.objects.filter(force=actor.force, holder_id=person_id)
    return (
        applications.defer("answers").order_by("-received_at").first()
        or certificates.order_by("-issued_at").first()
    )
