"""Crimes with their numbers, number leases, classifications, items and groups."""

from dataclasses import replace
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from bluelamp.casework.crimes.rules import CrimeState, NumberState, TimeField
from bluelamp.casework.reports.models import Report
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.evidence.models import Item
from bluelamp.records.people.models import Location
from bluelamp.records.reference.rules import format_crime_number

_HANDLING = Handling(classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True)
_NUMBERS = Handling(classification="OFFICIAL", retention="permanent", export=True)


class NumberLease(Record):
    """A block of numbers that a device takes ahead, to number crimes while it is offline."""

    handling: ClassVar = _NUMBERS
    device_id = models.UUIDField()
    force = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
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
    """One crime number and what became of it: leased, used, or void with a reason.

    A row is written as soon as the number leaves its series. Triggers refuse to delete a row, to
    change which number it is, and to change a used number.
    """

    handling: ClassVar = _NUMBERS
    force = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    state = models.CharField(
        max_length=6, choices=[(state.value, state.value) for state in NumberState]
    )
    lease = models.ForeignKey(NumberLease, models.PROTECT, null=True, related_name="numbers")
    void_reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "year", "serial"], name="a_number_is_issued_once"
            ),
            # A number is written with seven digits, 01/0000001/26, as the Met's CONNECT does it.
            models.CheckConstraint(
                condition=Q(serial__gte=1, serial__lte=9_999_999), name="a_serial_has_seven_digits"
            ),
            models.CheckConstraint(
                condition=(Q(state="void") & ~Q(void_reason=""))
                | (~Q(state="void") & Q(void_reason="")),
                name="a_void_number_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="leased") | Q(lease__isnull=False),
                name="a_leased_number_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return format_crime_number(force=self.force, serial=self.serial, year=self.year)


class CrimeGroup(Record):
    """Crimes that are linked: a series, or the same people at the same place.

    `reason` holds the reason of each link, one a line.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    reason = models.TextField()
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class Crime(Record):
    """A recorded crime, with its present classification.

    Earlier classifications are in `classifications`. `is_against_the_state` says that only the
    State is the victim; a crime whose victim is not known yet has False. `search_keys` are the
    words it is found by, rebuilt when anything they come from changes.
    """

    handling: ClassVar = replace(_HANDLING, counted_from="recorded_at")
    force = models.CharField(max_length=4)
    number = models.OneToOneField(CrimeNumber, models.PROTECT, related_name="crime")
    state = models.CharField(
        max_length=14,
        choices=[(state.value, state.value) for state in CrimeState],
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
    officer_in_case = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_by_name = models.CharField(max_length=200)
    device_id = models.UUIDField(null=True)
    # Shown, and never used to decide anything: a device's clock may be wrong.
    device_at = models.DateTimeField(null=True)
    # What is kept of that clock: `kernel.device_clock.ClockRecord`.
    device_clock = models.JSONField(default=dict, db_default={})
    # Answers of the scene form that have no column, by question id, and the version they answer.
    answers = models.JSONField(default=dict, db_default={})
    question_set = models.CharField(max_length=60, blank=True, db_default="")
    question_set_version = models.PositiveIntegerField(null=True)
    search_keys = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["force", "-recorded_at"]),
            models.Index(fields=["officer_in_case", "-recorded_at"]),
            models.Index(fields=["recorded_by", "-recorded_at"]),
            # Not an index on the array, which finds whole words only: a tsvector also finds
            # beginnings.
            GinIndex(
                Func(F("search_keys"), function="array_to_tsvector"), name="crimes_by_search_keys"
            ),
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
    """One classification of a crime: as what, when, by whom and why.

    Triggers refuse any change to a row.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="classifications")
    offence_code = models.CharField(max_length=12)
    offence_title = models.TextField()
    hocr_class = models.CharField(max_length=12, blank=True)
    ho_code = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)


class TimeCorrection(Record):
    """That a time of a crime, or of what belongs to it, was wrong, and what it is.

    Of a statement, an item or another record that nobody may change, only this row says it. Of a
    crime, the time itself is changed as well. Triggers refuse any change to a row.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="time_corrections")
    # The crime, or a statement or item of it: no foreign key, because later stages have those.
    subject_id = models.UUIDField()
    field = models.CharField(
        max_length=20, choices=[(field.value, field.value) for field in TimeField]
    )
    before_at = models.DateTimeField(null=True)
    after_at = models.DateTimeField()
    reason = models.TextField()
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    corrected_by_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "field", "corrected_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_corrected_time_has_a_reason"),
        ]


class CrimeItem(Record):
    """An item of evidence that belongs to a crime. Items know nothing of crimes.

    `announced_item_id` is the id that the item has, or will have: a phone announces an item before
    it sends the bytes. `item` is set once the bytes have arrived. `announcement` is what the phone
    said, as `rules.ItemAnnouncement`; it is empty for an item that no phone announced.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="items")
    # Not a foreign key: the item's row is made when its bytes arrive, which may be days later.
    announced_item_id = models.UUIDField(db_index=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    announcement = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crime", "announced_item_id"], name="an_item_is_in_a_crime_once"
            ),
            models.CheckConstraint(
                condition=Q(item=None) | Q(item=F("announced_item_id")),
                name="an_item_keeps_its_announced_id",
            ),
        ]
        indexes = [
            models.Index(
                fields=["announced_item_id"], condition=Q(item=None), name="items_not_received"
            ),
        ]
