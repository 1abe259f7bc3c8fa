"""Fees and charges, by the dates between which they are in force."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class Fee(Record):
    """What one code costs between two dates, and how we know.

    Rows are never changed: receipts refer to them. Staff add a row that takes effect over the
    earlier ones (`rules.choose_fee`). Without an amount, a VAT rate and somebody's confirmation a
    fee cannot be charged.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)

    force = models.CharField(
        max_length=4, blank=True, help_text="PNC code; empty for what comes with the program."
    )
    code = models.CharField(max_length=60)
    category = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    statutory_basis = models.CharField(max_length=200, blank=True)
    net_pence = models.PositiveIntegerField(null=True, help_text="Before VAT; empty if unknown.")
    vat_percent = models.PositiveSmallIntegerField(null=True, help_text="Empty if unknown.")
    is_confirmed = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, help_text="Empty if it is not known.")
    valid_until = models.DateField(null=True, help_text="The last day; empty if it goes on.")
    source = models.TextField(help_text="Where the amount was read.")
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    origin = models.CharField(
        max_length=200, null=True, unique=True, help_text="The reference file and its row."
    )

    class Meta:
        indexes = [models.Index(fields=["code", "force"], name="fee_by_code")]
        constraints = [
            models.CheckConstraint(
                # Nothing is charged that nobody has checked.
                name="fee_confirmed_has_amount_and_vat",
                condition=models.Q(is_confirmed=False)
                | models.Q(net_pence__isnull=False, vat_percent__isnull=False),
            ),
            models.CheckConstraint(
                name="fee_ends_after_it_begins",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="fee_vat_is_a_percentage",
                condition=models.Q(vat_percent__isnull=True) | models.Q(vat_percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"
