"""Encounters, with the facts of stop and searches and the grades of risk assessments."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.casework.encounters.rules import EncounterKind, RiskGrade
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Location, Object, Person


class Encounter(Record):
    """An encounter of an officer with somebody, as the answers to a question set.

    Triggers refuse any change to a row. A correction is a new row that `corrects` the earlier one.

    `happened_at` is when it took place. `device_at` is what the clock of the officer's device said
    when it was sealed there, `recorded_at` what ours said when it arrived.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="mopi-group-3",
        export=True,
        counted_from="happened_at",
    )
    force = models.CharField(max_length=4)
    kind = models.CharField(
        max_length=20, choices=[(kind.value, kind.value) for kind in EncounterKind]
    )
    # The phone makes it from the id: unique, because two ids can give one reference.
    reference = models.CharField(max_length=20, unique=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # The name at that time: an account's name can change later.
    recorded_by_name = models.CharField(max_length=200)
    device_id = models.UUIDField(null=True)
    # Shown, and never used to decide anything: a device's clock may be wrong.
    device_at = models.DateTimeField(null=True)
    # What is kept of that clock: `kernel.device_clock.ClockRecord`.
    device_clock = models.JSONField(default=dict, db_default={})
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    place_detail = models.CharField(max_length=400, blank=True)
    # Null where they did not give their name, which nobody has to (PACE Code A).
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    vehicle = models.ForeignKey(Object, models.PROTECT, null=True, related_name="+")
    # What was found, where the encounter is property found.
    item = models.ForeignKey(Object, models.PROTECT, null=True, related_name="+")
    question_set = models.CharField(max_length=60)
    question_set_version = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    version = models.PositiveSmallIntegerField(default=1)
    correction_reason = models.TextField(blank=True, db_default="")
    # One to one: two corrections of the same record would leave nobody sure which one holds.
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        indexes = [
            models.Index(fields=["force", "kind", "-happened_at"]),
            models.Index(fields=["recorded_by", "-happened_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(version=1, corrects=None) | Q(version__gt=1, corrects__isnull=False),
                name="a_later_version_corrects_one",
            ),
        ]


class EncounterReturn(Record):
    """That a supervisor gave the record of a search back to its officer, and what is wrong with it.

    Once for each version: the correction is another one.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="returned")
    reason = models.TextField()
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    returned_by_name = models.CharField(max_length=200)
    # The day by which they want it back; None where they named none.
    due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_return_has_a_reason"),
        ]


class CopyLink(Record):
    """The link by which whoever was searched reads the record of it, until the three months end.

    The officer's phone makes its secret, so that it can show it before there is any signal. Here is
    only the hash. The link belongs to the first version, and leads to the latest.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=False
    )
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="copy_link")
    secret_sha256 = models.CharField(max_length=64, unique=True)


class StopSearch(Record):
    """What is searched for and published of a stop and search, as codes of its question set.

    `published_latitude` and `published_longitude` (degrees, WGS84) are those of the nearest
    street's public point, so that what is published leads to nobody's front gate.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="stop_search")
    search_type = models.CharField(max_length=40)
    legislation = models.CharField(max_length=40)
    object = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40)
    is_linked = models.BooleanField(default=False)
    has_removed_clothing = models.BooleanField(default=False)
    operation = models.CharField(max_length=80, blank=True)
    gender = models.CharField(max_length=40, blank=True)
    age_range = models.CharField(max_length=40, blank=True)
    self_defined_ethnicity = models.CharField(max_length=40, blank=True)
    observed_ethnicity = models.CharField(max_length=40, blank=True)
    published_latitude = models.FloatField(null=True)
    published_longitude = models.FloatField(null=True)


class RiskAssessment(Record):
    """How an officer graded the risk to a victim of a crime, and why."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    encounter = models.OneToOneField(Encounter, models.PROTECT, related_name="risk_assessment")
    # No foreign key: crimes are in a later stage.
    crime_id = models.UUIDField(db_index=True)
    crime_number = models.CharField(max_length=20)
    grade = models.CharField(
        max_length=8, choices=[(grade.value, grade.value) for grade in RiskGrade]
    )
    grade_reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__in=[grade.value for grade in RiskGrade]) & ~Q(grade_reason=""),
                name="a_grade_has_a_reason",
            ),
        ]
