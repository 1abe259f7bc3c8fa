"""Reports, drafts of reports, and the items that came with them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bluelamp.casework.reports.rules import Channel, ReporterRole, ReportState
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.evidence.models import Item
from bluelamp.records.people.models import Location, Person


class ReportDraft(Record):
    """Answers to the public form, stored as typed until they are sent.

    Only whoever has the secret can read them.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="draft-14-days", export=False
    )
    force = models.CharField(max_length=4)
    secret_sha256 = models.CharField(max_length=64)
    question_set_version = models.PositiveIntegerField(
        db_default=1, help_text="The version of the questions that it was begun on, and ends on."
    )
    answers = models.JSONField(default=dict)
    removed_item_ids = ArrayField(models.UUIDField(), default=list)
    refused_post = models.JSONField(
        null=True,
        help_text="The step that was last posted with errors, and every field as it was typed.",
    )
    sources = models.JSONField(
        db_default={}, help_text="For each field that we filled in: our text, and where it is from."
    )
    # Not deleted with the draft: it is somebody's record, which their case has.
    known_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class Report(Record):
    """What somebody told us. The answers never change once received; the state does."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    force = models.CharField(max_length=4)
    reference = models.CharField(max_length=14, unique=True)
    channel = models.CharField(
        max_length=8, choices=[(channel.value, channel.value) for channel in Channel]
    )
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in ReportState],
        default=ReportState.NEW,
    )
    kind = models.SlugField(max_length=40)
    narrative = models.TextField()
    occurred_from = models.DateTimeField(null=True)
    occurred_to = models.DateTimeField(null=True)
    is_time_unsure = models.BooleanField(default=False)
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    place_detail = models.CharField(max_length=400, blank=True)
    person_reporting = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=10, choices=[(role.value, role.value) for role in ReporterRole]
    )
    contact_preference = models.CharField(max_length=8, blank=True)
    is_safe_to_contact = models.BooleanField(null=True, help_text="Null where nobody answered.")
    safe_contact = models.CharField(max_length=8, blank=True, db_default="")
    safe_contact_detail = models.CharField(max_length=400, blank=True, db_default="")
    language = models.CharField(max_length=60, blank=True)
    vrm = models.CharField(max_length=11, blank=True)
    question_set = models.CharField(
        max_length=60,
        blank=True,
        db_default="",
        help_text="The questions that were asked; empty for a report from before there were sets.",
    )
    question_set_version = models.PositiveIntegerField(null=True)
    answers = models.JSONField(
        db_default={}, help_text="The value of every answer, by the question's id."
    )
    is_high_harm = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    declared_true_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            # The order of the crime desk's queue.
            models.Index(fields=["force", "state", "-is_high_harm", "received_at"]),
            models.Index(fields=["person_reporting"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="new", decided_at=None)
                | (~Q(state="new") & Q(decided_at__isnull=False)),
                name="a_decided_report_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="not-crime") | ~Q(decision_reason=""),
                name="not_a_crime_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(occurred_from=None)
                | Q(occurred_to=None)
                | Q(occurred_to__gte=models.F("occurred_from")),
                name="a_report_ends_after_it_began",
            ),
        ]


class ReportItem(Record):
    """An item of evidence that came with a report."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    report = models.ForeignKey(Report, models.PROTECT, related_name="items")
    item = models.OneToOneField(Item, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()


class ReporterChange(Record):
    """What somebody who reported again changed of what we had filled in from their record.

    Their record stays as it is until staff have corrected it.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    report = models.OneToOneField(Report, models.PROTECT, related_name="reporter_change")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    facts = models.JSONField(help_text="What they said, by the names of facts about a person.")
