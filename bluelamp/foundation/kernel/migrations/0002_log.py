"""The Merkle logs' tables, which only grow."""

import bluelamp.foundation.kernel.ids
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="LogLeaf",
            fields=[
                ("pk", models.CompositePrimaryKey("log", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                ("log", models.CharField(max_length=20)),
                ("index", models.BigIntegerField()),
                ("entry_id", models.UUIDField()),
                ("leaf_hash", models.BinaryField(max_length=32)),
            ],
            options={
                "db_table": "log_leaf",
                "constraints": [models.UniqueConstraint("log", "entry_id", name="log_leaf_entry_once")],
            },
        ),
        migrations.CreateModel(
            name="LogNode",
            fields=[
                ("pk", models.CompositePrimaryKey("log", "level", "index", blank=True, editable=False, primary_key=True, serialize=False)),
                ("log", models.CharField(max_length=20)),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={"db_table": "log_node"},
        ),
        migrations.CreateModel(
            name="LogCheckpoint",
            fields=[
                ("pk", models.CompositePrimaryKey("log", "size", blank=True, editable=False, primary_key=True, serialize=False)),
                ("log", models.CharField(max_length=20)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "log_checkpoint"},
        ),
        migrations.CreateModel(
            name="LogStamp",
            fields=[
                ("id", models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("log", models.CharField(max_length=20)),
                ("size", models.BigIntegerField()),
                ("response", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "log_stamp",
                "constraints": [models.UniqueConstraint("log", "size", name="log_stamp_once")],
            },
        ),
        *append_only_triggers("log_leaf"),
        *append_only_triggers("log_node"),
        *append_only_triggers("log_checkpoint"),
        *append_only_triggers("log_stamp"),
    ]
