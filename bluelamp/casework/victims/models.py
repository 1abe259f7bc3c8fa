"""Contacts with victims; one-time codes and passphrases for following a case."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import Statement
from bluelamp.casework.reports.models import Report
from bluelamp.casework.victims.rules import ContactTrigger, ContactWay
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.foundation.notifications.models import CodeRow
from bluelamp.records.people.models import Person


class VictimContact(Record):
    """That somebody told a victim, or asked them, what the Victims' Code wants: when and how.

    Triggers refuse any change.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="victim_contacts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    trigger = models.CharField(
        max_length=30, choices=[(trigger.value, trigger.value) for trigger in ContactTrigger]
    )
    way = models.CharField(max_length=12, choices=[(way.value, way.value) for way in ContactWay])
    made_at = models.DateTimeField()
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_by_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    device_id = models.UUIDField(null=True)
    # Shown, and never used to decide anything: a device's clock may be wrong.
    device_at = models.DateTimeField(null=True)


class TrackingCode(CodeRow):
    """A one-time code that was sent to somebody, or a session that a passphrase opened.

    The case is a report, or a crime without one. A row that a passphrase made has no `code_hash`.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="7-days", export=False
    )
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    crime = models.ForeignKey(Crime, models.PROTECT, null=True, related_name="+")
    # Null in rows that the version before wrote: the person reporting.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    code_hash = models.CharField(max_length=128)


class TrackingPassphrase(Record):
    """What somebody chose to follow their case with, without any message. Only its hash is kept."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=False
    )
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    crime = models.ForeignKey(Crime, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    passphrase_hash = models.CharField(max_length=256)
    chosen_at = models.DateTimeField()
    wrong_tries_at = ArrayField(models.DateTimeField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "crime", "person"],
                nulls_distinct=False,
                name="one_passphrase_for_a_person_and_case",
            )
        ]


class StatementCopy(Record):
    """A link by which the maker of a statement reads a copy of it, after a one-time code.

    Only the hash of the link's secret is kept, and no address: each code goes where the maker can
    be reached when it is asked for.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="mopi-group-3",
        export=False,
        counted_from="sent_at",
    )
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="copies")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    # "email" or "sms", as messages have it.
    means = models.CharField(max_length=8)
    language = models.CharField(max_length=2, default="en")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_by_name = models.CharField(max_length=200)
    ends_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    openings = models.PositiveIntegerField(default=0)
