"""Applications, and the stages that they went through."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.rules.applications import ApplicationKind, Channel
from bluelamp.services.firearms.rules.authority import Risk
from bluelamp.services.firearms.rules.stages import OPEN_STAGES, Stage

_HANDLING = Handling(
    classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
)


class Application(Record):
    """An application, as the answers to its question set, and where it stands.

    `received_at`, `complete_at`, `decided_at` and `issued_at` are set once, by the command that
    brings the application there: triggers refuse any change, and a later one before an earlier one.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in ApplicationKind]
    )
    # firearm, shotgun or both; "" where the kind says it.
    certificates = models.CharField(max_length=8, blank=True)
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    question_set = models.CharField(max_length=60)
    question_set_version = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    channel = models.CharField(
        max_length=8, choices=[(channel.value, channel.value) for channel in Channel]
    )
    # Of our messages. With a default of the database, for what the release before writes.
    language = models.CharField(max_length=2, default="en", db_default="en")
    stage = models.CharField(
        max_length=12, choices=[(stage.value, stage.value) for stage in Stage], default="received"
    )
    stage_since = models.DateTimeField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    risk = models.CharField(
        max_length=8, choices=[(risk.value, risk.value) for risk in Risk], blank=True, default=""
    )
    received_at = models.DateTimeField()
    complete_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    # No foreign key: payments are asked for by id, through their own lookups.
    payment_id = models.UUIDField(null=True)
    exemption = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        indexes = [
            # The queue: what is open, the oldest first. Most rows are closed and not in it.
            models.Index(
                fields=["force", "received_at", "id"],
                condition=Q(stage__in=OPEN_STAGES),
                name="firearms_open_by_age",
            ),
            models.Index(
                fields=["force", "stage_since", "id"],
                condition=Q(stage__in=OPEN_STAGES),
                name="firearms_open_by_stage_since",
            ),
            models.Index(
                fields=["force", "risk", "received_at"],
                condition=Q(stage__in=OPEN_STAGES),
                name="firearms_open_by_risk",
            ),
            models.Index(fields=["applicant", "received_at"]),
            # One stage, closed ones too: years of applications are in the last.
            models.Index(fields=["force", "stage", "received_at", "id"], name="firearms_by_stage"),
            models.Index(
                fields=["force", "stage", "stage_since", "id"], name="firearms_by_stage_since"
            ),
            # The public figures, which are counted from this index alone.
            models.Index(
                fields=["force", "decided_at"],
                include=["kind", "certificates", "received_at"],
                condition=~Q(stage=Stage.WITHDRAWN),
                name="firearms_by_decision",
            ),
        ]


class StageEntry(Record):
    """When a stage began, and who began it. Triggers refuse any change."""

    handling: ClassVar = _HANDLING
    application = models.ForeignKey(Application, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=12, choices=[(stage.value, stage.value) for stage in Stage])
    began_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["application", "began_at"]),
            # For how long each stage takes now, which starts from the latest.
            models.Index(fields=["began_at"], name="firearms_stages_by_time"),
        ]
