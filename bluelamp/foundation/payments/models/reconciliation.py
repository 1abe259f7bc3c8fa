"""The daily comparison with GOV.UK Pay's own list, and every difference it found."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.foundation.payments.models.payments import RETENTION, Payment


class Reconciliation(Record):
    """One comparison of one day."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention=RETENTION, export=True, counted_from="ran_at"
    )

    force = models.CharField(max_length=4)
    on = models.DateField(help_text="The day in London whose payments were compared.")
    ran_at = models.DateTimeField()
    ran_by_name = models.CharField(max_length=200)
    our_count = models.PositiveIntegerField()
    our_pence = models.BigIntegerField()
    their_count = models.PositiveIntegerField()
    their_pence = models.BigIntegerField()
    difference_count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["force", "-on", "-ran_at"], name="reconciliation_newest")]

    def __str__(self) -> str:
        return f"{self.on}"


class ReconciliationDifference(Record):
    """Something that GOV.UK Pay and we disagree on, until somebody has worked it out."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention=RETENTION, export=True, counted_from="found_at"
    )

    force = models.CharField(max_length=4)
    # Found twice, it is listed once.
    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=30)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, related_name="differences"
    )
    provider_id = models.CharField(max_length=64, blank=True)
    our_pence = models.BigIntegerField(null=True)
    their_pence = models.BigIntegerField(null=True)
    their_state = models.CharField(max_length=20, blank=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="When a comparison last found it.")
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True, help_text="What was done about it.")

    class Meta:
        indexes = [
            models.Index(
                fields=["force", "found_at"],
                name="difference_to_clear",
                condition=models.Q(cleared_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="difference_cleared_by_somebody",
                condition=models.Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | (
                    models.Q(cleared_at__isnull=False, cleared_by__isnull=False)
                    & ~models.Q(note="")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.provider_id}"
