"""Adds the link by which whoever was searched reads the record of it."""

import django.db.models.deletion
from django.db import migrations, models

import bluelamp.foundation.kernel.ids
from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("encounters", "0005_scene_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="CopyLink",
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
                ("secret_sha256", models.CharField(max_length=64, unique=True)),
                (
                    "encounter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copy_link",
                        to="encounters.encounter",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        *append_only_triggers("encounters_copylink"),
    ]
