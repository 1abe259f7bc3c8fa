"""What the licensing team did about the notices of holders."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.services.firearms.models.notices import HolderNotice
from bluelamp.services.firearms.rules.notice_actions import NoticeOutcome


class NoticeAction(Record):
    """What somebody did about a notice, and why. Triggers refuse any change.

    `gun_id` is the row of the gun that was changed, null where none was.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="firearms-20-years", export=True
    )
    # One-to-one, so that two people who act at the same time cannot change the gun twice.
    notice = models.OneToOneField(HolderNotice, models.PROTECT, related_name="action")
    outcome = models.CharField(
        max_length=10, choices=[(outcome.value, outcome.value) for outcome in NoticeOutcome]
    )
    reason = models.TextField()
    gun = models.ForeignKey("firearms.Gun", models.PROTECT, null=True, related_name="+")
    acted_at = models.DateTimeField()
    acted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    acted_by_name = models.CharField(max_length=200)
