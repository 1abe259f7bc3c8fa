"""Adds the day by which a supervisor wants a returned record back."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('encounters', '0006_copy_link'),
    ]

    operations = [
        migrations.AddField(
            model_name='encounterreturn',
            name='due_on',
            field=models.DateField(null=True),
        ),
    ]
