"""Receipts and the outbox; the Merkle logs' tables are in log_models."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.log_models import LogCheckpoint, LogLeaf, LogNode, LogStamp
from bluelamp.foundation.kernel.record import Handling, Record

__all__ = ["LogCheckpoint", "LogLeaf", "LogNode", "LogStamp", "OutboxEvent", "Receipt"]


class Receipt(Record):
    """A capture that arrived: its id, made on the device, and the hash of its bytes."""

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="as-the-capture", export=True
    )
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    received_at = models.DateTimeField(auto_now_add=True)


class OutboxEvent(Record):
    """A fact told to others, written in the transaction that made it true."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="90-days", export=False
    )
    name = models.CharField(max_length=80)
    payload = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
