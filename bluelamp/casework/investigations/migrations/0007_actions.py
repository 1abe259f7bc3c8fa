"""Adds what is asked for in an investigation, and what came of it."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('crimes', '0004_device_clocks'),
        ('investigations', '0006_whole_mg11'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='investigationentry',
            name='kind',
            field=models.CharField(choices=[('allocated', 'allocated'), ('note', 'note'), ('action', 'action'), ('result', 'result'), ('statement', 'statement'), ('suspect named', 'suspect named'), ('exhibit', 'exhibit'), ('charge', 'charge'), ('linked', 'linked')], max_length=20),
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('asked_by_name', models.CharField(max_length=200)),
                ('assigned_to_name', models.CharField(blank=True, max_length=200)),
                ('due_on', models.DateField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assigned_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='crimes.crime')),
            ],
        ),
        migrations.CreateModel(
            name='ActionResult',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=200)),
                ('device_id', models.UUIDField(null=True)),
                ('device_at', models.DateTimeField(null=True)),
                ('action', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result', to='investigations.action')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['assigned_to', 'due_on'], name='investigati_assigne_b6d28f_idx'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['asked_by', '-asked_at'], name='investigati_asked_b_d8a43b_idx'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='an_action_says_what_to_do'),
        ),
        migrations.AddConstraint(
            model_name='actionresult',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='a_result_says_something'),
        ),
        *append_only_triggers("investigations_actionresult"),
    ]
