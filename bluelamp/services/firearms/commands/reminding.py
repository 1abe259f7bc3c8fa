"""Remind holders that their certificates end, 16, 12 and 8 weeks before."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.languages import format_day, page_address
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.models import Application, Certificate
from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.clocks import reminder_weeks, reminder_window
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import EXTENSION, RENEWABLE, CertificateState
from bluelamp.services.firearms.rules.stages import OPEN_STAGES

# So that no transaction is open for long, and a crash undoes little.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class RemindedBatch:
    """How many of a batch were written to, and its last certificate; None after the last batch."""

    count: int
    last: tuple[date, UUID] | None


def remind_holders(*, actor: Actor, at: datetime) -> int:
    """Write to each holder whose certificate ends in 16, 12 or 8 weeks, once for each.

    In batches, each committed by itself: whenever this stops, those written to are on record, and
    the next run goes on with the others.

    Returns:
        How many were written to, or had been before.
    """
    batch = remind_batch(actor=actor, at=at)
    count = batch.count
    while batch.last:
        batch = remind_batch(actor=actor, at=at, after=batch.last)
        count += batch.count
    return count


@command(permission="notification.send", act="firearms.reminded", category=Category.DISCLOSURE)
def remind_batch(
    *, actor: Actor, at: datetime, after: tuple[date, UUID] | None = None
) -> RemindedBatch:
    """Write to the next holders whose certificates end in 16, 12 or 8 weeks.

    Not to those whose renewal is with us, nor where it is not safe to contact them. The message
    names no guns: others may read it.

    Args:
        actor: The part of the program that writes.
        at: The time.
        after: The last day and the id of the certificate after which to go on.
    """
    today = london_date(at)
    certificates = _list_ending(actor, today, after)
    # One query for all of the batch, and not one for each certificate.
    renewing = set(
        Application.objects.filter(
            force=actor.force,
            kind=ApplicationKind.RENEWAL,
            stage__in=OPEN_STAGES,
            applicant_id__in=[certificate.holder_id for certificate in certificates],
        ).values_list("applicant_id", flat=True)
    )
    count = 0
    for certificate in certificates:
        weeks = reminder_weeks(certificate.expires_on, on=today)
        # A reminder to whoever has applied would make them ask us whether we lost it.
        if weeks is None or certificate.holder_id in renewing:
            continue
        count += _remind(actor, at, certificate, weeks)
    record_act(None, detail={"count": count})
    is_last = len(certificates) < _BATCH
    last = None if is_last else (certificates[-1].expires_on, certificates[-1].id)
    return RemindedBatch(count, last)


@periodic(cron="20 8 * * *", name="firearms.remind_holders", queue=Queue.BULK)
def remind_holders_every_morning() -> None:
    """Remind those whose certificates end soon."""
    actor = Actor.system(
        "firearms licensing", force=settings.BLUELAMP_FORCE, permissions={"notification.send"}
    )
    remind_holders(actor=actor, at=now())


def _list_ending(actor: Actor, today: date, after: tuple[date, UUID] | None) -> list[Certificate]:
    """Return the next certificates for which a reminder can be due."""
    first, last = reminder_window(today)
    certificates = (
        Certificate.objects.select_related("holder")
        .filter(
            force=actor.force,
            state=CertificateState.IN_FORCE,
            expires_on__range=(first, last),
        )
        # Nobody applies for a temporary permit: somebody of the team issues another.
        .exclude(kind=CertificateKind.TEMPORARY_PERMIT)
    )
    if after:
        day, certificate_id = after
        certificates = certificates.filter(
            Q(expires_on__gt=day) | Q(expires_on=day, id__gt=certificate_id)
        )
    return list(certificates.order_by("expires_on", "id")[:_BATCH])


def _remind(actor: Actor, at: datetime, certificate: Certificate, weeks: int) -> bool:
    holder = certificate.holder
    # None where nobody answered: a holder gave the address for exactly this.
    to = "" if holder.is_safe_to_contact is False else holder.email
    if not to:
        return False
    force, language = get_force(actor.force), certificate.language
    # Only these are extended by law while we decide: to say so of others would be untrue.
    is_renewable = certificate.kind in RENEWABLE
    send_message_or_list_undelivered(
        actor=actor,
        at=at,
        to=to,
        template="certificate-ends" if is_renewable else "licence-ends",
        reference=certificate.number,
        # With the weeks in the key, a job that runs twice on a day writes once.
        idempotency_key=f"certificate ends {weeks} {certificate.id}",
        language=language,
        personalisation={
            "reference": certificate.number,
            "until": format_day(certificate.expires_on, language),
            "apply_by": format_day(certificate.expires_on - EXTENSION, language),
            "extended": format_day(certificate.expires_on + EXTENSION, language),
            "link": page_address(
                "firearms-my" if is_renewable else "firearms-apply", language=language
            ),
            "force": force.name if force else "",
        },
    )
    return True
