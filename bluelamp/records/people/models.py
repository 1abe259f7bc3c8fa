"""People, objects and locations, and the links that give them roles."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models
from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.people.rules import (
    ROLE_CATEGORY,
    ContactMethod,
    Gender,
    LinkRole,
    ObjectKind,
    SafeContact,
    SubjectKind,
    label_of,
)

_HANDLING = Handling(classification="OFFICIAL-SENSITIVE", retention="mopi-as-linked", export=True)


def _choices(
    kind: type[LinkRole | Gender | ContactMethod | ObjectKind | SafeContact | SubjectKind],
) -> list[tuple[str, str]]:
    return [(member.value, label_of(member)) for member in kind]


class Location(Record):
    """A location: one row in each force for one address.

    Eastings and northings are metres on the National Grid, latitude and longitude degrees (WGS84).
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    address = models.CharField(max_length=400, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    location_key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            # Two reports from one address at the same moment must not make two rows of it.
            models.UniqueConstraint(fields=["force", "location_key"], name="one_row_for_a_place"),
            models.CheckConstraint(
                condition=Q(easting=None, northing=None)
                | Q(easting__isnull=False, northing__isnull=False),
                name="a_position_has_both_parts",
            ),
        ]
        indexes = [
            models.Index(fields=["force", "postcode"]),
            models.Index(fields=["force", "easting", "northing"]),
        ]

    @property
    def in_one_line(self) -> str:
        """Return address and postcode on one line."""
        return ", ".join(part for part in (" ".join(self.address.split()), self.postcode) if part)


class Person(Record):
    """A person or a business, whatever their roles.

    `email_key` and `phone_key` are the contact details as they are compared, `name_keys` what the
    name is found by.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    business_name = models.CharField(max_length=200, blank=True)
    born_on = models.DateField(null=True)
    gender = models.CharField(max_length=1, choices=_choices(Gender), default=Gender.NOT_KNOWN)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    preferred_contact = models.CharField(max_length=8, choices=_choices(ContactMethod), blank=True)
    is_safe_to_contact = models.BooleanField(null=True, help_text="Null where nobody answered.")
    not_safe_since = models.DateTimeField(
        null=True, help_text="Since when it is not safe to contact them."
    )
    safe_contact = models.CharField(
        max_length=8, choices=_choices(SafeContact), blank=True, db_default=""
    )
    safe_contact_detail = models.CharField(max_length=400, blank=True, db_default="")
    language = models.CharField(max_length=60, blank=True)
    occupation = models.CharField(max_length=120, blank=True)
    address = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    email_key = models.CharField(max_length=254, blank=True)
    phone_key = models.CharField(max_length=40, blank=True)
    name_keys = ArrayField(models.CharField(max_length=120), default=list)
    known_since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["force", "email_key"]),
            models.Index(fields=["force", "phone_key"]),
            models.Index(fields=["force", "born_on"]),
            GinIndex(fields=["name_keys"], name="people_by_name_key"),
            # Of whole names: all keys of a common name are in the rows of thousands of people.
            HashIndex(fields=["name_keys"], name="people_by_whole_name"),
        ]

    @property
    def name(self) -> str:
        """Return given and family name, or the business's name."""
        return (
            " ".join(part for part in (self.given_name, self.family_name) if part)
            or self.business_name
        )

    @property
    def is_business(self) -> bool:
        """Return whether this is a business itself, not somebody who spoke for one."""
        return bool(self.business_name) and not (self.given_name or self.family_name)


class PersonCorrection(Record):
    """A correction of a person's record. Never changed.

    `before` has the old value of each field that the correction changed.
    """

    handling: ClassVar = _HANDLING
    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    before = models.JSONField()
    reason = models.CharField(max_length=400)
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # The name at that time: an account's name can change later.
    corrected_by_name = models.CharField(max_length=200)


class Object(Record):
    """A thing: a vehicle by its registration (VRM), or other property by description and number."""

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    kind = models.CharField(max_length=10, choices=_choices(ObjectKind))
    description = models.CharField(max_length=400, blank=True)
    vrm = models.CharField(max_length=11, blank=True)
    identifier = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # Other property has no registration, and there may be any number of it.
                fields=["force", "vrm"],
                condition=~Q(vrm=""),
                name="one_row_for_a_vehicle",
            ),
        ]


class Link(Record):
    """The role of a person, an object or a location in a report or a crime.

    The role is here and not on the person: section 38(3) of the Data Protection Act 2018 tells
    suspects, convicted persons, victims and witnesses apart. `is_opinion` keeps assessments apart
    from facts (section 38(2)).
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    subject_kind = models.CharField(max_length=8, choices=_choices(SubjectKind))
    # No foreign key: reports and crimes are in layers above this one.
    subject_id = models.UUIDField()
    role = models.CharField(max_length=16, choices=_choices(LinkRole))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="links")
    object = models.ForeignKey(Object, models.PROTECT, null=True, related_name="links")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="links")
    is_opinion = models.BooleanField(default=False)
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, object=None, location=None)
                | Q(person=None, object__isnull=False, location=None)
                | Q(person=None, object=None, location__isnull=False),
                name="a_link_is_to_one_thing",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "role", "person", "object", "location"],
                # Two of the three are always empty, and PostgreSQL counts empty values as different
                # unless it is told not to.
                nulls_distinct=False,
                name="a_link_is_made_once",
            ),
        ]

    @property
    def category(self) -> str:
        """Return the category of section 38(3) that this link's role puts a person in."""
        return ROLE_CATEGORY[LinkRole(self.role)]
