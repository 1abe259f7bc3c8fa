"""A refund: asked for by one person, approved by another, paid back by GOV.UK Pay or by staff."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.foundation.payments.models.payments import RETENTION, Payment
from bluelamp.foundation.payments.rules import RefundState

_AT_PROVIDER = models.Q(state__in=["approved", "sent"])


class Refund(Record):
    """Money to give back, whole or in part."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention=RETENTION,
        export=True,
        counted_from="requested_at",
    )

    force = models.CharField(max_length=4)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_pence = models.PositiveIntegerField()
    is_surplus = models.BooleanField(
        default=False, help_text="Money that was paid though nothing was due."
    )
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=9, choices=RefundState.choices())
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision_note = models.CharField(max_length=500, blank=True)
    attempt_provider_id = models.CharField(
        max_length=64, blank=True, help_text="The card payment that it goes back to."
    )
    # Sent along with the refund: GOV.UK Pay refuses it if this has changed, so none is made twice.
    available_pence = models.PositiveIntegerField(
        null=True, help_text="What GOV.UK Pay could give back before we asked it to."
    )
    provider_refund_id = models.CharField(max_length=64, null=True, unique=True)
    # So that the sweep begins with those that it has not tried for longest.
    checked_at = models.DateTimeField(null=True, help_text="When the sweep last asked about it.")
    completed_at = models.DateTimeField(null=True)
    repaid_reference = models.CharField(
        max_length=60, blank=True, help_text="Of the cheque or transfer, where no card could be."
    )

    class Meta:
        indexes = [models.Index(fields=["force", "state", "requested_at"], name="refund_by_state")]
        constraints = [
            models.CheckConstraint(
                name="refund_of_something", condition=models.Q(amount_pence__gt=0)
            ),
            models.CheckConstraint(
                # In the database too: no bug in a page may let one person take money out alone.
                name="refund_decided_by_another_person",
                condition=models.Q(decided_by__isnull=True)
                | models.Q(requested_by__isnull=True)
                | ~models.Q(requested_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="refund_goes_out_only_once_decided",
                condition=models.Q(state="requested")
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            # GOV.UK Pay refuses a second request by the sum that is left, so one at a time.
            models.UniqueConstraint(
                fields=["payment"], condition=_AT_PROVIDER, name="refund_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_pence} of {self.payment_id}"
