"""Receipts, the outbox with its deliveries, number series and retention counts."""

import django.db.models.deletion
import bluelamp.foundation.kernel.ids
from django.db import migrations, models

_ID = ("id", models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False))

_SERIES_FORWARDS = """
CREATE OR REPLACE FUNCTION bluelamp_kernel_series_forwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.next_serial < OLD.next_serial
     OR (NEW.id, NEW.kind, NEW.force, NEW.unit, NEW.year) IS DISTINCT FROM (OLD.id, OLD.kind, OLD.force, OLD.unit, OLD.year) THEN
    RAISE EXCEPTION 'a series only goes forwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kernel_series_forwards BEFORE UPDATE OR DELETE ON kernel_series
  FOR EACH ROW EXECUTE FUNCTION bluelamp_kernel_series_forwards();
"""
_BACK = """
DROP TRIGGER kernel_series_forwards ON kernel_series;
DROP FUNCTION bluelamp_kernel_series_forwards;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                _ID,
                ('name', models.CharField(max_length=80)),
                ('payload', models.JSONField()),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EventDelivery',
            fields=[
                _ID,
                ('subscriber', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('delivered', 'Delivered'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(default='', max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_attempt_at', models.DateTimeField(null=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='kernel.outboxevent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'subscriber'), name='event_delivery_once_each')],
                'indexes': [models.Index(fields=['created_at'], condition=models.Q(('state', 'delivered'), _negated=True), name='event_delivery_open')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                _ID,
                ('sha256', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=20)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RetentionCount',
            fields=[
                _ID,
                ('table', models.CharField(max_length=80, unique=True)),
                ('policy', models.CharField(max_length=40)),
                ('due_for_review', models.PositiveBigIntegerField(default=0)),
                ('deleted', models.PositiveBigIntegerField(default=0)),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                _ID,
                ('kind', models.CharField(max_length=20)),
                ('force', models.CharField(max_length=4)),
                ('unit', models.CharField(blank=True, default='', max_length=8)),
                ('year', models.PositiveSmallIntegerField()),
                ('next_serial', models.PositiveBigIntegerField(default=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'force', 'unit', 'year'), name='series_once_each')],
            },
        ),
        migrations.RunSQL(_SERIES_FORWARDS, _BACK),
    ]
