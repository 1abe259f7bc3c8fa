"""Checks of an application, and everything that was recorded of each."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.firearms.rules.checks import OPEN, CheckKind, CheckResult

_HANDLING = Handling(
    classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
)


class Check(Record):
    """One check of an application: its state is that of its latest entry.

    `planned_at` is when a visit was arranged for, and `planned_for` who makes it.
    """

    handling: ClassVar = _HANDLING
    application = models.ForeignKey("firearms.Application", models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in CheckKind])
    state = models.CharField(
        max_length=12,
        choices=[(state, state) for state in (OPEN, *(result.value for result in CheckResult))],
        default=OPEN,
    )
    planned_at = models.DateTimeField(null=True)
    planned_for = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], name="one_check_of_a_kind_for_an_application"
            ),
        ]
        indexes = [
            # The visits that are planned, and no other row.
            models.Index(
                fields=["planned_at"],
                condition=Q(planned_at__isnull=False, state=OPEN),
                name="firearms_planned_checks",
            ),
        ]


class CheckEntry(Record):
    """What somebody recorded of a check: its result, the evidence and the reason.

    Triggers refuse any change. A later entry replaces an earlier one, which stays.
    """

    handling: ClassVar = _HANDLING
    # Named here too: "check" is what every Django model's own system check is called.
    check_of = models.ForeignKey(Check, models.PROTECT, related_name="entries")
    result = models.CharField(
        max_length=12, choices=[(result.value, result.value) for result in CheckResult]
    )
    evidence = models.TextField(blank=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # The name at that time: an account's name can change later.
    recorded_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_check_has_a_reason"),
        ]
