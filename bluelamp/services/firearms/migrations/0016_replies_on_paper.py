"""Replies of referees on paper: the day one came in, and who keyed it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('firearms', '0015_paper_permits_and_visits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='referee',
            name='paper_received_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='referee',
            name='keyed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referee',
            name='keyed_by_name',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
    ]
