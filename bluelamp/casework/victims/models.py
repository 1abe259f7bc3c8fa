"""One-time codes for following a case, and the look at it that each opens."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class TrackingCode(Record):
    """A code sent to the address a report came from. Only its hash is kept; it works once, for a
    while.

    The look that it opened lasts from `used_at` for TRACKING_LASTS, or until `ended_at`.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="7-days", export=False
    )
    report_id = models.UUIDField(db_index=True)
    code_hash = models.CharField(max_length=128)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
