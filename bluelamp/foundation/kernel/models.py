"""The kernel's tables: receipts here, the others in the subpackages that use them."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.events.models import EventDelivery, OutboxEvent
from bluelamp.foundation.kernel.merkle_log.models import (
    LogCheckpoint,
    LogKeyChange,
    LogLeaf,
    LogNode,
    LogStamp,
)
from bluelamp.foundation.kernel.record import Handling, Record
from bluelamp.foundation.kernel.retention import RetentionCount
from bluelamp.foundation.kernel.series import Series

__all__ = [
    "EventDelivery",
    "FormPost",
    "LogCheckpoint",
    "LogKeyChange",
    "LogLeaf",
    "LogNode",
    "LogStamp",
    "OutboxEvent",
    "Receipt",
    "RetentionCount",
    "Series",
]


class FormPost(Record):
    """A form of the desk that was sent: a key of what was sent, and the page that it led to."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="90-days", export=False, counted_from="received_at"
    )
    received_at = models.DateTimeField()
    location = models.CharField(max_length=2_000, blank=True)


class Receipt(Record):
    """Confirms that a capture arrived: its id, made on the device, and the hash of its bytes."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="as-the-capture", export=True
    )
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    received_at = models.DateTimeField(auto_now_add=True)
