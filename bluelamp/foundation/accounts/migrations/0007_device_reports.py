"""Adds what phones say waits on them, and orders to wipe one."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_deactivated_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeviceReport",
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
                ("reported_at", models.DateTimeField()),
                ("app", models.CharField(blank=True, max_length=100)),
                (
                    "clock_error_s",
                    models.IntegerField(
                        help_text="Seconds by which the phone's clock is ahead of ours; negative where it is behind."
                    ),
                ),
                ("store_trouble", models.CharField(blank=True, max_length=300)),
                ("unreadable_count", models.PositiveIntegerField(default=0)),
                ("draft_count", models.PositiveIntegerField(default=0)),
                ("waiting_count", models.PositiveIntegerField()),
                ("refused_count", models.PositiveIntegerField()),
                ("waiting_bytes", models.BigIntegerField()),
                ("oldest_since", models.DateTimeField(null=True)),
                ("waiting", models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name="device",
            name="wipe_nonce",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="What the phone signs when it is done.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="device",
            name="wipe_ordered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="wipe_ordered_by_name",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="device",
            name="wipe_reason",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="device",
            name="wiped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="device",
            name="wiped_unsent",
            field=models.PositiveIntegerField(
                help_text="How many captures the phone had not sent when it was wiped.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wiped_at", None), ("wipe_ordered_at__isnull", False), _connector="OR"
                ),
                name="a_device_is_wiped_on_order",
            ),
        ),
        migrations.AddField(
            model_name="devicereport",
            name="device",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="report",
                to="accounts.device",
            ),
        ),
        migrations.AddIndex(
            model_name="devicereport",
            index=models.Index(
                fields=["-waiting_count", "oldest_since"], name="accounts_de_waiting_ea5358_idx"
            ),
        ),
    ]
