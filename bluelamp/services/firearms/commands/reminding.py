"""Remind holders that their certificates end, 16, 12 and 8 weeks before."""

from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.models import Application, Certificate
from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.clocks import reminder_weeks, reminder_window
from bluelamp.services.firearms.rules.expiry import EXTENSION, CertificateState
from bluelamp.services.firearms.rules.stages import OPEN_STAGES


@command(permission="notification.send", act="firearms.reminded", category=Category.DISCLOSURE)
def remind_holders(*, actor: Actor, at: datetime) -> int:
    """Write to each holder whose certificate ends in 16, 12 or 8 weeks, once for each.

    Not to those whose renewal is with us, nor where it is not safe to contact them. The message
    names no guns: others may read it.

    Returns:
        How many were written to, or had been before.
    """
    today = london_date(at)
    first, last = reminder_window(today)
    certificates = Certificate.objects.select_related("holder").filter(
        force=actor.force,
        state=CertificateState.IN_FORCE,
        expires_on__range=(first, last),
    )
    # One query for all: a query for each certificate would be thousands on some mornings.
    renewing = set(
        Application.objects.filter(
            force=actor.force, kind=ApplicationKind.RENEWAL, stage__in=OPEN_STAGES
        ).values_list("applicant_id", flat=True)
    )
    count = 0
    for certificate in certificates.order_by("expires_on", "id"):
        weeks = reminder_weeks(certificate.expires_on, on=today)
        # A reminder to whoever has applied would make them ask us whether we lost it.
        if weeks is None or certificate.holder_id in renewing:
            continue
        count += _remind(actor, at, certificate, weeks)
    record_act(None, detail={"count": count})
    return count


@periodic(cron="20 8 * * *", name="firearms.remind_holders", queue=Queue.BULK)
def remind_holders_every_morning() -> None:
    """Remind those whose certificates end soon."""
    actor = Actor.system(
        "firearms licensing", force=settings.BLUELAMP_FORCE, permissions={"notification.send"}
    )
    remind_holders(actor=actor, at=now())


def _remind(actor: Actor, at: datetime, certificate: Certificate, weeks: int) -> bool:
    holder = certificate.holder
    # None where nobody answered: a holder gave the address for exactly this.
    to = "" if holder.is_safe_to_contact is False else holder.email
    if not to:
        return False
    force = get_force(actor.force)
    send_message_or_list_undelivered(
        actor=actor,
        at=at,
        to=to,
        template="certificate-ends",
        reference=certificate.number,
        # With the weeks in the key, a job that runs twice on a day writes once.
        idempotency_key=f"certificate ends {weeks} {certificate.id}",
        personalisation={
            "reference": certificate.number,
            "until": _format_day(certificate.expires_on),
            "apply_by": _format_day(certificate.expires_on - EXTENSION),
            "extended": _format_day(certificate.expires_on + EXTENSION),
            "link": f"{settings.BLUELAMP_ORIGIN}{reverse('firearms-my')}",
            "force": force.name if force else "",
        },
    )
    return True


def _format_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
