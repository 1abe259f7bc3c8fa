"""The latest stages first, for how long each takes now."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('firearms', '0010_appeals_and_partial_revocations')]

    operations = [
        migrations.AddIndex(
            model_name='stageentry',
            index=models.Index(fields=['began_at'], name='firearms_stages_by_time'),
        ),
    ]
