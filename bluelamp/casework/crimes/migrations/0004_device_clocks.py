"""Keeps what is known of a phone's clock, and who corrected a time. Corrections only grow."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('crimes', '0003_scene_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='crime',
            name='device_clock',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.CreateModel(
            name='TimeCorrection',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject_id', models.UUIDField()),
                ('field', models.CharField(choices=[('occurred_from', 'occurred_from'), ('occurred_to', 'occurred_to'), ('reported_at', 'reported_at'), ('signed_at', 'signed_at'), ('captured_at', 'captured_at')], max_length=20)),
                ('before_at', models.DateTimeField(null=True)),
                ('after_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('corrected_at', models.DateTimeField()),
                ('corrected_by_name', models.CharField(max_length=200)),
                ('corrected_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='time_corrections', to='crimes.crime')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_id', 'field', 'corrected_at'], name='crimes_time_subject_85da66_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_corrected_time_has_a_reason')],
            },
        ),
        *append_only_triggers("crimes_timecorrection"),
    ]
