"""Case files, the crimes that they are about, and the packages built from them."""

from dataclasses import replace
from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.casework.casefiles.states import LAST_SERIAL, CaseFileState, format_urn
from bluelamp.casework.crimes.models import Crime
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record

_HANDLING = Handling(classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True)


class CaseFile(Record):
    """A case that goes to the prosecutor under its unique reference number (URN).

    `progress` says what a build is doing now, and `problem` why the last one stopped. It stops if
    `unprocessed_items` of its exhibits could not be read in time, unless `allows_unprocessed`: then
    somebody decided to build it anyway.
    """

    handling: ClassVar = replace(_HANDLING, counted_from="created_at")
    force = models.CharField(max_length=4)
    unit = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    # FFSSnnnnnyy: force, station, serial and year.
    urn = models.CharField(max_length=11, unique=True)
    state = models.CharField(
        max_length=9,
        choices=[(state.value, state.value) for state in CaseFileState],
        default="building",
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=200)
    requested_at = models.DateTimeField()
    requested_by_name = models.CharField(max_length=200)
    progress = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    unprocessed_items = models.PositiveIntegerField(default=0, db_default=0)
    allows_unprocessed = models.BooleanField(default=False, db_default=False)
    # How many announced items had not arrived when it was requested, and why it was built without.
    missing_items = models.PositiveIntegerField(default=0, db_default=0)
    missing_items_reason = models.TextField(blank=True, default="", db_default="")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_by_name = models.CharField(max_length=200, blank=True)
    submitted_version = models.PositiveIntegerField(null=True)
    prosecutor = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["force", "-created_at"]),
            models.Index(
                # For the prosecutor's list, which has those that were sent and no others.
                fields=["-submitted_at"],
                condition=Q(submitted_at__isnull=False),
                name="sent_files",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["force", "unit", "year", "serial"], name="a_urn_is_issued_once"
            ),
            models.CheckConstraint(
                condition=Q(serial__gte=1, serial__lte=LAST_SERIAL),
                name="a_urn_serial_has_five_digits",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_version=None)
                | Q(submitted_at__isnull=False, submitted_version__isnull=False),
                name="a_sent_file_says_which_version",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="a_sent_file_says_when",
            ),
            models.CheckConstraint(
                condition=Q(missing_items=0) | ~Q(missing_items_reason=""),
                name="a_file_without_items_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(problem=""), name="a_failed_build_says_why"
            ),
        ]

    def __str__(self) -> str:
        return format_urn(force=self.force, unit=self.unit, serial=self.serial, year=self.year)


class CaseFileCrime(Record):
    """A crime that a case file is about. Each crime is in one case file at most."""

    handling: ClassVar = _HANDLING
    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="crimes")
    crime = models.OneToOneField(Crime, models.PROTECT, related_name="in_case_file")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "position"], name="a_crime_has_its_place_in_a_file"
            )
        ]


class CaseFileVersion(Record):
    """One package as it was built and checked. Triggers refuse any change: another build is another
    version.

    The zip is in the evidence store under `sha256`, and `size` is in bytes. `case_json` is the
    `data/case.json` in it. `findings` are {code, where, params}; `message_missing` and
    `message_warnings` are {code, params}. `log_key` is the public key that its seal is signed with.
    """

    handling: ClassVar = _HANDLING
    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    built_at = models.DateTimeField()
    requested_by_name = models.CharField(max_length=200)
    log_key = models.CharField(max_length=200)
    checks_passed = models.PositiveIntegerField()
    # Not a JSONField: the database would spell it its own way, and this is the package's file byte
    # for byte.
    case_json = models.TextField()
    has_message = models.BooleanField()
    findings = models.JSONField(default=list)
    message_missing = models.JSONField(default=list)
    message_warnings = models.JSONField(default=list)
    record_fingerprint = models.CharField(
        max_length=200, blank=True, help_text="How far the record went when the package was made."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "number"], name="a_version_has_its_number"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="versions_run_from_1"),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_package_has_bytes"),
        ]
