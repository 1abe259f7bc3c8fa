"""Tell people the news of their case, as each event comes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from bluelamp.casework.crimes.events import CrimeRecorded
from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.events import OfficerAllocated, SuspectCharged
from bluelamp.casework.reports.events import ReportFoundNotCrime, ReportSubmitted
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.casework.victims.reads import (
    Case,
    CaseContact,
    choose_reachable_address,
    find_case,
)
from bluelamp.casework.victims.rules import GROUP_NEWS_FOR
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.notifications.commands import (
    list_unsent_message,
    send_message_or_list_undelivered,
)
from bluelamp.foundation.notifications.lookups import latest_message_at
from bluelamp.records.people.rules import SafeContact
from bluelamp.records.reference.lookups import get_force

# Messages without news that a person would have to bring: the page says the same at once.
_NOT_BROUGHT_BY_STAFF = {"report-received", "one-time-code"}


@command(permission="notification.send", act="victim.informed", category=Category.DISCLOSURE)
def inform_about_case(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    template: str,
    occasion: str,
    placeholders: dict[str, str] | None = None,
) -> None:
    """Send a message to whoever follows a case, where it is safe; else list it for the crime desk.

    For a crime without a report these are its victims, or where no victim can be written to safely,
    those who speak for them. The record says of each person what was done.

    Args:
        reference: The report's reference, or the number of a crime without a report.
        template: The name of the message's template.
        occasion: What the message is about. Nobody gets two messages for one occasion.
        placeholders: What the template needs beside the reference, the force and the link.
    """
    case = find_case(actor=actor, reference=reference)
    contacts = choose_contacts(case) if case else ()
    if case is None or not contacts:
        detail = {"template": template, "sent": False, "reason": "nobody to write to"}
        record_act(None, ref=reference, detail=detail)
        return
    for contact in contacts:
        key = occasion if case.report else f"{occasion} {contact.person_id}"
        outcome = send_to_contact(
            case,
            contact,
            at=at,
            template=template,
            idempotency_key=key,
            placeholders=placeholders or {},
        )
        record_act(case.crime, ref=case.reference, detail={"template": template, **outcome})


@subscribe(ReportSubmitted, name="victims.confirm_report", queue=Queue.MESSAGES)
def send_report_confirmation(event: ReportSubmitted) -> None:
    """Confirm a report in writing (Victims' Code, Right 3)."""
    inform_about_case(
        actor=_system_actor(event.force),
        at=now(),
        reference=event.reference,
        template="report-received",
        occasion=f"report {event.report_id}",
    )


@subscribe(CrimeRecorded, name="victims.send_crime_number", queue=Queue.MESSAGES)
def send_crime_number(event: CrimeRecorded) -> None:
    """Send the crime number to the person who reported it, or to the victims of a crime recorded at
    the scene (Victims' Code, Right 3).
    """
    crime = Crime.objects.select_related("report").get(id=event.crime_id)
    if crime.report or crime.device_id:
        inform_about_case(
            actor=_system_actor(event.force),
            at=now(),
            reference=crime.report.reference if crime.report else event.number,
            template="crime-recorded",
            occasion=f"crime {event.crime_id}",
            placeholders={"crime_number": event.number},
        )


@subscribe(OfficerAllocated, name="victims.send_officer_allocated", queue=Queue.MESSAGES)
def send_officer_allocated(event: OfficerAllocated) -> None:
    """Tell whoever follows the case that an officer is dealing with it now."""
    occasion = f"allocated {event.crime_id} {event.officer_id}"
    _send_case_update(event.crime_id, event.force, occasion=occasion)


@subscribe(SuspectCharged, name="victims.send_suspect_charged", queue=Queue.MESSAGES)
def send_suspect_charged(event: SuspectCharged) -> None:
    """Tell whoever follows the case that it goes to court, and not who was charged (Victims' Code,
    Right 6).
    """
    _send_case_update(event.crime_id, event.force, occasion=f"charged {event.crime_id}")


@subscribe(ReportFoundNotCrime, name="victims.send_not_crime", queue=Queue.MESSAGES)
def send_not_crime(event: ReportFoundNotCrime) -> None:
    """Tell the person that no crime was recorded: they must be told (NCRS)."""
    inform_about_case(
        actor=_system_actor(event.force),
        at=now(),
        reference=event.reference,
        template="case-update",
        occasion=f"not crime {event.report_id}",
    )


def choose_contacts(case: Case) -> tuple[CaseContact, ...]:
    """Return whom to tell the news of a case.

    These are the victims who can be written to, else those who speak for them and can be, else
    everybody who gave a way to reach them or said that it is not safe.
    """
    # The victims first: whoever speaks for one is told only where no victim can be.
    for speaks_for_victim in (False, True):
        reachable = tuple(
            contact
            for contact in case.contacts
            if contact.is_reporter_for_another == speaks_for_victim and contact.address
        )
        if reachable:
            return reachable
    return tuple(
        contact
        for contact in case.contacts
        if contact.email or contact.phone or contact.is_safe_to_contact is False
    )


def send_to_contact(
    case: Case,
    contact: CaseContact,
    *,
    at: datetime,
    template: str,
    idempotency_key: str,
    placeholders: dict[str, str],
) -> dict[str, Any]:
    """Send a message to somebody, inside a command, or list for the crime desk that it cannot be.

    Returns:
        What was done, for the audit record: `sent` is True only where a message was made, whose id
        is then in `message`; else `reason` says why not.
    """
    actor = _system_actor(case.force)
    address = choose_reachable_address(actor=actor, case=case, contact=contact)
    if not address:
        reason = _reason_not_sent(contact)
        is_news = template not in _NOT_BROUGHT_BY_STAFF
        # Nothing for the desk to do where they want no contact at all. What the page says at once
        # is listed only where nobody has asked them yet, or where it is safe and we have no address
        # that works: staff should.
        if contact.safe_contact != SafeContact.NEVER and (
            is_news or contact.is_safe_to_contact is not False
        ):
            list_unsent_message(
                actor=actor,
                at=at,
                to="",
                template=template,
                reference=case.reference,
                idempotency_key=idempotency_key,
                reason=reason,
            )
        return {"sent": False, "reason": reason}
    if template == "case-update" and (earlier := _unread_news_at(actor, case, address, at)):
        return {"sent": False, "reason": f"told at {earlier:%H:%M} of news, not read since"}
    force = get_force(case.force)
    message = send_message_or_list_undelivered(
        actor=actor,
        at=at,
        to=address,
        template=template,
        reference=case.reference,
        idempotency_key=idempotency_key,
        personalisation={
            "reference": case.reference,
            "force": force.name if force else "",
            "link": f"{settings.BLUELAMP_ORIGIN}/track/",
            **placeholders,
        },
    )
    if message is None:
        return {"sent": False, "reason": "neither an email address nor a UK mobile number"}
    return {"sent": True, "message": str(message.id), "kind": message.kind}


def _send_case_update(crime_id: UUID, force: str, *, occasion: str) -> None:
    actor = _system_actor(force)
    crime = Crime.objects.select_related("report", "number").get(id=crime_id)
    inform_about_case(
        actor=actor,
        at=now(),
        reference=crime.report.reference if crime.report else str(crime.number),
        template="case-update",
        occasion=occasion,
    )


def _reason_not_sent(contact: CaseContact) -> str:
    """Return why nothing can be sent, as staff read it."""
    if contact.is_safe_to_contact is False:
        return "It is not safe to contact them. Their record says if and how they can be reached"
    if contact.is_safe_to_contact is None:
        return "Nobody has asked them if it is safe to contact them"
    if contact.address:
        return "Our texts do not reach the number they gave, and they gave no email address"
    return "They gave no email address and no phone number"


def _unread_news_at(actor: Actor, case: Case, address: str, at: datetime) -> datetime | None:
    """Return when somebody was last told that there is news, if they have not looked since.

    That message then stands for this news too: it says nothing of what the news is.
    """
    told_at = latest_message_at(
        actor=actor,
        to=address,
        reference=case.reference,
        template="case-update",
        since=at - GROUP_NEWS_FOR,
    )
    if told_at is None:
        return None
    # A session that was open then may still be: its page could have been read before this news.
    sessions = TrackingCode.objects.filter(**case.columns, used_at__isnull=False)
    return None if sessions.filter(used_at__gt=told_at - GROUP_NEWS_FOR).exists() else told_at


def _system_actor(force: str) -> Actor:
    return Actor.system("victim contact", force=force, permissions={"notification.send"})
