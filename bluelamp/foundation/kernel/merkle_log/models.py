"""The tables of the Merkle logs: leaves, complete subtrees, signed checkpoints, time stamps and
changes of key.

They hold hashes and no content, so their rows may be kept and shown for ever.
"""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class LogLeaf(models.Model):
    """An entry's position in its log. The entry is a row elsewhere, with `entry_id` as its key."""

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
    """The hash of a complete subtree: `level` from 1 up, `index` counts the nodes of a level."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=False)
    pk = models.CompositePrimaryKey("log", "level", "index")
    log = models.CharField(max_length=20)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "log_node"


class LogCheckpoint(models.Model):
    """A signed statement of a log's size and root at an instant.

    `note` is the signed text in C2SP's signed-note format.
    """

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    pk = models.CompositePrimaryKey("log", "size")
    log = models.CharField(max_length=20)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()
    written_at = models.DateTimeField(
        null=True, editable=False, help_text="The database's own time, which a trigger sets."
    )

    class Meta:
        db_table = "log_checkpoint"


class LogStamp(Record):
    """A time-stamping authority's answer over a checkpoint's note (RFC 3161 TimeStampResp)."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    log = models.CharField(max_length=20)
    size = models.BigIntegerField()
    response = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "log_stamp"
        constraints = [models.UniqueConstraint("log", "size", name="log_stamp_once")]


class LogKeyChange(Record):
    """A change of a log's signing key, after `size` entries. `note` is signed with both keys."""

    handling: ClassVar = Handling(classification="OFFICIAL", retention="permanent", export=True)
    log = models.CharField(max_length=20)
    size = models.BigIntegerField()
    old_key = models.CharField(max_length=200)
    new_key = models.CharField(max_length=200)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "log_key_change"
        constraints = [models.UniqueConstraint("log", "old_key", name="log_key_replaced_once")]
