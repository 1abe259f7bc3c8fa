"""Crimes, their numbers, the leases of numbers, their classification, their items and the links
between them.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from bluelamp.casework.crimes.rules import CrimeState, NumberState
from bluelamp.casework.reports.models import Report
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.models import Location
from bluelamp.records.reference.rules import format_crime_number

_HANDLING = Handling(classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True)
_NUMBERS = Handling(classification="OFFICIAL", retention="permanent", export=True)


class NumberSeries(Record):
    """The series of a force and a year: the next serial nobody holds. A trigger refuses to let it
    go back.
    """

    handling: ClassVar = _NUMBERS
    force = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    next_serial = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "year"], name="one_series_a_force_and_year")
        ]


class NumberLease(Record):
    """A block of numbers held ahead by a device, so that a crime recorded offline has one at
    once.
    """

    handling: ClassVar = _NUMBERS
    device_id = models.UUIDField()
    force = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "year", "first"], name="a_block_is_leased_once"
            ),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first")), name="a_block_is_a_range"
            ),
        ]
        indexes = [
            models.Index(fields=["device_id", "force", "year"]),
            models.Index(
                fields=["expires_at"], condition=Q(released_at=None), name="leases_still_held"
            ),
        ]


class CrimeNumber(Record):
    """One number, accounted for from the moment it leaves the series: leased, then used or void
    with a reason.

    Triggers refuse to delete a row, to change which number it is, or to move a used one to anything
    else.
    """

    handling: ClassVar = _NUMBERS
    force = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    state = models.CharField(
        max_length=6, choices=[(each.value, each.value) for each in NumberState]
    )
    lease = models.ForeignKey(NumberLease, models.PROTECT, null=True, related_name="numbers")
    void_reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "year", "serial"], name="a_number_is_issued_once"
            ),
            models.CheckConstraint(
                condition=Q(serial__gte=1, serial__lte=9_999_999), name="a_serial_has_seven_digits"
            ),
            models.CheckConstraint(
                condition=(Q(state="void") & ~Q(void_reason=""))
                | (~Q(state="void") & Q(void_reason="")),
                name="a_void_number_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="leased") | Q(lease__isnull=False),
                name="a_leased_number_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return format_crime_number(force=self.force, serial=self.serial, year=self.year)


class CrimeGroup(Record):
    """Crimes that belong together: a series, or the same people at the same place."""

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    why = models.TextField()
    linked_at = models.DateTimeField()
    linked_by = models.UUIDField(null=True)


class Crime(Record):
    """A recorded crime. Its class is as at recording or the last reclassification; the history is
    beside it.

    `is_against_the_state` says that nobody else is its victim, and not merely that nobody is known.
    `keys` are the words it is found by, worked out again whenever what they come from changes.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    number = models.OneToOneField(CrimeNumber, models.PROTECT, related_name="crime")
    state = models.CharField(
        max_length=14,
        choices=[(each.value, each.value) for each in CrimeState],
        default=CrimeState.RECORDED,
    )
    offence_code = models.CharField(max_length=12)
    offence_title = models.TextField()
    hocr_class = models.CharField(max_length=12, blank=True)
    ho_code = models.CharField(max_length=12, blank=True)
    occurred_from = models.DateTimeField(null=True)
    occurred_to = models.DateTimeField(null=True)
    is_time_unsure = models.BooleanField(default=False)
    summary = models.TextField()
    is_against_the_state = models.BooleanField(default=False)
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(CrimeGroup, models.PROTECT, null=True, related_name="crimes")
    officer_in_case_id = models.UUIDField(null=True)
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    recorded_by_name = models.CharField(max_length=200)
    device_id = models.UUIDField(null=True)
    device_at = models.DateTimeField(null=True)
    keys = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["force", "-recorded_at"]),
            models.Index(fields=["officer_in_case_id", "-recorded_at"]),
            models.Index(fields=["recorded_by", "-recorded_at"]),
            GinIndex(Func(F("keys"), function="array_to_tsvector"), name="crimes_by_keys"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(occurred_from=None)
                | Q(occurred_to=None)
                | Q(occurred_to__gte=F("occurred_from")),
                name="a_crime_ends_after_it_began",
            ),
        ]


class ClassificationChange(Record):
    """What a crime was classified as, when, by whom and why. Triggers refuse any change to a
    row.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="classifications")
    offence_code = models.CharField(max_length=12)
    offence_title = models.TextField()
    hocr_class = models.CharField(max_length=12, blank=True)
    ho_code = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    why = models.TextField(blank=True)


class CrimeItem(Record):
    """An item of evidence that belongs to a crime. Items know nothing of crimes.

    `told` is what a device said of the item before its bytes came: `size`, `sha256` and `about`;
    else empty.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="items")
    item_id = models.UUIDField(db_index=True)
    added_at = models.DateTimeField()
    told = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crime", "item_id"], name="an_item_is_in_a_crime_once")
        ]
