"""Somebody says, while they follow their case, that it is no longer safe to contact them."""

from datetime import datetime
from uuid import UUID

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.reports.models import Report
from bluelamp.casework.reports.questions import check_safe_contact
from bluelamp.casework.victims.commands.passphrases import get_session_person, lock_open_session
from bluelamp.casework.victims.commands.tracking import reference_of
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.commands import (
    cancel_waiting_messages,
    list_unsent_message,
)
from bluelamp.records.people.commands import mark_not_safe_to_contact
from bluelamp.records.people.lookups import list_subjects_of_person
from bluelamp.records.people.models import Person
from bluelamp.records.people.rules import PersonInput, SafeContact, SubjectKind


@command(permission="victim.track", act="tracking.contact_stopped")
def stop_contact(
    *,
    actor: Actor,
    at: datetime,
    tracking_session_id: UUID,
    safe_contact: str,
    safe_contact_detail: str,
) -> None:
    """Send this person nothing more, about any of their cases, and tell the crime desk.

    Messages that wait to be sent are cancelled. The session stays open.

    Args:
        safe_contact: A SafeContact.
        safe_contact_detail: When or how they can be reached safely.

    Raises:
        NotFound: There is no such session, or it has ended.
        Refused: They did not say how they can be reached, or that they must not be.
    """
    if problems := check_safe_contact(at=at, safe_contact=safe_contact, detail=safe_contact_detail):
        raise Refused(errors=problems)
    session = lock_open_session(tracking_session_id, at)
    person_id = get_session_person(session)
    if person_id is None:
        raise NotFound("There is no such session")
    person = Person.objects.select_for_update().get(id=person_id)
    details = PersonInput(
        is_safe_to_contact=False,
        safe_contact=safe_contact,
        safe_contact_detail=safe_contact_detail,
    )
    mark_not_safe_to_contact(actor=actor, at=at, person=person, details=details)
    reference = reference_of(session)
    # The public may send nothing; to stop and to list is what the service does for them.
    service = Actor.system("victim contact", force=person.force, permissions={"notification.send"})
    # First what waits: a message that is sent a second later may be read by the wrong person.
    cancelled = cancel_waiting_messages(
        actor=service, at=at, references=_list_references(actor, person)
    )
    if safe_contact != SafeContact.NEVER:
        wanted = "They told us how we can reach them: see their record"
    else:
        wanted = "They do not want us to contact them at all"
    list_unsent_message(
        actor=service,
        at=at,
        to="",
        template="contact-stopped",
        reference=reference,
        idempotency_key=f"contact stopped {session.id} {at.isoformat()}",
        reason=f"They told us that it is no longer safe to contact them. {wanted}",
    )
    detail = {"safe_contact": safe_contact, "cancelled": cancelled}
    record_act(session, ref=reference, detail=detail)


def _list_references(actor: Actor, person: Person) -> list[str]:
    """Return the references of the reports that somebody made, and of the crimes they are in."""
    reports = Report.objects.filter(person_reporting=person).values_list("reference", flat=True)
    crime_ids = list_subjects_of_person(
        actor=actor, person_id=person.id, subject_kind=SubjectKind.CRIME
    )
    crimes = Crime.objects.select_related("number").filter(id__in=crime_ids)
    return [*reports, *(str(crime.number) for crime in crimes)]
