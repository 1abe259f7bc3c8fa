"""Forms of the desk that were sent, so that a second send of one does nothing."""

from django.db import migrations, models

import bluelamp.foundation.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_log_key_changes")]

    operations = [
        migrations.CreateModel(
            name="FormPost",
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
                ("received_at", models.DateTimeField()),
                ("location", models.CharField(blank=True, max_length=2000)),
            ],
        ),
    ]
