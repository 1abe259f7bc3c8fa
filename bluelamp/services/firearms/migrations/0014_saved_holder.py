"""Whose session an application was begun in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("firearms", "0013_large_department")]
    operations = [
        migrations.AddField(
            "savedapplication",
            "holder",
            models.ForeignKey(
                "people.person",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
            ),
        ),
    ]
