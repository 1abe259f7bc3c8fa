"""The tables of officers' devices."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class Device(Record):
    """A phone or tablet as one officer enrolled it for the officer app.

    A phone that several officers use has a row for each of them, all with one `installation_id` and
    one public key.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="employment-plus-6-years", export=True
    )
    installation_id = models.UUIDField(
        help_text="The id that the app made on the phone. Captures and leases call it `device_id`."
    )
    officer = models.ForeignKey("accounts.User", models.PROTECT, related_name="devices")
    force = models.CharField(max_length=4)
    name = models.CharField(max_length=60)
    public_key = models.CharField(
        max_length=88, help_text="An ECDSA P-256 point, uncompressed, in base64."
    )
    wipe_key = models.CharField(
        max_length=88,
        blank=True,
        db_default="",
        help_text="Another such key: it signs that a phone whose app is locked wiped itself, and "
        "nothing else. Empty until the phone has told it.",
    )
    enrolled_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True)
    blocked_by_name = models.CharField(max_length=200, blank=True)
    blocked_reason = models.CharField(max_length=200, blank=True)
    # A wipe is ordered here and done on the phone: `wiped_at` is when the phone said so, signed.
    wipe_ordered_at = models.DateTimeField(null=True)
    wipe_ordered_by_name = models.CharField(max_length=200, blank=True, db_default="")
    wipe_reason = models.CharField(max_length=200, blank=True, db_default="")
    wipe_nonce = models.CharField(
        max_length=64, blank=True, db_default="", help_text="What the phone signs when it is done."
    )
    wiped_at = models.DateTimeField(null=True)
    wiped_unsent = models.PositiveIntegerField(
        null=True, help_text="How many captures the phone had not sent when it was wiped."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "installation_id"], name="an_officer_enrols_a_device_once"
            ),
            models.CheckConstraint(
                condition=models.Q(blocked_at=None, blocked_reason="")
                | (models.Q(blocked_at__isnull=False) & ~models.Q(blocked_reason="")),
                name="a_blocked_device_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(wiped_at=None) | models.Q(wipe_ordered_at__isnull=False),
                name="a_device_is_wiped_on_order",
            ),
        ]
        indexes = [
            models.Index(fields=["installation_id"]),
            models.Index(fields=["force", "-last_seen_at"]),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceReport(Record):
    """What a phone said last of what waits on it. One row for each device; each report replaces it.

    `waiting` has the oldest things that wait, as `device_rules.WaitingThing`; the counts are of
    all.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="90-days", export=False, counted_from="reported_at"
    )
    device = models.OneToOneField(Device, models.CASCADE, related_name="report")
    reported_at = models.DateTimeField()
    app = models.CharField(max_length=100, blank=True)
    clock_error_s = models.IntegerField(
        help_text="Seconds by which the phone's clock is ahead of ours; negative where it is "
        "behind."
    )
    store_trouble = models.CharField(max_length=300, blank=True)
    unreadable_count = models.PositiveIntegerField(default=0)
    draft_count = models.PositiveIntegerField(default=0)
    waiting_count = models.PositiveIntegerField()
    refused_count = models.PositiveIntegerField()
    waiting_bytes = models.BigIntegerField()
    oldest_since = models.DateTimeField(null=True)
    waiting = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-waiting_count", "oldest_since"])]


class DeviceLimitAlarm(Record):
    """That an officer wanted more devices, or more crime numbers ahead, than anybody may have.

    One row for each officer and limit, with the last time. The audit record has each of them.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="90-days", export=False, counted_from="reached_at"
    )
    officer = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    force = models.CharField(max_length=4)
    limit = models.CharField(max_length=7, choices=[("devices", "devices"), ("numbers", "numbers")])
    reached_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "limit"], name="one_alarm_for_each_limit")
        ]
