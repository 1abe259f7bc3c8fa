"""The messages we were asked to send, and those that could not be delivered."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class Message(Record):
    """One e-mail, text or letter to one address."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="messages-2-years",
        export=True,
        counted_from="requested_at",
        ends_at="delete_at",
    )

    class Kind(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"
        LETTER = "letter"

    class State(models.TextChoices):
        WAITING = "waiting"
        PAUSED = "paused", "paused: no message service is set up"
        SENT = "sent"
        DELIVERED = "delivered"
        NOT_DELIVERED = "not delivered"
        REFUSED = "refused", "refused by the message service"
        CANCELLED = "cancelled", "cancelled: it is no longer safe to contact them"

    force = models.CharField(max_length=4)
    # A postal address has a line of it on each line.
    to = models.CharField(max_length=250)
    kind = models.CharField(max_length=8, choices=Kind)
    template = models.CharField(max_length=60)
    # With a default of the database, so that the release before this one can still write.
    language = models.CharField(max_length=2, default="en", db_default="en")
    personalisation = models.JSONField(
        default=dict, help_text="Secrets are encrypted until it is sent, and deleted then."
    )
    reference = models.CharField(
        max_length=100, blank=True, help_text="What it is about: a report or crime number."
    )
    idempotency_key = models.CharField(
        max_length=200, null=True, unique=True, help_text="Requested twice, sent once."
    )
    state = models.CharField(max_length=13, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure_reason = models.CharField(max_length=500, blank=True)
    notify_id = models.UUIDField(null=True)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # Where an address was given for this message alone: both go then.
    delete_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["reference", "requested_at"])]
        constraints = [
            models.CheckConstraint(
                name="message_sent_has_notify_id",
                condition=~models.Q(state__in=["sent", "delivered", "not delivered"])
                | models.Q(notify_id__isnull=False, sent_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.kind})"


FINAL_STATES = {
    "delivered": Message.State.DELIVERED,
    "permanent-failure": Message.State.NOT_DELIVERED,
    "temporary-failure": Message.State.NOT_DELIVERED,
    "technical-failure": Message.State.NOT_DELIVERED,
    # Of letters. "received" is that it was printed and posted, which is all that anybody learns.
    "received": Message.State.DELIVERED,
    "cancelled": Message.State.NOT_DELIVERED,
    "validation-failed": Message.State.NOT_DELIVERED,
    "virus-scan-failed": Message.State.NOT_DELIVERED,
    "returned-letter": Message.State.NOT_DELIVERED,
}
"""Statuses of Notify that it will not change any more (its REST API documentation, "Get message
status"), and what they mean for us."""


class UndeliveredMessage(Record):
    """A message that did not reach the person, until a member of staff has dealt with it.

    `message` is empty where there was nothing to send: the address was no address at all.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="messages-2-years",
        export=True,
        counted_from="failed_at",
    )

    force = models.CharField(max_length=4)
    # Deleted with its message at the end of the retention period, which ends on the same day or
    # earlier.
    message = models.OneToOneField(Message, on_delete=models.CASCADE, null=True)
    to = models.CharField(max_length=250, blank=True)
    template = models.CharField(max_length=60)
    reference = models.CharField(max_length=100, blank=True)
    idempotency_key = models.CharField(
        max_length=200, null=True, unique=True, help_text="Reported twice, listed once."
    )
    reason = models.CharField(max_length=500)
    failed_at = models.DateTimeField()
    dealt_with_at = models.DateTimeField(null=True)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True, help_text="What was done about it.")

    class Meta:
        indexes = [
            models.Index(
                fields=["force", "failed_at"],
                name="undelivered_to_deal_with",
                condition=models.Q(dealt_with_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="undelivered_message_dealt_with_by_somebody",
                condition=models.Q(dealt_with_at__isnull=True, dealt_with_by__isnull=True)
                | models.Q(dealt_with_at__isnull=False, dealt_with_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} about {self.reference}"


class CodeRow(Record):
    """A one-time code, whatever it opens: each domain has a table of its own.

    Only the code's hash is stored. The right code opens a session, whose id is this row's, from
    `used_at` until `ended_at` or for two hours.
    """

    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Where the code went, which the right code confirms, and the only browser that may use it where
    # that address was not confirmed. With a default of the database, for the release before.
    address_key = models.CharField(max_length=254, blank=True, db_default="")
    browser_hash = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        abstract = True


class OneTimeCode(CodeRow):
    """A one-time code that opens something a service has, for whoever gets its messages.

    `purpose` and `subject_id` say what it opens, in the service's own terms.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="one-time-code-7-days",
        export=False,
        counted_from="sent_at",
    )
    purpose = models.CharField(max_length=40)
    # No foreign key: services are in a layer above.
    subject_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject_id", "-sent_at"])]


class ConfirmedAddress(Record):
    """An e-mail address or mobile number that is known to be its owner's. Never changed.

    Another owner with the same address confirms it again: a stranger's confirmed number must not
    vouch for whoever mistypes theirs as that number.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="mopi-as-linked", export=True
    )
    owner_kind = models.CharField(max_length=40)
    # No foreign key: people and services are in layers above.
    owner_id = models.UUIDField()
    address_key = models.CharField(max_length=254)
    confirmed_at = models.DateTimeField()
    method = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id", "address_key"],
                name="an_address_is_confirmed_once",
            )
        ]


class WrongFacts(Record):
    """Somebody asked for a code with facts that are not on record. It counts against guessing."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="one-time-code-7-days",
        export=False,
        counted_from="tried_at",
    )
    owner_kind = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner_kind", "owner_id", "-tried_at"])]
