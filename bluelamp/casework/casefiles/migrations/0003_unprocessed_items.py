"""What a build does about items that could not be read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casefiles", "0002_triggers")]
    operations = [
        migrations.AddField(
            model_name="casefile",
            name="unprocessed_items",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="casefile",
            name="allows_unprocessed",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
