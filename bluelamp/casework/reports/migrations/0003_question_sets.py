from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_safe_contact'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportdraft',
            name='question_set_version',
            field=models.PositiveIntegerField(db_default=1, help_text='The version of the questions that it was begun on, and ends on.'),
        ),
        migrations.AddField(
            model_name='report',
            name='question_set',
            field=models.CharField(blank=True, db_default='', help_text='The questions that were asked; empty for a report from before there were sets.', max_length=60),
        ),
        migrations.AddField(
            model_name='report',
            name='question_set_version',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='answers',
            field=models.JSONField(db_default={}, help_text="The value of every answer, by the question's id."),
        ),
    ]
