"""Blobs, items, continuity, previews, and uploads that are arriving."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.evidence.bag import canonical_json
from bluelamp.records.evidence.rules import ScanVerdict, Subject, UploadState, Verb

if TYPE_CHECKING:
    from bluelamp.records.evidence.media.media_info import StoredMediaInfo

_EVIDENCE = Handling(classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True)


def _choices(kind: type[ScanVerdict] | type[UploadState] | type[Verb]) -> list[tuple[str, str]]:
    return [(member.value, member.value.replace("_", " ")) for member in kind]


class Blob(models.Model):
    """Bytes in the store. They are stored once, however many items have them."""

    handling: ClassVar = _EVIDENCE
    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="evidence_blob_sha256"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_blob_size"),
        ]


class Item(Record):
    """An item of evidence: an original, with what its sender said about it.

    `subject_kind` and `subject_id` name the record that the item belongs to. They are no foreign
    key, because reports and crimes are above evidence in the layers. `captured_at` is the device's
    clock and `received_at` the server's. `device_sha256` is the hash that the device made.
    `gps_at` is when the device knew its position, by the satellites, and `gps_device_at` the
    same moment by its own clock. `shot` is a value of `Shot`, empty where nobody said.
    """

    handling: ClassVar = replace(_EVIDENCE, counted_from="received_at")
    force = models.CharField(max_length=4)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="items")
    filename = models.CharField(max_length=200)
    media_type_claimed = models.CharField(max_length=127, blank=True)
    media_type = models.CharField(max_length=127)
    captured_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    origin = models.CharField(max_length=40)
    description = models.TextField(blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    gps_at = models.DateTimeField(null=True, blank=True)
    gps_device_at = models.DateTimeField(null=True, blank=True)
    shot = models.CharField(max_length=10, blank=True, default="", db_default="")
    media_info: models.JSONField[StoredMediaInfo, StoredMediaInfo] = models.JSONField(default=dict)
    scan_verdict = models.CharField(
        max_length=12, choices=_choices(ScanVerdict), default=ScanVerdict.NOT_SCANNED
    )
    device_sha256 = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When its sender took it out of the report. It stays, and gives its room back.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="evidence_item_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                # A file whose bytes are not those that the device hashed is refused on arrival. A
                # row that says otherwise would claim that we changed the original.
                condition=Q(device_sha256="") | Q(device_sha256=F("blob_id")),
                name="evidence_item_device_sha256",
            ),
        ]

    @property
    def sha256(self) -> str:
        """The SHA-256 of the original, in lower-case hex."""
        return self.blob_id

    @property
    def subject(self) -> Subject:
        """The record that the item belongs to."""
        return Subject(self.subject_kind, self.subject_id)

    @property
    def is_quarantined(self) -> bool:
        """Whether the original is infected, so that nobody may open it."""
        return self.scan_verdict == ScanVerdict.INFECTED

    @property
    def is_processed(self) -> bool:
        """Whether the job that makes previews is done with it, with or without a result."""
        return "problem" in self.media_info or self.is_quarantined


class Continuity(Record):
    """One thing done with an item.

    Rows are numbered from 1 for each item, and triggers refuse any change. `by` is empty for the
    public and for the system, which have no account; `by_name` is the name at that time.
    """

    handling: ClassVar = _EVIDENCE
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="continuity")
    sequence = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=_choices(Verb))
    at = models.DateTimeField()
    written_at = models.DateTimeField(
        null=True, editable=False, help_text="The database's own time, which a trigger sets."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    by_name = models.CharField(max_length=200)
    from_text = models.CharField(max_length=200, blank=True)
    to_text = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["item", "sequence"]
        constraints = [
            models.UniqueConstraint(
                # Where two processes write the next line at the same moment, one of them fails.
                fields=["item", "sequence"],
                name="evidence_continuity_sequence",
            ),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="evidence_continuity_from_1"),
        ]

    def as_data(self) -> dict[str, object]:
        """Return the row as plain JSON data, under the names that packages and the log use."""
        return {
            "id": str(self.id),
            "item": str(self.item_id),
            "sequence": self.sequence,
            "verb": self.verb,
            "at": self.at.astimezone(UTC).isoformat(),
            "by": str(self.by_id) if self.by_id else "",
            "by_name": self.by_name,
            "from": self.from_text,
            "to": self.to_text,
            # The column was renamed, the key cannot be: seals are over these bytes.
            "why": self.reason,
            "sha256": self.sha256,
            "detail": self.detail,
        }

    def canonical(self) -> bytes:
        """Return the bytes of which the Merkle log holds the hash.

        They must never change for a row that was sealed: the log would then report it as altered.
        """
        return canonical_json(self.as_data()).encode()


class SealedPackage(Record):
    """One sealed package, by the digests of the files that list everything in it.

    Each row is an entry of the continuity log, like a line of continuity: so the time stamp over
    the log covers the documents of a package, and not only the continuity of its exhibits. `name`
    is the package's URN, and `files` are SHA-512 digests by file name.
    """

    handling: ClassVar = replace(_EVIDENCE, retention="permanent")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    written_at = models.DateTimeField(
        null=True, editable=False, help_text="The database's own time, which a trigger sets."
    )
    files: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()

    def canonical(self) -> bytes:
        """Return the bytes of which the Merkle log holds the hash. They must never change."""
        return canonical_json(
            {
                "id": str(self.id),
                "package": self.name,
                "at": self.at.astimezone(UTC).isoformat(),
                "files": self.files,
            }
        ).encode()


class PublishedKey(Record):
    """A key or root certificate that packages were sealed with, and since when it was used.

    `kind` is "log" for the public key of the continuity log, or "time_stamps" for a root
    certificate of the time-stamping authority, in PEM.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    kind = models.CharField(max_length=11)
    value = models.TextField()
    first_used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="evidence_key_published_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["log", "time_stamps"]), name="evidence_key_kind"
            ),
        ]


