"""Tell people the news of their case, as each event comes."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from bluelamp.casework.crimes.events import CrimeRecorded
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.events import OfficerAllocated, SuspectCharged
from bluelamp.casework.reports.events import ReportFoundNotCrime, ReportSubmitted
from bluelamp.casework.reports.lookups import ReportContact, contact_for_report
from bluelamp.casework.victims.rules import CaseText
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.contact import choose_address
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.records.people.lookups import PersonDetail, list_linked_people
from bluelamp.records.people.rules import ContactMethod, LinkRole
from bluelamp.records.reference.lookups import get_force


@command(permission="notification.send", act="victim.informed", category=Category.DISCLOSURE)
def inform_person_reporting(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    template: str,
    occasion: str,
    placeholders: dict[str, str] | None = None,
) -> None:
    """Send a message to the person who made a report, if it is safe to contact them.

    Args:
        reference: The report's reference.
        template: The name of the message's template.
        occasion: What the message is about. Nobody gets two messages for one occasion.
        placeholders: What the template needs beside the reference, the force and the link. The
            title of the report's kind is added as `what` where the template has no other.
    """
    contact = contact_for_report(actor=actor, reference=reference)
    address = address_of_contact(contact) if contact else ""
    was_sent = False
    if contact and address:
        values = {"what": contact.kind_title.lower(), **(placeholders or {})}
        was_sent = send_to_contact(
            contact,
            at=at,
            address=address,
            template=template,
            idempotency_key=occasion,
            **values,
        )
    record_act(None, ref=reference, detail={"template": template, "sent": was_sent})


@command(permission="notification.send", act="victim.informed", category=Category.DISCLOSURE)
def inform_about_scene_crime(*, actor: Actor, at: datetime, crime_id: UUID) -> None:
    """Send the crime number to the victims of a crime that an officer recorded at the scene.

    Where no victim can be told safely, those who speak for them are told.
    """
    crime = Crime.objects.select_related("number").get(id=crime_id)
    number = str(crime.number)
    placeholders = {
        "crime_number": number,
        "what": crime.offence_title,
        "next": str(CaseText("message_next_scene")),
        "link": f"{settings.BLUELAMP_ORIGIN}/",
    }
    results = [
        _send(
            force=crime.force,
            reference=number,
            at=at,
            address=_address_of_person(person),
            template="crime-recorded",
            idempotency_key=f"crime {crime_id} {person.id}",
            placeholders=placeholders,
        )
        for person in _reachable_people(actor, crime_id)
    ]
    record_act(crime, ref=number, detail={"template": "crime-recorded", "sent": any(results)})


@subscribe(ReportSubmitted, name="victims.confirm_report", queue=Queue.MESSAGES)
def send_report_confirmation(event: ReportSubmitted) -> None:
    """Confirm a report in writing (Victims' Code, Right 3)."""
    inform_person_reporting(
        actor=_system_actor(event.force),
        at=now(),
        reference=event.reference,
        template="report-received",
        occasion=f"report {event.report_id}",
        placeholders={"next": str(CaseText("message_next_decision"))},
    )


@subscribe(CrimeRecorded, name="victims.send_crime_number", queue=Queue.MESSAGES)
def send_crime_number(event: CrimeRecorded) -> None:
    """Send the crime number to the person who reported it, or to the victims of a crime recorded at
    the scene (Victims' Code, Right 3).
    """
    crime = Crime.objects.select_related("report").get(id=event.crime_id)
    actor = _system_actor(event.force)
    if crime.report:
        inform_person_reporting(
            actor=actor,
            at=now(),
            reference=crime.report.reference,
            template="crime-recorded",
            occasion=f"crime {event.crime_id}",
            placeholders={
                "crime_number": event.number,
                "what": crime.offence_title,
                "next": str(CaseText("message_next_officer")),
            },
        )
    elif crime.device_id:
        inform_about_scene_crime(actor=actor, at=now(), crime_id=crime.id)


@subscribe(OfficerAllocated, name="victims.send_officer_allocated", queue=Queue.MESSAGES)
def send_officer_allocated(event: OfficerAllocated) -> None:
    """Tell the person who reported it that an officer is dealing with it now."""
    occasion = f"allocated {event.crime_id} {event.officer_id}"
    _send_case_update(event.crime_id, event.force, occasion=occasion)


@subscribe(SuspectCharged, name="victims.send_suspect_charged", queue=Queue.MESSAGES)
def send_suspect_charged(event: SuspectCharged) -> None:
    """Tell the person who reported it that the case goes to court, and not who was charged
    (Victims' Code, Right 6).
    """
    _send_case_update(event.crime_id, event.force, occasion=f"charged {event.crime_id}")


@subscribe(ReportFoundNotCrime, name="victims.send_not_crime", queue=Queue.MESSAGES)
def send_not_crime(event: ReportFoundNotCrime) -> None:
    """Tell the person that no crime was recorded: they must be told (NCRS)."""
    inform_person_reporting(
        actor=_system_actor(event.force),
        at=now(),
        reference=event.reference,
        template="case-update",
        occasion=f"not crime {event.report_id}",
    )


def address_of_contact(contact: ReportContact) -> str:
    """Return where the person who reported may be written to, or ""."""
    return choose_address(
        is_safe=contact.is_safe_to_contact,
        prefers_text=contact.contact_preference == ContactMethod.TEXT,
        email=contact.email,
        phone=contact.phone,
    )


def send_to_contact(
    contact: ReportContact,
    *,
    at: datetime,
    address: str,
    template: str,
    idempotency_key: str,
    **placeholders: str,
) -> bool:
    """Send a message about a report, with a link to follow it, inside a command.

    Returns whether there is an address that it could be sent to.
    """
    return _send(
        force=contact.force,
        reference=contact.reference,
        at=at,
        address=address,
        template=template,
        idempotency_key=idempotency_key,
        placeholders={"link": f"{settings.BLUELAMP_ORIGIN}/track/", **placeholders},
    )


def _send_case_update(crime_id: UUID, force: str, *, occasion: str) -> None:
    crime = Crime.objects.select_related("report").get(id=crime_id)
    # A crime without a report has nobody who can follow it on our page.
    if crime.report:
        inform_person_reporting(
            actor=_system_actor(force),
            at=now(),
            reference=crime.report.reference,
            template="case-update",
            occasion=occasion,
        )


def _reachable_people(actor: Actor, crime_id: UUID) -> list[PersonDetail]:
    """Return the victims who can be told safely; where none can, those who speak for them."""
    people = list_linked_people(actor=actor, subject_id=crime_id)
    for role in (LinkRole.VICTIM, LinkRole.ON_BEHALF):
        reachable = [
            linked.person
            for linked in people
            if linked.role == role and _address_of_person(linked.person)
        ]
        if reachable:
            return reachable
    return []


def _address_of_person(person: PersonDetail) -> str:
    return choose_address(
        is_safe=person.is_safe_to_contact,
        prefers_text=person.preferred_contact == ContactMethod.TEXT,
        email=person.email,
        phone=person.phone,
    )


def _system_actor(force: str) -> Actor:
    return Actor.system("victim contact", force=force, permissions={"notification.send"})


def _send(
    *,
    force: str,
    reference: str,
    at: datetime,
    address: str,
    template: str,
    idempotency_key: str,
    placeholders: dict[str, str],
) -> bool:
    known_force = get_force(force)
    # An address that nobody can be reached at becomes a task for the crime desk.
    message = send_message_or_list_undelivered(
        actor=_system_actor(force),
        at=at,
        to=address,
        template=template,
        reference=reference,
        idempotency_key=idempotency_key,
        personalisation={
            "reference": reference,
            "force": known_force.name if known_force else "",
            **placeholders,
        },
    )
    return message is not None
