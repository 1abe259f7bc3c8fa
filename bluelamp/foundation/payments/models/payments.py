"""A payment, its lines, and the tries to make it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.foundation.payments.models.fees import Fee
from bluelamp.foundation.payments.rules import AttemptState, Method, PaymentState

RETENTION = "finance-7-years"


class Payment(Record):
    """What somebody is to pay for one thing, and whether they did."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention=RETENTION,
        export=True,
        counted_from="requested_at",
    )

    force = models.CharField(max_length=4)
    reference = models.CharField(max_length=20, unique=True)
    payable_kind = models.CharField(max_length=40)
    payable_id = models.UUIDField()
    payable_reference = models.CharField(max_length=60)
    occasion = models.CharField(max_length=40)
    description = models.CharField(max_length=200)
    email = models.CharField(max_length=250, blank=True)
    # Of our messages about it. With a default of the database, for what the release before writes.
    language = models.CharField(max_length=2, default="en", db_default="en")
    return_path = models.CharField(max_length=500)
    net_pence = models.PositiveIntegerField()
    vat_pence = models.PositiveIntegerField()
    total_pence = models.PositiveIntegerField()
    refunded_pence = models.PositiveIntegerField(
        default=0, help_text="Given back, or on its way back."
    )
    state = models.CharField(max_length=9, choices=PaymentState.choices())
    method = models.CharField(max_length=6, choices=Method.choices(), blank=True)
    requested_at = models.DateTimeField()
    requested_by_name = models.CharField(max_length=200)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="When it was waived or withdrawn.")
    closed_by_name = models.CharField(max_length=200, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    waiver_ground = models.CharField(max_length=40, blank=True)
    waiver_note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            # The list counts and adds up from these alone, and skips pages in them.
            models.Index(
                fields=["force", "-requested_at", "-id"],
                include=["total_pence"],
                name="payment_newest",
            ),
            models.Index(
                fields=["force", "state", "-requested_at", "-id"],
                include=["total_pence"],
                name="payment_newest_of_state",
            ),
            # Searched whatever the case.
            models.Index(Upper("payable_reference"), name="payment_by_payable"),
            models.Index(Upper("email"), name="payment_by_email"),
        ]
        constraints = [
            # Two tabs that send one form ask for one payment.
            models.UniqueConstraint(
                fields=["force", "payable_kind", "payable_id", "occasion"],
                name="payment_once_for_each_occasion",
            ),
            models.CheckConstraint(
                name="payment_total_is_net_and_vat",
                condition=models.Q(total_pence=models.F("net_pence") + models.F("vat_pence")),
            ),
            models.CheckConstraint(
                # The last defence against giving back more than came, whatever the code above does.
                name="payment_refunded_no_more_than_paid",
                condition=models.Q(refunded_pence__lte=models.F("total_pence")),
            ),
            models.CheckConstraint(
                name="payment_paid_says_when_and_how",
                condition=(models.Q(state="paid", paid_at__isnull=False) & ~models.Q(method=""))
                | (~models.Q(state="paid") & models.Q(paid_at__isnull=True, method="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PaymentLine(Record):
    """One fee on a payment, as it was when the payment was asked for."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention=RETENTION, export=True
    )

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    fee = models.ForeignKey(Fee, on_delete=models.PROTECT, related_name="+")
    fee_code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    net_pence = models.PositiveIntegerField(help_text="Of all of them.")
    vat_percent = models.PositiveSmallIntegerField()
    vat_pence = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "number"], name="payment_line_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.fee_code} x {self.quantity}"


class PaymentAttempt(Record):
    """One try to pay by card on GOV.UK Pay.

    The row, with its idempotency key, is committed before GOV.UK Pay is asked: whatever happens
    then, the same request can be sent again and makes no second payment. A payment has one open
    attempt at most, so that two tabs cannot both take the money.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention=RETENTION, export=True
    )

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    idempotency_key = models.CharField(max_length=64, unique=True)
    return_url = models.CharField(max_length=2000)
    language = models.CharField(max_length=2)
    # None until GOV.UK Pay has answered; unique, so that no card payment belongs to two.
    provider_id = models.CharField(
        max_length=64, null=True, unique=True, help_text="GOV.UK Pay's payment_id."
    )
    state = models.CharField(max_length=10, choices=AttemptState.choices())
    code = models.CharField(max_length=10, blank=True, help_text="Why it failed, as P0010.")
    opened_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, help_text="When GOV.UK Pay last answered.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["opened_at"],
                # Partial: the job that looks for open ones must not read all the others.
                name="attempt_open",
                condition=models.Q(finished_at__isnull=True),
            ),
            # A day's, for the comparison with GOV.UK Pay.
            models.Index(fields=["opened_at"], name="attempt_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["payment", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(finished_at__isnull=True),
                name="attempt_open_one_a_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} attempt {self.number}"


class OfflinePayment(Record):
    """Money that a member of staff took: cash, a cheque, or a card over the phone."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention=RETENTION, export=True
    )

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="offline")
    method = models.CharField(max_length=6, choices=Method.choices())
    receipt_reference = models.CharField(
        max_length=60, help_text="The cheque's number, the till's or the terminal's."
    )
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.method} {self.receipt_reference}"
