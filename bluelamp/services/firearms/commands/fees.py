"""Ask for fees that could not be asked for before, or that are due once more.

Fees that nobody has confirmed cannot be charged, so applications can come in without a payment.
What is given back after a refusal is due again where an appeal is allowed.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job, periodic
from bluelamp.foundation.payments.events import FeeSet, PaymentRefunded
from bluelamp.services.firearms.commands.actors import progress_actor, sending_actor
from bluelamp.services.firearms.commands.completing import request_fee
from bluelamp.services.firearms.commands.letters import inform_applicant
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.reads import PAYABLE_KIND, is_fee_outstanding
from bluelamp.services.firearms.rules.stages import OPEN_STAGES

_BATCH = 200


class RequestedFees(NamedTuple):
    """How many fees were asked for, and the application after which to go on; None at the end."""

    requested: int
    last_id: UUID | None


@subscribe(FeeSet, name="firearms.request_waiting_fees", queue=Queue.BULK)
def request_waiting_fees_of_event(event: FeeSet) -> None:
    """Ask for the fees that waited for somebody to confirm the amount."""
    # Staff set several fees one after the other: one run asks for all of them.
    enqueue("firearms.request_waiting_fees", once=f"waiting fees {event.force}", force=event.force)


@periodic(cron="40 5 * * *", name="firearms.request_fees_daily", queue=Queue.BULK)
def request_waiting_fees_every_morning() -> None:
    """Ask for fees whose first day is today: they were confirmed for a day to come."""
    request_waiting_fees_of_force(force=settings.BLUELAMP_FORCE)


@job(name="firearms.request_waiting_fees", queue=Queue.BULK, attempts=6)
def request_waiting_fees_of_force(*, force: str) -> None:
    """Ask for all fees of a force that can be asked for now, batch by batch."""
    after: UUID | None = None
    while True:
        batch = request_waiting_fees(actor=progress_actor(force), at=now(), after=after)
        if batch.last_id is None:
            return
        after = batch.last_id


@command(permission="firearms.progress", act="firearms.waiting_fees_requested")
def request_waiting_fees(*, actor: Actor, at: datetime, after: UUID | None = None) -> RequestedFees:
    """Ask for the fee of open applications for which none was asked, and tell the applicants.

    Args:
        actor: The part of the program that asks.
        at: The time.
        after: The application after which to go on.
    """
    rows = Application.objects.select_for_update(of=("self",)).select_related("applicant")
    waiting = rows.filter(
        force=actor.force, stage__in=OPEN_STAGES, payment_id=None, exemption=""
    ).order_by("id")
    if after:
        waiting = waiting.filter(id__gt=after)
    applications = list(waiting[:_BATCH])
    count = sum(ask_again(application, actor=actor, at=at) for application in applications)
    record_act(None, detail={"count": count})
    is_last = len(applications) < _BATCH
    return RequestedFees(count, None if is_last else applications[-1].id)


@subscribe(PaymentRefunded, name="firearms.note_refund", queue=Queue.WAITED_FOR)
def note_refund(event: PaymentRefunded) -> None:
    """Ask for the fee again where it was given back though the application is open."""
    if event.payable_kind == PAYABLE_KIND:
        progress_refund(actor=progress_actor(event.force), at=now(), event=event)


@command(permission="firearms.progress", act="firearms.fee_given_back")
def progress_refund(*, actor: Actor, at: datetime, event: PaymentRefunded) -> None:
    """Record that the fee of an application was given back; it is due again if that is open."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("applicant")
    application = rows.get(id=event.payable_id)
    ask_again(application, actor=actor, at=at)
    record_act(application, ref=application.reference, detail={"payment": event.reference})


def ask_again(application: Application, *, actor: Actor, at: datetime) -> bool:
    """Ask for a fee that is outstanding, as part of a command; say whether it was asked for."""
    require_command()
    # What is refused or withdrawn costs nothing any more, and what is issued is paid.
    if application.stage not in OPEN_STAGES:
        return False
    before = application.payment_id
    if not is_fee_outstanding(application, actor=actor):
        return False
    request_fee(application, actor=actor, at=at, return_path=reverse("firearms-done"))
    if application.payment_id == before:
        return False
    # Neutral, as all our messages: there is news. The page behind its link asks for the fee.
    inform_applicant(
        actor=sending_actor(application.force),
        at=at,
        application_id=application.id,
        occasion=f"firearms fee {application.payment_id}",
    )
    return True
