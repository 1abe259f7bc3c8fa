"""Blobs, items, continuity, previews, and uploads under way."""

import json
from datetime import UTC
from typing import ClassVar

from django.db import models
from django.db.models import Q

from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.records.evidence.rules import ScanVerdict, UploadState, Verb

_EVIDENCE = Handling(classification="OFFICIAL-SENSITIVE", retention="mopi-group-3", export=True)


def _choices(kind: type[ScanVerdict] | type[UploadState] | type[Verb]) -> list[tuple[str, str]]:
    return [(member.value, member.value.replace("_", " ")) for member in kind]


class Blob(models.Model):
    """Bytes in the store, once each, however many items have them."""

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
    """A thing held: an original with what was said of it. What it belongs to is `purpose`, opaque
    here.

    `captured_at` is the device's clock, `received_at` the server's; `device_sha256` is the hash the
    device made.
    """

    handling: ClassVar = _EVIDENCE
    force = models.CharField(max_length=4)
    purpose = models.CharField(max_length=100, db_index=True)
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
    facts = models.JSONField(default=dict)
    scan_verdict = models.CharField(
        max_length=12, choices=_choices(ScanVerdict), default=ScanVerdict.NOT_SCANNED
    )
    device_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(device_sha256="") | Q(device_sha256=models.F("blob_id")),
                name="evidence_item_device_sha256",
            ),
        ]

    @property
    def sha256(self) -> str:
        """The hash of the original, lower-case hex."""
        return self.blob_id

    @property
    def is_held_back(self) -> bool:
        """Whether the original was found infected and may not be opened."""
        return self.scan_verdict == ScanVerdict.INFECTED


class Continuity(Record):
    """One thing done with an item. Rows are numbered from 1 for each item, and triggers refuse any
    change.
    """

    handling: ClassVar = _EVIDENCE
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="continuity")
    sequence = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=_choices(Verb))
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True, blank=True)
    by_name = models.CharField(max_length=200)
    from_text = models.CharField(max_length=200, blank=True)
    to_text = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["item", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "sequence"], name="evidence_continuity_sequence"
            ),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="evidence_continuity_from_1"),
        ]

    def as_data(self) -> dict[str, object]:
        """Return the row as plain JSON data, in the names that packages and the log use."""
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
            "why": self.why,
            "sha256": self.sha256,
            "detail": self.detail,
        }

    def canonical(self) -> bytes:
        """Return the bytes that the Merkle log holds this row to."""
        return json.dumps(
            self.as_data(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()


class Preview(Record):
    """A picture derived from an item, and how it was made."""

    handling: ClassVar = _EVIDENCE
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="previews")
    kind = models.CharField(max_length=20)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="previews")
    media_type = models.CharField(max_length=127)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    how = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "kind"], name="evidence_preview_kind")
        ]


class Upload(Record):
    """A file coming in by tus. How far it is stands in the journal beside its bytes, not here."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="90-days", export=False
    )
    force = models.CharField(max_length=4)
    purpose = models.CharField(max_length=100)
    token_id = models.UUIDField(db_index=True)
    made_by_kind = models.CharField(max_length=10)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    item_id = models.UUIDField(db_index=True)
    filename = models.CharField(max_length=200)
    length = models.BigIntegerField()
    metadata = models.JSONField(default=dict)
    about = models.JSONField(default=dict)
    device_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=8, choices=_choices(UploadState), default=UploadState.COMING
    )

    class Meta:
        indexes = [models.Index(fields=["purpose", "state"], name="evidence_upload_purpose")]
        constraints = [
            models.CheckConstraint(condition=Q(length__gt=0), name="evidence_upload_length")
        ]
