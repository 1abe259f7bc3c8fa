"""The audit table. Triggers refuse any change to its rows."""

import json
from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record

# The acts that front ends limit by address. The index behind the count is partial: it holds only
# these, so that it stays small beside millions of other entries.
RATE_LIMITED_ACTS = (
    "account.shut_out",
    "account.signed_in",
    "firearms.begun",
    "firearms.certificate_checked",
    "firearms.code_checked",
    "firearms.code_requested",
    "form.draft_started",
    "payment.attempted",
    "report.draft_started",
    "report.submitted",
    "request.code_checked",
    "request.code_requested",
    "request.downloaded",
    "tracking.code_checked",
    "tracking.code_requested",
    "tracking.passphrase_checked",
    "tracking.passphrase_chosen",
)


class AuditEntry(Record):
    """One act, done or refused.

    The categories are those of section 62 of the Data Protection Act 2018.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="audit-12-years",
        export=True,
        counted_from="at",
    )

    class Category(models.TextChoices):
        COLLECTION = "collection"
        ALTERATION = "alteration"
        CONSULTATION = "consultation"
        DISCLOSURE = "disclosure"
        COMBINATION = "combination"
        ERASURE = "erasure"

    class Result(models.TextChoices):
        DONE = "done"
        REFUSED = "refused"
        NOT_FOUND = "not found"

    at = models.DateTimeField()
    written_at = models.DateTimeField(
        null=True, editable=False, help_text="The database's own time, which a trigger sets."
    )
    act = models.CharField(max_length=60)
    category = models.CharField(max_length=14, choices=Category)
    result = models.CharField(max_length=10, choices=Result)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    force = models.CharField(max_length=4)
    organisation = models.CharField(max_length=20)
    organisation_kind = models.CharField(
        max_length=10, blank=True, help_text="Not sealed: it follows from the organisation."
    )
    address = models.CharField(max_length=64, blank=True)
    rate_limit_key = models.CharField(
        max_length=64,
        blank=True,
        help_text="The address as rate limits count it. Not sealed: it follows from it.",
    )
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    ref = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "at"]),
            models.Index(fields=["actor_id", "at"]),
            models.Index(fields=["at"]),
            models.Index(
                fields=["act", "rate_limit_key", "at"],
                name="audit_by_rate_limit_key",
                condition=models.Q(act__in=RATE_LIMITED_ACTS),
            ),
            models.Index(fields=["ref", "at"], name="audit_by_ref", condition=~models.Q(ref="")),
        ]

    def canonical(self) -> bytes:
        """Return the bytes whose hash is this entry's leaf in the Merkle log.

        The keys are a stored format: a new name for one would make every sealed entry look changed.
        """
        # Entries from before the database said when it wrote them were sealed without it.
        written = {"written_at": self.written_at.isoformat()} if self.written_at else {}
        return json.dumps(
            {
                **written,
                "id": str(self.id),
                "at": self.at.isoformat(),
                "act": self.act,
                "category": self.category,
                "result": self.result,
                "actor": [
                    self.actor_kind,
                    str(self.actor_id or ""),
                    self.actor_name,
                    self.force,
                    self.organisation,
                ],
                "address": self.address,
                "subject": [self.subject_type, str(self.subject_id or ""), self.ref],
                "why": self.reason,
                "detail": self.detail,
            },
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        ).encode()
