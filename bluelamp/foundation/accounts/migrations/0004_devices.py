"""Adds officers' devices, and alarms of those who want more than anybody may have."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bluelamp.foundation.kernel.ids


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_directory")]

    operations = [
        migrations.CreateModel(
            name="Device",
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
                (
                    "installation_id",
                    models.UUIDField(
                        help_text="The id that the app made on the phone. Captures and leases call it `device_id`."
                    ),
                ),
                ("force", models.CharField(max_length=4)),
                ("name", models.CharField(max_length=60)),
                (
                    "public_key",
                    models.CharField(
                        help_text="An ECDSA P-256 point, uncompressed, in base64.", max_length=88
                    ),
                ),
                ("enrolled_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("blocked_at", models.DateTimeField(null=True)),
                ("blocked_by_name", models.CharField(blank=True, max_length=200)),
                ("blocked_reason", models.CharField(blank=True, max_length=200)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["installation_id"], name="accounts_de_install_1ea493_idx"),
                    models.Index(
                        fields=["force", "-last_seen_at"], name="accounts_de_force_9de59e_idx"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("officer", "installation_id"),
                        name="an_officer_enrols_a_device_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("blocked_at", None), ("blocked_reason", "")),
                            models.Q(
                                ("blocked_at__isnull", False),
                                models.Q(("blocked_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_blocked_device_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeviceLimitAlarm",
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
                ("force", models.CharField(max_length=4)),
                (
                    "limit",
                    models.CharField(
                        choices=[("devices", "devices"), ("numbers", "numbers")], max_length=7
                    ),
                ),
                ("reached_at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("officer", "limit"), name="one_alarm_for_each_limit"
                    )
                ],
            },
        ),
    ]
