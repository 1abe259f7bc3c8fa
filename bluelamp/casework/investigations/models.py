"""The investigation log, actions, statements with their backs, exhibits, charges and hearings."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.rules import EntryKind, StatementKind, Vps
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.evidence.models import Item
from bluelamp.records.people.models import Location, Person

_HANDLING = Handling(classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True)


class InvestigationEntry(Record):
    """A line of the investigation log.

    Triggers refuse any change: a mistake is corrected by a further entry. `about_id` is the
    statement, exhibit, charge, person or officer that the line is about, by its `kind`.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in EntryKind])
    text = models.TextField()
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    # Not a foreign key: which table it points at depends on `kind`.
    about_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["crime", "at"])]


class Action(Record):
    """What somebody asked for in an investigation: a question, or something to do.

    A line of the log says so too, whose `about_id` is the action's.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="actions")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=200)
    # Null while it is nobody's.
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_to_name = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["assigned_to", "due_on"]),
            models.Index(fields=["asked_by", "-asked_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_action_says_what_to_do"),
        ]


class ActionResult(Record):
    """What came of an action: the answer to a question, or what was done.

    Triggers refuse any change: what was learnt later is another action, or a note.
    """

    handling: ClassVar = _HANDLING
    action = models.OneToOneField(Action, models.PROTECT, related_name="result")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    # Null where it was typed at the desk.
    device_id = models.UUIDField(null=True)
    device_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_result_says_something"),
        ]


class Statement(Record):
    """A written statement (MG11) as it was signed.

    Triggers refuse any change: a correction is a new statement. `text_sha256` is of the text's
    UTF-8 bytes, `capture_sha256` of the bytes that the device sealed. `signature` and
    `officer_signature` are `rules.Signature`.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="statements")
    kind = models.CharField(
        max_length=30, choices=[(kind.value, kind.value) for kind in StatementKind]
    )
    maker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # Given and family name of 120 each, and the space between.
    maker_name = models.CharField(max_length=241)
    age = models.PositiveSmallIntegerField(null=True)
    occupation = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    declaration = models.TextField()
    pages = models.PositiveSmallIntegerField(null=True)
    is_read_over = models.BooleanField()
    # The text is the English one. This is what was said or written in another language, if it was.
    original_language = models.CharField(max_length=60, blank=True, default="", db_default="")
    original_text = models.TextField(blank=True, default="", db_default="")
    interpreter_name = models.CharField(max_length=241, blank=True, default="", db_default="")
    signature = models.JSONField()
    # None where the officer did not sign as witness, as on a phone with an older app.
    officer_signature = models.JSONField(null=True)
    signed_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_by_name = models.CharField(max_length=200)
    taken_at_place = models.CharField(max_length=400, blank=True)
    device_id = models.UUIDField(null=True)
    device_at = models.DateTimeField(null=True)
    # What is kept of that clock: `kernel.device_clock.ClockRecord`.
    device_clock = models.JSONField(default=dict, db_default={})
    received_at = models.DateTimeField()
    capture_sha256 = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(age=None) | Q(age__lt=18), name="an_age_is_stated_under_18"
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(declaration=""), name="a_statement_says_something"
            ),
        ]


class StatementBack(Record):
    """The back of an MG11, for police and prosecutor only, and never shown with the front.

    Triggers refuse any change.
    """

    handling: ClassVar = _HANDLING
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="back")
    address = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    dates_not_available = models.TextField()
    is_willing_to_attend = models.BooleanField()
    needs_special_measures = models.BooleanField()
    vps = models.CharField(max_length=8, choices=[(answer.value, answer.value) for answer in Vps])
    ensure_attendance = models.CharField(max_length=300, blank=True, default="", db_default="")
    particular_needs = models.CharField(max_length=300, blank=True, default="", db_default="")
    # Of a maker under 18.
    guardian_name = models.CharField(max_length=241, blank=True, default="", db_default="")
    guardian_contact = models.CharField(max_length=254, blank=True, default="", db_default="")
    # None: nobody asked.
    is_vps_leaflet_given = models.BooleanField(null=True)
    consents_to_medical_records = models.BooleanField(null=True)
    consents_to_defence = models.BooleanField(null=True)
    consents_to_civil_proceedings = models.BooleanField(null=True)
    consents_to_support = models.BooleanField(null=True)


