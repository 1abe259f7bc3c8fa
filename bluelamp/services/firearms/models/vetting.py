"""Tasks to look at a record that names the holder of a certificate, and what was decided."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.rules.matching import RecordKind, VettingDecisionKind

_HANDLING = Handling(
    classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
)


class VettingTask(Record):
    """A record names a holder, their household or their address, and somebody should look at it.

    One that is open for each holder and record: somebody who was only alike at first may be named
    outright later, which then is a reason more. `reasons` are codes of `rules.matching.MatchReason`
    in alphabetical order. What is found after the decision is another task.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    record_kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.value) for kind in RecordKind]
    )
    # No foreign key: the record may be a crime, a report or an encounter.
    record_id = models.UUIDField()
    record_reference = models.CharField(max_length=40)
    reasons = ArrayField(models.CharField(max_length=16))
    is_near = models.BooleanField()
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "record_id", "reasons"],
                name="one_task_for_a_match",
            ),
            models.UniqueConstraint(
                fields=["holder", "record_id"],
                condition=Q(closed_at=None),
                name="one_open_task_for_a_match",
            ),
        ]
        indexes = [
            models.Index(
                fields=["force", "is_near", "raised_at"],
                condition=Q(closed_at=None),
                name="firearms_open_vetting",
            ),
            models.Index(fields=["record_id"], name="firearms_vetting_by_record"),
            models.Index(
                fields=["force", "-closed_at", "-id"],
                condition=Q(closed_at__isnull=False),
                name="firearms_decided_vetting",
            ),
        ]


class VettingDecision(Record):
    """What somebody decided about a vetting task, and why. Triggers refuse any change."""

    handling: ClassVar = _HANDLING
    task = models.OneToOneField(VettingTask, models.PROTECT, related_name="decision")
    decision = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in VettingDecisionKind]
    )
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_vetting_decision_has_a_reason"),
        ]
