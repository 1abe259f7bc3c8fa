"""One-time codes for following a case, and the session that each opens."""

from typing import ClassVar

from django.db import models

from bluelamp.casework.reports.models import Report
from bluelamp.foundation.kernel.record import Handling, Record


class TrackingCode(Record):
    """A one-time code that was sent to the address a report came from. Only its hash is kept.

    The right code opens a tracking session, whose id is this row's. The session lasts from
    `used_at` for `SESSION_DURATION`, or until `ended_at`.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="7-days", export=False
    )
    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    code_hash = models.CharField(max_length=128)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
