"""Keeps the signature of the officer before whom a statement was signed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('investigations', '0004_device_clock'),
    ]

    operations = [
        migrations.AddField(
            model_name='statement',
            name='officer_signature',
            field=models.JSONField(null=True),
        ),
    ]
