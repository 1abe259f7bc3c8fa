"""The entry of each sealed package in the continuity log, and the keys that packages were sealed
with.
"""

from django.db import migrations, models
from django.db.models import Q

import bluelamp.foundation.kernel.ids
from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SealedPackage",
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
                ("name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("files", models.JSONField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="PublishedKey",
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
                ("kind", models.CharField(max_length=11)),
                ("value", models.TextField()),
                ("first_used_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "value"), name="evidence_key_published_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(("kind__in", ["log", "time_stamps"])), name="evidence_key_kind"
                    ),
                ],
            },
        ),
        *append_only_triggers("evidence_sealedpackage"),
        *append_only_triggers("evidence_publishedkey"),
    ]
