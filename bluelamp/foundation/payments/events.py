"""Events of payments, for the services that asked for them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from bluelamp.foundation.kernel.events.event import Event


class _PaymentFacts(BaseModel):
    """What every event of a payment says: which payment, and what it is for.

    Attributes:
        payable_kind: What the service calls the thing that is paid for; subscribers filter by it.
        payable_id: Its id.
        payable_reference: Its reference, as a person would say it.
        occasion: Which of the payments for this thing.
    """

    payment_id: UUID
    force: str
    reference: str
    payable_kind: str
    payable_id: UUID
    payable_reference: str
    occasion: str


class PaymentPaid(_PaymentFacts, Event):
    """The money was taken, or staff waived it: the service may go on."""

    name: ClassVar = "payments.paid.v1"
    amount_pence: int
    method: str
    paid_at: datetime


class PaymentFailed(_PaymentFacts, Event):
    """One try to pay failed. The payment is still due, and the payer can try again."""

    name: ClassVar = "payments.failed.v1"
    code: str


class FeeSet(Event):
    """Staff set and confirmed what a code costs from a day on."""

    name: ClassVar = "payments.fee_set.v1"
    force: str
    code: str


class PaymentRefunded(_PaymentFacts, Event):
    """Money was given back."""

    name: ClassVar = "payments.refunded.v1"
    refund_id: UUID
    amount_pence: int
    is_whole: bool
    refunded_at: datetime
