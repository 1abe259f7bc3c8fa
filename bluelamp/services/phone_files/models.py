"""Files from phones, what is in them, and the keys that they are encrypted for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.phone_files.rules import FileState, Outcome


class PhoneFileKey(Record):
    """A public key of a force, for which phones encrypt. The newest one is in use.

    Its private half is in a file (`keys.py`). Rows are never changed.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    force = models.CharField(max_length=4)
    key_id = models.CharField(max_length=16, unique=True)
    public_key = models.CharField(
        max_length=88, help_text="A P-256 point, uncompressed, in base64."
    )
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["force", "-made_at"])]


class PhoneFile(Record):
    """A file in which a phone's queue was saved, as somebody gave it to us.

    Its bytes are an item of evidence, kept as they came. `installation_id`, `device_name` and what
    follows are "" or None until it was read.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    force = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="Bytes.")
    item_id = models.UUIDField(unique=True)
    came_at = models.DateTimeField()
    came_by_id = models.UUIDField(null=True)
    came_by_name = models.CharField(max_length=200)
    is_from_phone = models.BooleanField(help_text="A colleague's phone sent it, not the desk.")
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in FileState]
    )
    fault = models.CharField(max_length=30, blank=True)
    installation_id = models.UUIDField(null=True)
    device_name = models.CharField(max_length=60, blank=True)
    saved_at = models.DateTimeField(null=True, help_text="By the phone's own clock.")
    app = models.CharField(max_length=100, blank=True)
    needs_decision = models.CharField(
        max_length=200, blank=True, help_text="Why the desk decides, though a phone sent it."
    )
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    is_supervised = models.BooleanField(
        default=False,
        help_text="Somebody at the desk decided, so that roles lost since don't count.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["force", "sha256"], name="a_phone_file_comes_once"),
            models.CheckConstraint(
                condition=~Q(state=FileState.BRINGING_IN) | ~Q(reason=""),
                name="a_phone_file_is_brought_in_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["force", "-came_at"])]


class PhoneFileEntry(Record):
    """One capture of a file, and what became of it. `label` says what it is, and names nobody."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True
    )
    file = models.ForeignKey(PhoneFile, models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    capture_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    officer_id = models.UUIDField()
    officer_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=300)
    made_at = models.DateTimeField(null=True)
    file_size = models.BigIntegerField(
        null=True, help_text="Bytes of its photo, video or document."
    )
    phone_problem = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(
        max_length=8,
        choices=[(outcome.value, outcome.value) for outcome in Outcome],
        default=Outcome.WAITING.value,
    )
    problem = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="one_capture_in_each_place"),
        ]
        indexes = [models.Index(fields=["capture_id"])]
