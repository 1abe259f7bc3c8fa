"""Compare a day's payments and refunds with GOV.UK Pay's own list, and list what differs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job, periodic
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.differences import list_difference
from bluelamp.foundation.payments.commands.paying import record_card_payment
from bluelamp.foundation.payments.gateway import CardPayment, CardRefund
from bluelamp.foundation.payments.models import PaymentAttempt, Reconciliation, Refund
from bluelamp.foundation.payments.rules import FINISHED, AttemptState, RefundState

# A payment is created at GOV.UK Pay a moment after our try begins.
_OVERLAP = timedelta(minutes=2)


@dataclass(slots=True)
class TheirDay:
    """What GOV.UK Pay has for a day, and which of our payments it does not know."""

    payments: dict[str, CardPayment] = field(default_factory=dict)
    refunds: dict[str, CardRefund] = field(default_factory=dict)
    missing_payments: set[str] = field(default_factory=set)
    missing_refunds: set[str] = field(default_factory=set)


def reconcile_day(*, at: datetime, on: date, force: str, ran_by: str) -> None:
    """Compare one day in London with GOV.UK Pay.

    What it took and we had not heard of is booked; what then still differs is listed.

    Raises:
        gateway.NotSetUp, gateway.Unavailable: Try again later.
    """
    start, end = _day_limits(on)
    theirs = TheirDay()
    criteria = {
        "from_date": gateway.format_instant(start),
        "to_date": gateway.format_instant(end),
    }
    theirs.payments = {card.provider_id: card for card in gateway.search_payments(**criteria)}
    theirs.refunds = {
        refund.refund_id: refund for refund in gateway.search_refunds(from_date=start, to_date=end)
    }
    _read_what_the_lists_lack(theirs, start, end)
    _catch_up(theirs, at=at, force=force)
    actor = system_actor(force)
    record_reconciliation(actor=actor, at=at, on=on, theirs=theirs, ran_by=ran_by)


@command(permission="payment.reconcile", act="reconciliation.requested")
def request_reconciliation(*, actor: Actor, at: datetime, on: date) -> None:
    """Have a day compared again, soon after.

    Raises:
        Refused: The day is not over, or it is too long ago.
    """
    # Only a day that has not come is refused: today can be compared, and is again tomorrow.
    if on > london_date(at):
        raise Refused("payments.day_in_future", field="on")
    enqueue("payments.reconcile_day", on=on.isoformat(), force=actor.force, ran_by=actor.name[:200])
    record_act(None, ref=on.isoformat())


@command(permission="payment.process", act="reconciliation.recorded")
def record_reconciliation(
    *, actor: Actor, at: datetime, on: date, theirs: TheirDay, ran_by: str
) -> None:
    """Record a comparison, and list each difference."""
    attempts = list(_attempts_of(theirs, actor.force))
    compared = _Comparison(at=at, force=actor.force)
    for attempt in attempts:
        compared.compare_attempt(attempt, theirs)
    # What we know nothing of: paid under our key and not through us, or before a restore.
    known = {attempt.provider_id for attempt in attempts}
    for card in theirs.payments.values():
        if card.provider_id not in known:
            compared.add("unknown_here", card.provider_id, their_card=card)
    _compare_refunds(compared, theirs)
    # Counted after what was caught up with, so that the figures are those of the differences.
    paid_here = [attempt for attempt in attempts if attempt.state == AttemptState.SUCCESS]
    paid_there = [c for c in theirs.payments.values() if c.state == AttemptState.SUCCESS]
    row = Reconciliation.objects.create(
        force=actor.force,
        on=on,
        ran_at=at,
        ran_by_name=ran_by,
        our_count=len(paid_here),
        our_pence=sum(attempt.payment.total_pence for attempt in paid_here),
        their_count=len(paid_there),
        their_pence=sum(card.amount_pence for card in paid_there),
        difference_count=compared.count,
    )
    record_act(row, ref=on.isoformat(), detail={"differences": compared.count})


@dataclass(slots=True)
class _Comparison:
    """Lists differences, and counts those that wait for somebody."""

    at: datetime
    force: str
    count: int = 0

    def add(
        self,
        kind: str,
        provider_id: str,
        *,
        attempt: PaymentAttempt | None = None,
        their_card: CardPayment | None = None,
    ) -> None:
        """List a difference about a payment."""
        self.count += list_difference(
            kind,
            at=self.at,
            force=self.force,
            provider_id=provider_id,
            payment=attempt.payment if attempt else None,
            our_pence=attempt.payment.total_pence if attempt else None,
            their_pence=their_card.amount_pence if their_card else None,
            their_state=their_card.state if their_card else "",
        )

    def compare_attempt(self, attempt: PaymentAttempt, theirs: TheirDay) -> None:
        """Compare one try of ours."""
        provider_id = attempt.provider_id or ""
        # Asked for by its id as well, so it is missing there and not only late in their search.
        if provider_id in theirs.missing_payments:
            self.add("missing_there", provider_id, attempt=attempt)
            return
        card = theirs.payments[provider_id]
        # Only whether money moved: cancelled here and expired there is no difference to anybody.
        is_paid_there = card.state == AttemptState.SUCCESS
        is_paid_here = attempt.state == AttemptState.SUCCESS
        if card.amount_pence != attempt.payment.total_pence:
            self.add("other_amount", provider_id, attempt=attempt, their_card=card)
        elif is_paid_there != is_paid_here:
            kind = "paid_only_there" if is_paid_there else "paid_only_here"
            self.add(kind, provider_id, attempt=attempt, their_card=card)


def _compare_refunds(compared: _Comparison, theirs: TheirDay) -> None:
    force = compared.force
    ours = {refund.provider_refund_id: refund for refund in _refunds_of(theirs, force)}
    for refund_id, refund in ours.items():
        card_refund = theirs.refunds.get(refund_id or "")
        kind = ""
        if refund_id in theirs.missing_refunds:
            kind = "refund_missing_there"
        elif card_refund and card_refund.amount_pence != refund.amount_pence:
            kind = "refund_other_amount"
        elif card_refund and (card_refund.status == "success") != (
            refund.state == RefundState.DONE
        ):
            kind = "refund_other_state"
        if kind:
            compared.count += list_difference(
                kind,
                at=compared.at,
                force=force,
                provider_id=refund_id or "",
                payment=refund.payment,
                our_pence=refund.amount_pence,
                their_pence=card_refund.amount_pence if card_refund else None,
                their_state=card_refund.status if card_refund else "",
            )
    # Last: somebody may have refunded by hand on the pages of GOV.UK Pay.
    for card_refund in theirs.refunds.values():
        if card_refund.refund_id not in ours:
            compared.count += list_difference(
                "refund_unknown_here",
                at=compared.at,
                force=force,
                provider_id=card_refund.refund_id,
                their_pence=card_refund.amount_pence,
                their_state=card_refund.status,
            )


def _read_what_the_lists_lack(theirs: TheirDay, start: datetime, end: datetime) -> None:
    """Read one by one what we have of the day and a list does not: searches lag behind."""
    attempts = PaymentAttempt.objects.filter(
        # A try of the last two minutes may be created there only on the next day.
        opened_at__gte=start,
        opened_at__lt=end - _OVERLAP,
        provider_id__isnull=False,
    )
    for provider_id in attempts.values_list("provider_id", flat=True):
        if provider_id is None or provider_id in theirs.payments:
            continue
        try:
            theirs.payments[provider_id] = gateway.get_payment(provider_id)
        except gateway.ProviderRefused:
            theirs.missing_payments.add(provider_id)
    refunds = Refund.objects.filter(
        decided_at__gte=start, decided_at__lt=end - _OVERLAP, provider_refund_id__isnull=False
    )
    for provider_id, refund_id in refunds.values_list("attempt_provider_id", "provider_refund_id"):
        if refund_id is None or refund_id in theirs.refunds:
            continue
        try:
            theirs.refunds[refund_id] = gateway.get_refund(provider_id, refund_id)
        except gateway.ProviderRefused:
            theirs.missing_refunds.add(refund_id)


def _catch_up(theirs: TheirDay, *, at: datetime, force: str) -> None:
    """Record what GOV.UK Pay has finished and we have not heard of yet."""
    # Before the comparison: what we merely have not heard of yet is no difference.
    finished = {id_: card for id_, card in theirs.payments.items() if card.state in FINISHED}
    attempts = PaymentAttempt.objects.filter(
        provider_id__in=finished, payment__force=force
    ).exclude(state=AttemptState.SUCCESS)
    for attempt_id, provider_id in attempts.values_list("id", "provider_id"):
        card = finished[provider_id or ""]
        record_card_payment(actor=system_actor(force), at=at, attempt_id=attempt_id, card=card)


def _attempts_of(theirs: TheirDay, force: str) -> Iterable[PaymentAttempt]:
    """Return our tries of a day, and those that GOV.UK Pay counts to it."""
    ids = [*theirs.payments, *theirs.missing_payments]
    return PaymentAttempt.objects.filter(provider_id__in=ids, payment__force=force).select_related(
        "payment"
    )


def _refunds_of(theirs: TheirDay, force: str) -> Iterable[Refund]:
    ids = [*theirs.refunds, *theirs.missing_refunds]
    return Refund.objects.filter(provider_refund_id__in=ids, force=force).select_related("payment")


def _day_limits(on: date) -> tuple[datetime, datetime]:
    """Return when a day in London begins and ends."""
    start = datetime.combine(on, time(), tzinfo=LONDON)
    # Not 24 hours later: two days of the year have 23 and 25.
    return start, datetime.combine(on + timedelta(days=1), time(), tzinfo=LONDON)


@job(name="payments.reconcile_day", queue=Queue.WAITED_FOR, attempts=6)
def reconcile_day_job(*, on: str, force: str, ran_by: str) -> None:
    """Compare a day; try again, ever later, while GOV.UK Pay is busy or out of reach."""
    reconcile_day(at=now(), on=date.fromisoformat(on), force=force, ran_by=ran_by)


@periodic(cron="23 4 * * *", name="payments.reconcile", queue=Queue.BULK)
def reconcile_yesterday() -> None:
    """Compare yesterday, where there is a payment service."""
    at = now()
    try:
        gateway.api_key()
    # A force without card payments has nothing to compare.
    except gateway.NotSetUp:
        return
    enqueue(
        "payments.reconcile_day",
        on=(london_date(at) - timedelta(days=1)).isoformat(),
        force=settings.BLUELAMP_FORCE,
        ran_by="payments",
    )
