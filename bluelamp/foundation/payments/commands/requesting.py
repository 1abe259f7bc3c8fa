"""Ask for a payment, or say that it is no longer wanted or need not be paid."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.contact import parse_email
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.kernel.references import encode_number
from bluelamp.foundation.kernel.text import clean_text, single_line
from bluelamp.foundation.payments.events import PaymentPaid
from bluelamp.foundation.payments.lookups.details import PaymentDetail, to_payment_detail
from bluelamp.foundation.payments.lookups.fees import get_fees
from bluelamp.foundation.payments.models import Payment, PaymentLine
from bluelamp.foundation.payments.policy import payment_policy
from bluelamp.foundation.payments.rules import (
    EXEMPTIONS,
    MAX_QUANTITY,
    MAX_TOTAL_PENCE,
    REFERENCE_SYMBOLS,
    Charge,
    PaymentState,
    compute_vat,
    format_reference,
)

MAX_NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One fee of a payment, so many times, with its amounts in pence."""

    fee_id: UUID
    fee_code: str
    title: str
    quantity: int
    net_pence: int
    vat_percent: int
    vat_pence: int


@command(permission="payment.request", act="payment.requested", category=Category.COLLECTION)
def request_payment(
    *,
    actor: Actor,
    at: datetime,
    payable_kind: str,
    payable_id: UUID,
    payable_reference: str,
    occasion: str,
    charges: Sequence[Charge],
    description: str,
    return_path: str,
    email: str = "",
    language: str = "en",
    fees_on: date | None = None,
) -> PaymentDetail:
    """Ask somebody to pay for one thing. Asked again for the same occasion, it is the same payment.

    Args:
        actor: Who asks: the applicant, a member of staff or a service.
        at: The time, whose day decides what the fees are.
        payable_kind: What the service calls the thing, such as "firearms.application".
        payable_id: Its id.
        payable_reference: Its reference, as a person would say it.
        occasion: Which of several payments for the thing, such as "fee".
        charges: The fees.
        description: What the payer reads that it is for.
        return_path: Where "Continue" leads after paying: a path on this site.
        email: The payer's e-mail address, to fill in at GOV.UK Pay; "" if it is not known.
        language: Of our messages to the payer, "en" or "cy".
        fees_on: The day whose fees count, where the price was said on an earlier one.

    Raises:
        Refused: A fee is unknown or not confirmed, or the total is too large.
        ValueError: The path is not one of this site.
    """
    # "//elsewhere" and "/\elsewhere" are other sites to a browser.
    if not return_path.startswith("/") or return_path.startswith("//") or "\\" in return_path:
        raise ValueError(f"{return_path!r} is not a path on this site")
    key = {
        "force": actor.force,
        "payable_kind": payable_kind,
        "payable_id": payable_id,
        "occasion": occasion,
    }
    # Looked for before the fees are: one that was asked for keeps the amount that was said then.
    payment = Payment.objects.filter(**key).first()
    if payment is None:
        lines = price_charges(actor=actor, on=fees_on or london_date(at), charges=charges)
        fields = {
            **key,
            "payable_reference": payable_reference,
            # 200 is the column's length.
            "description": single_line(description)[:200],
            # GOV.UK Pay only fills it in: a wrong one must not keep anybody from paying.
            "email": email if parse_email(email) else "",
            "language": language,
            "return_path": return_path,
            "requested_at": at,
            "requested_by_name": actor.name[:200],
        }
        payment = _store_payment(fields, lines)
    record_act(payment, ref=payment.reference, detail={"total_pence": payment.total_pence})
    return to_payment_detail(payment)


@command(permission="payment.request", act="payment.language_set")
def set_payment_language(
    *, actor: Actor, at: datetime, payable_kind: str, payable_id: UUID, language: str
) -> None:
    """Write to the payer in another language from now on, about every payment for one thing.

    The service has stored the same for its own messages.
    """
    payments = Payment.objects.filter(
        force=actor.force, payable_kind=payable_kind, payable_id=payable_id
    )
    payments.update(language=language)
    record_act(None, detail={"payable": str(payable_id), "language": language})


@command(permission="payment.request", act="payment.withdrawn")
def withdraw_payment(*, actor: Actor, at: datetime, payment_id: UUID) -> PaymentDetail:
    """Record that a payment is no longer wanted. A second time changes nothing.

    Raises:
        NotFound: There is no such payment of the actor's force.
        Refused: It is paid, or somebody is paying it by card at this moment.
    """
    payment = _lock_own_payment(actor, payment_id)
    # A second time is no error: the service may be told of the same refusal twice.
    if payment.state != PaymentState.WITHDRAWN:
        _require_due(payment)
        payment.state = PaymentState.WITHDRAWN
        payment.closed_at = at
        payment.closed_by_name = actor.name[:200]
        payment.closed_by_id = actor.id
        payment.save()
    record_act(payment, ref=payment.reference)
    return to_payment_detail(payment)


