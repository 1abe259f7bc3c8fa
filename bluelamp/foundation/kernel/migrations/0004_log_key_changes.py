"""Which key signed a log up to when, with the statement that both keys signed."""

from django.db import migrations, models

import bluelamp.foundation.kernel.ids
from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_written_at")]

    operations = [
        migrations.CreateModel(
            name="LogKeyChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bluelamp.foundation.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("log", models.CharField(max_length=20)),
                ("size", models.BigIntegerField()),
                ("old_key", models.CharField(max_length=200)),
                ("new_key", models.CharField(max_length=200)),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "log_key_change",
                "constraints": [
                    models.UniqueConstraint("log", "old_key", name="log_key_replaced_once")
                ],
            },
        ),
        *append_only_triggers("log_key_change"),
    ]
