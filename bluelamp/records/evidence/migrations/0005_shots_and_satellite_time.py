"""From how near a file was taken, and the satellites' time beside the phone's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_upload_quotas")]

    operations = [
        migrations.AddField("item", "gps_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("item", "gps_device_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "item",
            "shot",
            models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
