"""Pay by card: begin a try, send the payer to GOV.UK Pay, and read back how it went.

A function here that asks GOV.UK Pay does so between two commands, never inside one: no lock waits
for the network, and whatever was decided before is committed before. If the process dies in
between, the next reader finds the try open and asks again.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.booking import book_card_payment
from bluelamp.foundation.payments.commands.differences import list_difference
from bluelamp.foundation.payments.events import PaymentFailed
from bluelamp.foundation.payments.gateway import CardPayment, NewCardPayment
from bluelamp.foundation.payments.links import read_token
from bluelamp.foundation.payments.lookups.details import PaymentDetail, to_payment_detail
from bluelamp.foundation.payments.models import Payment, PaymentAttempt
from bluelamp.foundation.payments.policy import payment_policy
from bluelamp.foundation.payments.rules import FINISHED, AttemptState, PaymentState

# What its firewall refuses with P0920.
_REFUSED_CHARACTERS = str.maketrans({"<": " ", ">": " ", '"': "'", "\\": " ", "|": " "})
_MAX_METADATA_VALUE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class NextStep:
    """Where a payer goes from here: to `next_url`, or nowhere if the payment needs nothing more."""

    payment: PaymentDetail
    next_url: str


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """A try that is not finished, and what creates it at GOV.UK Pay."""

    id: UUID
    force: str
    provider_id: str
    new_payment: NewCardPayment


def start_payment(
    *, actor: Actor, at: datetime, token: str, return_url: str, language: str = "en"
) -> NextStep:
    """Begin to pay, or go on with the try that is open, in this tab or another one.

    Args:
        actor: The payer.
        at: The time.
        token: The payment's link.
        return_url: Where GOV.UK Pay sends the payer afterwards.
        language: "en" or "cy", for GOV.UK Pay's pages.

    Raises:
        NotFound: It is no link of ours.
        gateway.NotSetUp, gateway.Unavailable, gateway.ProviderRefused: It cannot be paid now.
    """
    # Twice at most: a try that turns out to be over is followed by a new one.
    for _ in range(2):
        payment, attempt = open_attempt(
            actor=actor, at=at, token=token, return_url=return_url, language=language
        )
        if attempt is None:
            break
        card = _ask_for_card_payment(attempt)
        # As the program: a payer may not record states, only ask us to look.
        payment = record_card_payment(
            actor=system_actor(attempt.force), at=at, attempt_id=attempt.id, card=card
        )
        if card.state not in FINISHED:
            # Paid but not confirmed yet, it has no next page.
            return NextStep(payment=payment, next_url=_check_page(card.next_url))
        if payment.is_settled:
            break
    return NextStep(payment=payment, next_url="")


def refresh_payment(*, actor: Actor, at: datetime, token: str) -> PaymentDetail:
    """Read back from GOV.UK Pay how a payment went, and return it.

    Raises:
        NotFound: It is no link of ours.
        gateway.NotSetUp, gateway.Unavailable, gateway.ProviderRefused: There is no answer now.
    """
    payment, attempt = find_open_attempt(actor=actor, at=at, token=token)
    # Without an id its creation was never answered: the sweep looks for it.
    if attempt is None or not attempt.provider_id:
        return payment
    card = gateway.get_payment(attempt.provider_id, is_page=True)
    return record_card_payment(
        actor=system_actor(attempt.force), at=at, attempt_id=attempt.id, card=card
    )


def cancel_payment(*, actor: Actor, at: datetime, reference: str) -> PaymentDetail:
    """Cancel the try that is open at GOV.UK Pay, for staff who take the money themselves.

    If it is too late to cancel, the payment that was made is booked.

    Raises:
        NotFound: There is no such payment of the actor's force.
        gateway.NotSetUp, gateway.Unavailable: It cannot be cancelled now.
    """
    payment, attempt = begin_cancellation(actor=actor, at=at, reference=reference)
    if attempt is None:
        return payment
    return cancel_attempt(at=at, attempt=attempt)


def cancel_attempt(*, at: datetime, attempt: OpenAttempt) -> PaymentDetail:
    """Cancel a try at GOV.UK Pay, and record what it says of it afterwards."""
    # One whose answer never came is asked for again first, so that it can be cancelled.
    card = _ask_for_card_payment(attempt, is_page=False)
    if card.state not in FINISHED:
        try:
            gateway.cancel_payment(card.provider_id)
        except gateway.ProviderRefused:
            # P0501 and P0502: it is too late. What it is instead is read next.
            pass
        card = gateway.get_payment(card.provider_id)
    return record_card_payment(
        actor=system_actor(attempt.force), at=at, attempt_id=attempt.id, card=card
    )


@command(permission="payment.pay", act="payment.attempted", category=Category.COLLECTION)
def open_attempt(
    *, actor: Actor, at: datetime, token: str, return_url: str, language: str
) -> tuple[PaymentDetail, OpenAttempt | None]:
    """Return the try that is open, or begin one; None where nothing is due.

    The new try is committed before GOV.UK Pay hears of it, with the key that makes it one try.

    Raises:
        NotFound: It is no link of ours.
    """
    payment = _lock_payment(read_token(token))
    attempt = payment.attempts.filter(finished_at__isnull=True).first()
    if attempt is None and payment.state == PaymentState.DUE:
        number = payment.attempts.count() + 1
        attempt = PaymentAttempt.objects.create(
            payment=payment,
            number=number,
            # Random as well: a database that was restored would otherwise use the keys of lost
            # tries again.
            idempotency_key=f"{payment.reference}-{number}-{new_id().hex}",
            return_url=return_url,
            language=language,
            state=AttemptState.OPENING,
            opened_at=at,
        )
    record_act(payment, ref=payment.reference, detail={"try": attempt.number if attempt else 0})
    return to_payment_detail(payment), to_open_attempt(attempt) if attempt else None


@lookup(permission="payment.pay", act="payment.status_read")
def find_open_attempt(
    *, actor: Actor, at: datetime, token: str
) -> tuple[PaymentDetail, OpenAttempt | None]:
    """Return a payment with the try that is open, if any.

    Raises:
        NotFound: It is no link of ours.
    """
    payment = Payment.objects.filter(id=read_token(token)).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    record_act(payment, ref=payment.reference)
    attempt = payment.attempts.filter(finished_at__isnull=True).first()
    return to_payment_detail(payment), to_open_attempt(attempt) if attempt else None


@command(permission="payment.take", act="payment.cancelled")
def begin_cancellation(
    *, actor: Actor, at: datetime, reference: str
) -> tuple[PaymentDetail, OpenAttempt | None]:
    """Record that a member of staff cancels the try that is open, if any, and return it.

    Raises:
        NotFound: There is no such payment of the actor's force.
    """
    payment = payment_policy.get(actor, lock=True, reference=reference)
    attempt = payment.attempts.filter(finished_at__isnull=True).first()
    record_act(payment, ref=payment.reference, detail={"try": attempt.number if attempt else 0})
    return to_payment_detail(payment), to_open_attempt(attempt) if attempt else None


@command(permission="payment.process", act="payment.state_recorded")
def record_card_payment(
    *, actor: Actor, at: datetime, attempt_id: UUID, card: CardPayment
) -> PaymentDetail:
    """Record what GOV.UK Pay says of a try, and book it if it says that the money was taken.

    Answers may come late and in any order: a finished try stays as it is, unless it was paid after
    all. An answer about another amount is not booked, and listed as a difference.

    Raises:
        NotFound: There is no such try.
    """
    attempt = PaymentAttempt.objects.filter(id=attempt_id).first()
    if attempt is None:
        raise NotFound("There is no such try.")
    # The payment's row is locked first everywhere, so that two commands never wait for each other.
    payment = _lock_payment(attempt.payment_id)
    attempt = PaymentAttempt.objects.select_for_update().get(id=attempt_id)
    if is_other := _is_other_payment(payment, attempt, card):
        list_difference(
            "other_payment",
            at=at,
            force=payment.force,
            provider_id=card.provider_id,
            payment=payment,
            our_pence=payment.total_pence,
            their_pence=card.amount_pence,
            their_state=card.state,
        )
    else:
        _update_attempt(payment, attempt, card, at)
    detail = {"try": attempt.number, "state": card.state, "other": is_other}
    record_act(payment, ref=payment.reference, detail=detail)
    return to_payment_detail(payment)


@command(permission="payment.process", act="payment.attempt_lost")
def mark_attempt_lost(*, actor: Actor, at: datetime, attempt_id: UUID) -> None:
    """Close a try that GOV.UK Pay never had, so that the payer can begin another one."""
    attempt = PaymentAttempt.objects.select_related("payment").get(id=attempt_id)
    payment = _lock_payment(attempt.payment_id)
    attempt = PaymentAttempt.objects.select_for_update().get(id=attempt_id)
    # Read again under the lock: a webhook may have told us of it meanwhile.
    if attempt.finished_at is None and attempt.provider_id is None:
        attempt.state = AttemptState.LOST
        attempt.finished_at = at
        attempt.save()
    record_act(payment, ref=payment.reference, detail={"try": attempt.number})


@command(permission="payment.process", act="payment.attempt_unknown")
def note_unknown_attempt(*, actor: Actor, at: datetime, attempt_id: UUID) -> None:
    """Note when GOV.UK Pay last said that it does not know a try: others come before it now."""
    attempt = PaymentAttempt.objects.select_related("payment").get(id=attempt_id)
    PaymentAttempt.objects.filter(id=attempt_id, finished_at=None).update(checked_at=at)
    payment = attempt.payment
    record_act(payment, ref=payment.reference, detail={"try": attempt.number})


def to_open_attempt(attempt: PaymentAttempt) -> OpenAttempt:
    """Return a try with what creates it. Made from its row alone, so always the same."""
    payment = attempt.payment
    fee_codes = " ".join(payment.lines.order_by("number").values_list("fee_code", flat=True))
    return OpenAttempt(
        id=attempt.id,
        force=payment.force,
        provider_id=attempt.provider_id or "",
        new_payment=NewCardPayment(
            idempotency_key=attempt.idempotency_key,
            amount_pence=payment.total_pence,
            reference=payment.reference,
            description=payment.description.translate(_REFUSED_CHARACTERS),
            return_url=attempt.return_url,
            language=attempt.language,
            email=payment.email,
            metadata={
                "attempt": str(attempt.id),
                # GOV.UK Pay refuses longer values, and the payment with them.
                "for": payment.payable_reference[:_MAX_METADATA_VALUE],
                "fees": fee_codes[:_MAX_METADATA_VALUE],
            },
        ),
    )


def find_card_payment(attempt: OpenAttempt) -> CardPayment | None:
    """Look for the payment of a try whose answer never came; None where GOV.UK Pay has none."""
    for card in gateway.search_payments(reference=attempt.new_payment.reference):
        if card.attempt_id == str(attempt.id):
            # Searches lag behind: the payment itself says how it is now.
            return gateway.get_payment(card.provider_id)
    return None


def _ask_for_card_payment(attempt: OpenAttempt, *, is_page: bool = True) -> CardPayment:
    if attempt.provider_id:
        return gateway.get_payment(attempt.provider_id, is_page=is_page)
    try:
        return gateway.create_payment(attempt.new_payment, is_page=is_page)
    except gateway.ProviderRefused as refusal:
        # P0191: the key was used with another body, as after a change of our address.
        if refusal.code == "P0191" and (card := find_card_payment(attempt)):
            return card
        raise


def _check_page(next_url: str) -> str:
    """Return where to send the payer. Raises Unavailable for any other site than GOV.UK Pay's."""
    if next_url and not gateway.is_payment_page(next_url):
        raise gateway.Unavailable("an answer leads to another site")
    return next_url