class Preview(Record):
    """A picture derived from an item, and the method by which it was made."""

    handling: ClassVar = _EVIDENCE
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="previews")
    kind = models.CharField(max_length=20)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="previews")
    media_type = models.CharField(max_length=127)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    method = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "kind"], name="evidence_preview_kind")
        ]


class Upload(Record):
    """A file that arrives by tus. A journal beside its bytes says how much of it is here.

    `announced_item_id` is the id that the item will have. `item` is set once the item exists.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="90-days",
        export=False,
        counted_from="made_at",
    )
    force = models.CharField(max_length=4)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    token_id = models.UUIDField(db_index=True)
    made_by_kind = models.CharField(max_length=10)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    rate_limit_key = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="The sender's address as limits count it; empty for staff.",
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    announced_item_id = models.UUIDField(db_index=True)
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="uploads", null=True, blank=True
    )
    filename = models.CharField(max_length=200)
    length = models.BigIntegerField()
    metadata = models.JSONField(default=dict)
    claims = models.JSONField(default=dict)
    device_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=8, choices=_choices(UploadState), default=UploadState.ARRIVING
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["subject_kind", "subject_id", "state"], name="evidence_upload_subject"
            ),
            models.Index(
                fields=["rate_limit_key", "made_at"],
                name="evidence_upload_sender",
                # Staff have no such limit: their rows would only make the index larger.
                condition=~Q(rate_limit_key=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(length__gt=0), name="evidence_upload_length"),
            models.CheckConstraint(
                # The sender deletes its copy once we say "received", so there must be an item by
                # then.
                condition=~Q(state=UploadState.RECEIVED.value) | Q(item__isnull=False),
                name="evidence_upload_received_as_item",
            ),
        ]

    @property
    def subject(self) -> Subject:
        """The record that the file is for."""
        return Subject(self.subject_kind, self.subject_id)
