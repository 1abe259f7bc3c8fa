"""Bring an application on once everything that it waits for has come."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from bluelamp.foundation.audit.acts import command, record_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.payments.commands import (
    Requester,
    request_all_refunds,
    request_payment,
    withdraw_payment,
)
from bluelamp.foundation.payments.events import PaymentPaid
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.rules import Charge, PaymentState
from bluelamp.services.firearms.commands.actors import progress_actor
from bluelamp.services.firearms.commands.receiving import complete_application
from bluelamp.services.firearms.commands.stages import enter_stage
from bluelamp.services.firearms.messages import KIND_TITLES
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.reads import (
    OCCASION,
    PAYABLE_KIND,
    list_fee_payments,
    list_fees_of,
    list_missing_of,
    require_session,
)
from bluelamp.services.firearms.rules.stages import OPEN_STAGES, Stage


def request_fee(
    application: Application, *, actor: Actor, at: datetime, return_path: str
) -> PaymentDetail | None:
    """Ask for the fee of an application, as part of a command.

    Asked again, it is the same payment, unless all of that was given back meanwhile: then the fee
    is due once more. None where there is no fee, or where nobody has confirmed how much it is: then
    nothing can be charged yet, and the fee is asked for on the day on which it is confirmed.
    """
    require_command()
    charges = [Charge(code) for code in list_fees_of(application)]
    # Nothing is to be paid for what is refused or withdrawn.
    if not charges or application.stage not in OPEN_STAGES:
        return None
    try:
        payment = request_payment(
            actor=actor,
            at=at,
            payable_kind=PAYABLE_KIND,
            payable_id=application.id,
            payable_reference=application.reference,
            occasion=_choose_occasion(list_fee_payments(application, actor=actor)),
            charges=charges,
            description=_describe(application),
            email=application.applicant.email,
            language=application.language,
            return_path=return_path,
        )
    # An amount that nobody confirmed cannot be charged. The application goes on without it.
    except Refused:
        return None
    if application.payment_id != payment.id:
        application.payment_id = payment.id
        application.save(update_fields=["payment_id"])
    return payment


def _choose_occasion(payments: Sequence[PaymentDetail]) -> str:
    """Return which payment of the fee is asked for: each that was given back has one after it."""
    if not payments:
        return OCCASION
    newest = payments[0]
    is_given_back = newest.state == PaymentState.PAID and (
        newest.refunded_pence == newest.total_pence
    )
    if is_given_back or newest.state == PaymentState.WITHDRAWN:
        return f"{OCCASION}-{len(payments) + 1}"
    return newest.occasion


def close_fee(application: Application, *, actor: Actor, at: datetime, reason: str) -> None:
    """Withdraw a fee that is due, and ask for everything back that was paid, as part of a command.

    A card payment that is under way goes on. What it brings is given back by `progress_payment`.
    """
    require_command()
    for payment in list_fee_payments(application, actor=actor):
        if payment.state == PaymentState.DUE and not payment.is_under_way:
            withdraw_payment(actor=actor, at=at, payment_id=payment.id)
    _request_refunds(application, actor=actor, at=at, reason=reason)


def _request_refunds(application: Application, *, actor: Actor, at: datetime, reason: str) -> None:
    """Ask for everything back in the name of who closed the application.

    Then another person has to approve it: whoever refuses must not send the money back alone. An
    applicant who withdraws has no account, and the program asks.
    """
    closed = application.stages.filter(stage=application.stage).order_by("-began_at").first()
    requester = Requester(id=closed.by_id, name=closed.by_name) if closed else None
    request_all_refunds(
        actor=actor,
        at=at,
        payable_kind=PAYABLE_KIND,
        payable_id=application.id,
        reason=reason,
        requester=requester,
    )


def _describe(application: Application) -> str:
    # The ledger and staff read it: in English, also where the applicant's pages are in Welsh.
    with override(settings.LANGUAGE_CODE):
        return str(KIND_TITLES[application.kind])


@command(permission="firearms.track", act="firearms.fee_requested")
def request_fee_for_session(*, actor: Actor, at: datetime, session_id: UUID) -> str:
    """Return the token of the payment of the fee, "" where the fee cannot be taken online.

    Raises:
        NotFound: The session has ended.
    """
    application_id = require_session(actor=actor, session_id=session_id, at=at)
    rows = Application.objects.select_for_update(of=("self",)).select_related("applicant")
    application = rows.get(id=application_id)
    payment = request_fee(application, actor=actor, at=at, return_path=reverse("firearms-done"))
    record_act(application, ref=application.reference, detail={"can_be_paid": bool(payment)})
    return payment.token if payment else ""


def bring_on(application: Application, *, actor: Actor, at: datetime) -> None:
    """Enter the stage that what is missing says, as part of a command."""
    require_command()
    if application.stage not in {Stage.RECEIVED, Stage.INCOMPLETE}:
        return
    # Looked at afresh each time: fee, replies, report and photo come in any order.
    if not list_missing_of(application, actor=actor):
        complete_application(application, actor=actor, at=at)
    elif application.stage == Stage.RECEIVED:
        enter_stage(application, stage=Stage.INCOMPLETE, actor=actor, at=at)


@subscribe(PaymentPaid, name="firearms.note_payment", queue=Queue.WAITED_FOR)
def note_payment(event: PaymentPaid) -> None:
    """Bring an application on when its fee was paid."""
    # Payments of other services come here too, for each subscriber hears of all.
    if event.payable_kind == PAYABLE_KIND:
        progress_payment(actor=progress_actor(event.force), at=now(), event=event)


@command(permission="firearms.progress", act="firearms.fee_paid")
def progress_payment(*, actor: Actor, at: datetime, event: PaymentPaid) -> None:
    """Record that the fee of an application was paid."""
    application = Application.objects.select_for_update().get(id=event.payable_id)
    bring_on(application, actor=actor, at=at)
    # A card payment can be under way while somebody decides: then the money goes back.
    if application.stage in {Stage.REFUSED, Stage.WITHDRAWN}:
        reason = f"Application {application.reference} was {application.stage}"
        _request_refunds(application, actor=actor, at=at, reason=reason)
    record_act(application, ref=application.reference, detail={"payment": event.reference})
