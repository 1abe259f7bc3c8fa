"""Write to applicants and holders that there is news. The message is neutral: it names nothing.

It goes to the e-mail address or the phone number they gave, and by post where they gave neither.
"""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.languages import page_address
from bluelamp.foundation.notifications.rules import postal_address
from bluelamp.records.people.models import Person
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.events import (
    ApplicationDecided,
    CertificateEnded,
    CertificateIssued,
)
from bluelamp.services.firearms.models import Application, Certificate


@command(permission="notification.send", act="firearms.informed", category=Category.DISCLOSURE)
def inform_applicant(*, actor: Actor, at: datetime, application_id: UUID, occasion: str) -> None:
    """Tell an applicant that there is news of their application.

    Args:
        actor: The part of the program that writes.
        at: The time.
        application_id: The application.
        occasion: What the news is. Nobody gets two messages for one occasion.
    """
    application = Application.objects.select_related("applicant__address").get(id=application_id)
    _write(actor, at, application.applicant, application.reference, occasion, application.language)
    record_act(application, ref=application.reference)


@command(permission="notification.send", act="firearms.informed", category=Category.DISCLOSURE)
def inform_holder(*, actor: Actor, at: datetime, certificate_id: UUID, occasion: str) -> None:
    """Tell a holder that there is news of their certificate. See `inform_applicant`."""
    certificate = Certificate.objects.select_related("holder__address").get(id=certificate_id)
    _write(actor, at, certificate.holder, certificate.number, occasion, certificate.language)
    record_act(certificate, ref=certificate.number)


@subscribe(ApplicationDecided, name="firearms.inform_of_decision", queue=Queue.MESSAGES)
def inform_of_decision(event: ApplicationDecided) -> None:
    """Tell the applicant that their application is decided."""
    inform_applicant(
        actor=_system_actor(event.force),
        at=now(),
        application_id=event.application_id,
        occasion=f"firearms decided {event.application_id}",
    )


@subscribe(CertificateIssued, name="firearms.inform_of_certificate", queue=Queue.MESSAGES)
def inform_of_certificate(event: CertificateIssued) -> None:
    """Tell the holder that their certificate was issued."""
    inform_holder(
        actor=_system_actor(event.force),
        at=now(),
        certificate_id=event.certificate_id,
        occasion=f"firearms issued {event.certificate_id}",
    )


@subscribe(CertificateEnded, name="firearms.inform_of_end", queue=Queue.MESSAGES)
def inform_of_end(event: CertificateEnded) -> None:
    """Tell the holder that there is news. The notice itself is served, and its receipt proved."""
    inform_holder(
        actor=_system_actor(event.force),
        at=now(),
        certificate_id=event.certificate_id,
        occasion=f"firearms {event.state} {event.certificate_id} {event.at:%Y-%m-%d}",
    )


def _write(
    actor: Actor, at: datetime, person: Person, reference: str, occasion: str, language: str
) -> None:
    force = get_force(actor.force)
    to, template = person.email or person.phone, "case-update"
    if not to:
        # Whoever applied on paper may have given neither.
        to, template = _postal_address(person), "firearms-news"
    send_message_or_list_undelivered(
        actor=actor,
        at=at,
        to=to,
        template=template,
        reference=reference,
        idempotency_key=occasion,
        language=language,
        personalisation={
            "reference": reference,
            "link": page_address("firearms", language=language),
            "force": force.name if force else "",
        },
    )


def _postal_address(person: Person) -> str:
    location = person.address
    return postal_address(
        person.name, location.address if location else "", location.postcode if location else ""
    )


def _system_actor(force: str) -> Actor:
    return Actor.system("firearms licensing", force=force, permissions={"notification.send"})
