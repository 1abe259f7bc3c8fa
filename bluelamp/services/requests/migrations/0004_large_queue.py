"""Indexes in the order of the queue, and of the requests of each state."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('requests', '0003_language')]

    operations = [
        migrations.RemoveIndex(
            model_name='informationrequest', name='requests_in_force_348654_idx'
        ),
        migrations.RemoveIndex(
            model_name='informationrequest', name='requests_in_force_948403_idx'
        ),
        migrations.AddIndex(
            model_name='informationrequest',
            index=models.Index(
                fields=['force', 'state', 'received_at', 'id'], name='requests_by_state'
            ),
        ),
        migrations.AddIndex(
            model_name='informationrequest',
            index=models.Index(
                fields=['force', 'answer_due_on', 'received_at', 'id'],
                condition=models.Q(('state', 'open')),
                name='requests_open_by_due_day',
            ),
        ),
    ]
