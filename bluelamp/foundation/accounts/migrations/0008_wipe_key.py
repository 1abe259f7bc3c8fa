"""Adds the key with which a locked phone says that it wiped itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_device_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="wipe_key",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Another such key: it signs that a phone whose app is locked wiped itself, and nothing else. Empty until the phone has told it.",
                max_length=88,
            ),
        ),
    ]
