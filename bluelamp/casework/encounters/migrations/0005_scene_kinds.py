"""Adds kinds of encounters at the scene, and the property that was found."""

import django.db.models.deletion
from django.db import migrations, models

_KINDS = [
    "stop-search",
    "risk-assessment",
    "stop-account",
    "vehicle-stop",
    "property-found",
    "missing-person",
    "sudden-death",
]


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_safe_contact"),
        ("encounters", "0004_device_clock"),
    ]

    operations = [
        migrations.AlterField(
            model_name="encounter",
            name="kind",
            field=models.CharField(choices=[(kind, kind) for kind in _KINDS], max_length=20),
        ),
        migrations.AddField(
            model_name="encounter",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.object",
            ),
        ),
    ]
