"""The wording of standard conditions that staff set."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.firearms.rules.conditions import StandardCondition


class ConditionWording(Record):
    """The text of a standard condition from a day on, and where it is from.

    It counts before the wording that comes with the program. Triggers refuse any change: a
    correction is a later row.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    code = models.CharField(
        max_length=12, choices=[(code.value, code.value) for code in StandardCondition]
    )
    certificate_kind = models.CharField(max_length=16)
    text = models.TextField()
    in_force_from = models.DateField()
    source = models.CharField(max_length=400)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    set_by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["certificate_kind", "code", "in_force_from"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(source=""), name="a_wording_has_its_source"
            ),
        ]
