"""Keeps what is known of the clock of the phone that an encounter was recorded on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("encounters", "0003_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="encounter",
            name="device_clock",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