def _is_other_payment(payment: Payment, attempt: PaymentAttempt, card: CardPayment) -> bool:
    """Say whether an answer is not about this try: nothing of it may be booked then."""
    return (
        card.amount_pence != payment.total_pence
        or card.reference != payment.reference
        or attempt.provider_id not in {None, card.provider_id}
    )


def _update_attempt(
    payment: Payment, attempt: PaymentAttempt, card: CardPayment, at: datetime
) -> None:
    # An answer that was lost at the creation is how we learn the id.
    attempt.provider_id = card.provider_id
    attempt.checked_at = at
    if card.state == AttemptState.SUCCESS:
        attempt.state = AttemptState.SUCCESS
        attempt.code = ""
        # A try that we had given up may still succeed: the money is theirs, so it is booked.
        attempt.finished_at = attempt.finished_at or at
        attempt.save()
        book_card_payment(payment, at=at, provider_id=card.provider_id)
        # Two tabs: whoever has paid in one must not be able to pay in the other.
        if payment.attempts.filter(finished_at__isnull=True).exists():
            enqueue("payments.cancel_open_attempt", payment_id=str(payment.id))
        return
    # Late news of a try that has ended changes nothing: answers overtake one another.
    if attempt.state not in FINISHED:
        attempt.state = card.state
        if card.state in FINISHED:
            attempt.code = card.code[:10]
            attempt.finished_at = at
            _publish_failure(payment, attempt)
    attempt.save()


def _publish_failure(payment: Payment, attempt: PaymentAttempt) -> None:
    publish(
        PaymentFailed(
            payment_id=payment.id,
            force=payment.force,
            reference=payment.reference,
            payable_kind=payment.payable_kind,
            payable_id=payment.payable_id,
            payable_reference=payment.payable_reference,
            occasion=payment.occasion,
            code=attempt.code,
        )
    )


def _lock_payment(payment_id: UUID) -> Payment:
    payment = Payment.objects.select_for_update().filter(id=payment_id).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    return payment
