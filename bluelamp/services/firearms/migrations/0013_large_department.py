"""Indexes for lists and figures among years of applications; one open task for each match."""

from django.db import migrations, models


def merge_open_tasks(apps, schema_editor):
    """Make one of several open tasks for one record and holder: the first, with all reasons."""
    tasks = apps.get_model('firearms', 'VettingTask').objects.filter(closed_at=None)
    first_of = {}
    for task in tasks.order_by('raised_at', 'id').iterator():
        first = first_of.setdefault((task.record_id, task.holder_id), task)
        if first is task:
            continue
        reasons = sorted({*first.reasons, *task.reasons})
        # Before the other is changed: it could come to have the same reasons.
        task.delete()
        first.reasons = reasons
        # Near only if each of them was: one reason that is certain is enough.
        first.is_near = first.is_near and task.is_near
        first.save(update_fields=['reasons', 'is_near'])


class Migration(migrations.Migration):

    dependencies = [('firearms', '0012_language')]

    operations = [
        migrations.RemoveIndex(model_name='application', name='firearms_open_by_stage'),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(
                fields=['force', 'stage', 'received_at', 'id'], name='firearms_by_stage'
            ),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(
                fields=['force', 'stage', 'stage_since', 'id'], name='firearms_by_stage_since'
            ),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(
                fields=['force', 'stage_since', 'id'],
                condition=models.Q(
                    (
                        'stage__in',
                        ('received', 'incomplete', 'complete', 'checks', 'recommended', 'granted'),
                    )
                ),
                name='firearms_open_by_stage_since',
            ),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(
                fields=['force', 'decided_at'],
                include=['kind', 'certificates', 'received_at'],
                condition=models.Q(('stage', 'withdrawn'), _negated=True),
                name='firearms_by_decision',
            ),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(
                fields=['force', 'expires_on', 'id'],
                include=['kind', 'extended_until'],
                condition=models.Q(('state', 'in-force')),
                name='firearms_in_force_by_end',
            ),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['force', 'decided_at'], name='firearms_decisions_by_time'),
        ),
        migrations.AddIndex(
            model_name='vettingtask',
            index=models.Index(fields=['record_id'], name='firearms_vetting_by_record'),
        ),
        migrations.AddIndex(
            model_name='vettingtask',
            index=models.Index(
                fields=['force', '-closed_at', '-id'],
                condition=models.Q(('closed_at__isnull', False)),
                name='firearms_decided_vetting',
            ),
        ),
        migrations.RunPython(merge_open_tasks, migrations.RunPython.noop, elidable=True),
        # An index cannot be made while a check of the rows that were deleted is still to come.
        migrations.RunSQL(
            'SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED', migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            model_name='vettingtask',
            constraint=models.UniqueConstraint(
                fields=('holder', 'record_id'),
                condition=models.Q(('closed_at', None)),
                name='one_open_task_for_a_match',
            ),
        ),
    ]
