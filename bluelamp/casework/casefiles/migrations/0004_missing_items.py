"""Keeps why a case file was built without evidence that had not arrived."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casefiles", "0003_unprocessed_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="casefile",
            name="missing_items",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="casefile",
            name="missing_items_reason",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddConstraint(
            model_name="casefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("missing_items", 0),
                    models.Q(("missing_items_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_file_without_items_says_why",
            ),
        ),
    ]