class Exhibit(Record):
    """An item's exhibit reference in a case: the producing person's initials and a serial.

    Triggers refuse any change. `case_key` is the id of the crime's group, or of the crime where it
    was in none, when the reference was given: the reference is unique there. `producer_key`
    identifies the producing person within the case.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="exhibits")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # Not a foreign key: it is the id of a crime, or of a group of crimes.
    case_key = models.UUIDField()
    initials = models.CharField(max_length=12)
    serial = models.PositiveIntegerField()
    producer_key = models.CharField(max_length=200)
    produced_by = models.CharField(max_length=200)
    description = models.TextField()
    # Of the bag that it is in; empty for what is in none.
    seal_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    exhibited_at = models.DateTimeField()
    exhibited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    exhibited_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_key", "initials", "serial"], name="an_exhibit_reference_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["crime", "item"], name="an_item_is_exhibited_once_in_a_crime"
            ),
        ]

    @property
    def reference(self) -> str:
        """Return the reference as it is written: AB/1."""
        return f"{self.initials}/{self.serial}"


class ExhibitBlock(Record):
    """Exhibit references that one officer may give on one phone, without signal.

    `initials` stand for this officer alone in the force. Serials go from `first` to `last`; no
    other phone has them, and they are never given out again. Triggers refuse any change.
    """

    handling: ClassVar = _HANDLING
    force = models.CharField(max_length=4)
    initials = models.CharField(max_length=12)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    producer_key = models.CharField(max_length=200)
    device_id = models.UUIDField()
    leased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "initials", "first"], name="a_block_of_exhibits_is_leased_once"
            ),
            models.CheckConstraint(
                condition=Q(last__gte=models.F("first")), name="a_block_of_exhibits_has_serials"
            ),
        ]


class SceneExhibit(Record):
    """An exhibit reference that an officer gave at a scene, before the item's bytes arrived.

    When they have, an `Exhibit` is made of it. Triggers refuse any change.
    """

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="scene_exhibits")
    # Not a foreign key: the item is not here yet.
    announced_item_id = models.UUIDField(unique=True)
    force = models.CharField(max_length=4)
    initials = models.CharField(max_length=12)
    serial = models.PositiveIntegerField()
    description = models.TextField()
    seal_number = models.CharField(max_length=40, blank=True)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    officer_name = models.CharField(max_length=200)
    given_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["force", "initials", "serial"], name="a_scene_exhibit_is_given_once"
            ),
        ]

    @property
    def reference(self) -> str:
        """Return the reference as it is written: AB/101."""
        return f"{self.initials}/{self.serial}"


class Charge(Record):
    """A charge against one person. `sequence` counts that person's charges on the crime, from 1."""

    handling: ClassVar = _HANDLING
    crime = models.ForeignKey(Crime, models.PROTECT, related_name="charges")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    offence_code = models.CharField(max_length=12)
    offence_title = models.TextField()
    wording = models.TextField()
    charged_on = models.DateField()
    # Empty for somebody who was charged without an arrest.
    arrested_on = models.DateField(null=True)
    asn = models.CharField(max_length=30)
    charged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    charged_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crime", "person", "sequence"], name="a_charge_has_its_place"
            ),
            models.CheckConstraint(
                condition=Q(arrested_on=None) | Q(arrested_on__lte=models.F("charged_on")),
                name="an_arrest_comes_before_the_charge",
            ),
        ]


class Hearing(Record):
    """The first hearing of a charge.

    `starts` is London's local time; `court_ou_code` is the court's code in the reference data.
    """

    handling: ClassVar = _HANDLING
    charge = models.OneToOneField(Charge, models.PROTECT, related_name="hearing")
    court_ou_code = models.CharField(max_length=7)
    on = models.DateField()
    starts = models.TimeField()
