"""Keeps what is known of the clock of the phone that a statement was signed on."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('investigations', '0003_permission_to_write'),
    ]

    operations = [
        migrations.AddField(
            model_name='statement',
            name='device_clock',
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
