"""Versioned code lists that staff may amend, and the places of London.

The places are replaced as a whole with each edition.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.reference.rules import Position, format_postcode, to_position

# For rows whose source does not say since when they hold.
ALWAYS = date(1900, 1, 1)
"""The `valid_from` of a row whose source does not give its first day."""

HANDLING = Handling(classification="OFFICIAL", retention="permanent", export=True)


class Versioned(Record):
    """A row that is valid from `valid_from` until the day before `valid_to`.

    It is open while `valid_to` is empty. `code` names the same thing in all its versions.
    `is_from_memory` means that nobody checked a document.
    """

    handling: ClassVar = HANDLING
    code = models.CharField(max_length=80)
    valid_from = models.DateField(default=ALWAYS)
    valid_to = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)
    is_from_memory = models.BooleanField(default=False)

    class Meta:
        abstract = True
        # One version is open and no two begin on one day: every day has one answer.
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="%(app_label)s_%(class)s_one_open"
            ),
            models.UniqueConstraint(
                fields=["code", "valid_from"], name="%(app_label)s_%(class)s_one_version_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="%(app_label)s_%(class)s_forwards",
            ),
        ]


class Offence(Versioned):
    """An offence with the class it is counted in.

    One law may have several classes: criminal damage is 58A to 58D. `code` is `CD71039/58C` where
    the class is known, otherwise the criminal justice system's code alone.
    """

    cjs_code = models.CharField(max_length=12, db_index=True)
    title = models.TextField()
    ho_class = models.CharField("Home Office counting rules class", max_length=12, blank=True)
    ho_class_title = models.TextField(blank=True)
    ho_group = models.CharField(max_length=80, blank=True)
    ho_code = models.CharField("Home Office code, as 149/00", max_length=12, blank=True)
    ho_code_title = models.TextField(blank=True)
    mode_of_trial = models.CharField(max_length=30, blank=True)
    category = models.CharField(
        "CE, CI, CS, CM, or another of the list's", max_length=4, blank=True
    )
    is_recordable = models.BooleanField()
    is_notifiable = models.BooleanField()
    victim_or_state = models.CharField(max_length=1, blank=True)
    police_uk_category = models.CharField(max_length=40, blank=True)
    attempt_of = models.CharField(max_length=12, blank=True)
    is_common = models.BooleanField("of the short list that officers record from", default=False)
    commonness = models.PositiveSmallIntegerField("0 rare to 9 daily", default=0)
    synonyms = models.TextField("words that people use for it", blank=True)
    notes = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"

    @property
    def label(self) -> str:
        """Return the title and what the class adds to it, as a list to choose from shows it."""
        return format_offence_label(self.title, self.ho_class_title)


def format_offence_label(title: str, class_title: str) -> str:
    """Return an offence's title and what its class adds to it."""
    if class_title and class_title.casefold() not in title.casefold():
        return f"{title} – {class_title}"
    return title


class OutcomeType(Versioned):
    """One of the Home Office's crime outcomes, 0 to 22.

    `needs_suspect` is empty where it may be either way.
    """

    title = models.TextField()
    full_title = models.TextField()
    group = models.CharField(max_length=40)
    needs_suspect = models.BooleanField(null=True)
    victim_supports = models.TextField(blank=True)
    notes = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Force(Versioned):
    """A police force or another owner of records, by its PNC force code."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=30)
    slug = models.CharField("the force's name on data.police.uk", max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class Unit(Versioned):
    """A command unit, a district (by its ONS code) under the unit that polices it, or a station."""

    class Kind(models.TextChoices):
        COMMAND = "command unit"
        DISTRICT = "district"
        STATION = "station"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    force = models.CharField(max_length=2)
    parent = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class Court(Versioned):
    """A magistrates' court or the Crown Court at a place, by its organisation unit code.

    Closed courts are among them.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class CodeListEntry(Versioned):
    """A row of one of the short code lists; `code` is `list/code`, as `mg-form/MG11`."""

    list = models.CharField(max_length=30, db_index=True)
    title = models.TextField()
    details = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.title


class Postcode(models.Model):
    """A postcode, and the grid reference of the address nearest its middle if one is published."""

    handling: ClassVar = HANDLING
    postcode = models.CharField("without its space", max_length=7, primary_key=True)
    easting = models.PositiveIntegerField(null=True)
    northing = models.PositiveIntegerField(null=True)
    district = models.CharField("ONS code", max_length=9, blank=True)
    ward = models.CharField("ONS code", max_length=9, blank=True)

    class Meta:
        indexes = [models.Index(fields=["easting", "northing"], name="reference_postcode_grid")]

    def __str__(self) -> str:
        return format_postcode(self.postcode)

    @property
    def position(self) -> Position | None:
        """Return latitude and longitude (WGS84), to about 5 m."""
        if self.easting is None or self.northing is None:
            return None
        return to_position(self.easting, self.northing)


class Street(Record):
    """A street's public snap point in one small census area.

    `weight` is how many published records are at it.
    """

    handling: ClassVar = HANDLING
    name = models.CharField(max_length=120)
    borough = models.CharField(max_length=60)
    outward = models.CharField("first half of the nearest postcode", max_length=4, blank=True)
    lsoa = models.CharField("small census area, ONS code", max_length=9)
    easting = models.PositiveIntegerField()
    northing = models.PositiveIntegerField()
    # Ranks streets of one name: the busiest is the likeliest to be meant.
    weight = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["easting", "northing"], name="reference_street_grid")]

    def __str__(self) -> str:
        return f"{self.name}, {self.borough}"

    @property
    def position(self) -> Position:
        """Return latitude and longitude (WGS84), to about 5 m."""
        return to_position(self.easting, self.northing)


class Edition(Record):
    """Which data a set of tables has.

    `number` grows and `stamp` changes with each load and amendment; `fingerprint` is that of the
    files that were loaded last.
    """

    handling: ClassVar = HANDLING
    name = models.CharField(max_length=20, unique=True)
    number = models.PositiveIntegerField(default=0)
    stamp = models.UUIDField(default=new_id)
    fingerprint = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