@command(permission="payment.waive", act="payment.waived")
def waive_payment(
    *, actor: Actor, at: datetime, payment_id: UUID, ground: str, note: str
) -> PaymentDetail:
    """Record that somebody need not pay, and why. The service goes on as if it were paid.

    Args:
        actor: The member of staff.
        at: The time.
        payment_id: The payment.
        ground: One of `rules.EXEMPTIONS`.
        note: What they checked.

    Raises:
        NotFound: There is no such payment of the actor's force.
        Refused: It is not due, is being paid, or the ground or note is missing.
    """
    note = clean_text(note, max_length=MAX_NOTE_LENGTH, field="note", label="payments.note")
    if ground not in EXEMPTIONS:
        raise Refused("payments.ground_missing", field="ground")
    if not note:
        raise Refused("payments.waiver_note_missing", field="note")
    payment = payment_policy.get(actor, lock=True, id=payment_id)
    _require_due(payment)
    payment.state = PaymentState.WAIVED
    payment.waiver_ground = ground
    payment.waiver_note = note
    payment.closed_at = at
    payment.closed_by_name = actor.name[:200]
    payment.closed_by_id = actor.id
    payment.save()
    # As if it were paid, for 0: the service waits for this event and for no other.
    publish(
        PaymentPaid(
            payment_id=payment.id,
            force=payment.force,
            reference=payment.reference,
            payable_kind=payment.payable_kind,
            payable_id=payment.payable_id,
            payable_reference=payment.payable_reference,
            occasion=payment.occasion,
            amount_pence=0,
            method="waived",
            paid_at=at,
        )
    )
    record_act(payment, ref=payment.reference, detail={"ground": ground})
    return to_payment_detail(payment)


def require_not_under_way(payment: Payment) -> None:
    """Raise Refused while somebody pays by card: the money may be taken at any moment."""
    if payment.attempts.filter(finished_at__isnull=True).exists():
        raise Refused("payments.under_way")


def _require_due(payment: Payment) -> None:
    if payment.state != PaymentState.DUE:
        raise Refused("payments.not_due")
    require_not_under_way(payment)


def _lock_own_payment(actor: Actor, payment_id: UUID) -> Payment:
    """Return a payment of the actor's force; the service decided that they may see it."""
    payment = Payment.objects.select_for_update().filter(id=payment_id, force=actor.force).first()
    if payment is None:
        raise NotFound("There is no such payment.")
    return payment


def price_charges(*, actor: Actor, on: date, charges: Sequence[Charge]) -> list[PricedLine]:
    """Return what charges cost by the fees of a day, as a payment of them would.

    Raises:
        Refused: A fee is unknown or not confirmed, or a number or the total is out of range.
    """
    if not charges:
        raise ValueError("a payment needs at least one charge")
    codes = [charge.fee_code for charge in charges]
    fees = get_fees(actor=actor, codes=codes, on=on)
    lines = []
    for charge in charges:
        fee = fees.get(charge.fee_code)
        if fee is None:
            raise Refused("payments.fee_unknown", field="charges", fee=charge.fee_code)
        if not fee.is_chargeable or fee.net_pence is None or fee.vat_percent is None:
            raise Refused("payments.fee_not_confirmed", field="charges", fee=fee.title)
        if not 1 <= charge.quantity <= MAX_QUANTITY:
            raise Refused("payments.quantity_out_of_range", field="charges", maximum=MAX_QUANTITY)
        net = fee.net_pence * charge.quantity
        # On the line and not on each of them: pennies of rounding would be multiplied.
        vat = compute_vat(net, fee.vat_percent)
        line = PricedLine(fee.id, fee.code, fee.title, charge.quantity, net, fee.vat_percent, vat)
        lines.append(line)
    if sum(line.net_pence + line.vat_pence for line in lines) > MAX_TOTAL_PENCE:
        raise Refused("payments.total_too_large", field="charges")
    return lines


def _store_payment(fields: dict[str, object], lines: list[PricedLine]) -> Payment:
    net = sum(line.net_pence for line in lines)
    vat = sum(line.vat_pence for line in lines)
    payment = Payment(
        **fields,
        reference=_new_reference(),
        net_pence=net,
        vat_pence=vat,
        total_pence=net + vat,
        state=PaymentState.DUE if net + vat else PaymentState.NOT_DUE,
    )
    try:
        # A savepoint: after the unique constraint refused the row, the caller's transaction goes
        # on with the payment that somebody else asked for in the same moment.
        with transaction.atomic():
            payment.save(force_insert=True)
            PaymentLine.objects.bulk_create(
                PaymentLine(
                    payment=payment,
                    number=number,
                    fee_id=line.fee_id,
                    fee_code=line.fee_code,
                    title=line.title,
                    quantity=line.quantity,
                    net_pence=line.net_pence,
                    vat_percent=line.vat_percent,
                    vat_pence=line.vat_pence,
                )
                for number, line in enumerate(lines, start=1)
            )
    except IntegrityError:
        return Payment.objects.get(
            force=payment.force,
            payable_kind=payment.payable_kind,
            payable_id=payment.payable_id,
            occasion=payment.occasion,
        )
    return payment


def _new_reference() -> str:
    """Return a random reference whose check symbol can be read out on the phone."""
    while True:
        # Five bits for each symbol. A few numbers have no check symbol that is a letter or a digit.
        number = secrets.randbits(5 * REFERENCE_SYMBOLS)
        if digits := encode_number(number, symbols=REFERENCE_SYMBOLS):
            return format_reference(digits)
