"""The tables of the Merkle logs: leaves, complete subtrees, signed checkpoints and the time stamps
over them.

Nothing here holds an entry's content, only hashes: rows may be kept and shown for ever.
"""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class LogLeaf(models.Model):
    """An entry's place in its log. The entry itself is a row elsewhere, with `entry_id` for its
    key.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    pk = models.CompositePrimaryKey("log", "index")
    log = models.CharField(max_length=20)
    index = models.BigIntegerField()
    entry_id = models.UUIDField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "log_leaf"
        constraints = [models.UniqueConstraint("log", "entry_id", name="log_leaf_entry_once")]


class LogNode(models.Model):
    """The hash of a complete subtree above the leaves: `index` counts nodes of this `level`, from 1
    up.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=False)
    pk = models.CompositePrimaryKey("log", "level", "index")
    log = models.CharField(max_length=20)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "log_node"


class LogCheckpoint(models.Model):
    """What a log was at an instant, signed; `note` is the text in C2SP's signed-note format."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    pk = models.CompositePrimaryKey("log", "size")
    log = models.CharField(max_length=20)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "log_checkpoint"


class LogStamp(Record):
    """A time-stamping authority's answer (RFC 3161 TimeStampResp, DER) over the note of one
    checkpoint.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    log = models.CharField(max_length=20)
    size = models.BigIntegerField()
    response = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "log_stamp"
        constraints = [models.UniqueConstraint("log", "size", name="log_stamp_once")]
