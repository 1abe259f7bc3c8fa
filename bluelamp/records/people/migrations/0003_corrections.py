"""What a person's record said before it was put right."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from bluelamp.foundation.kernel.append_only import append_only_triggers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_people_by_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonChange',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('before', models.JSONField()),
                ('why', models.CharField(max_length=400)),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField(null=True)),
                ('by_name', models.CharField(max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='people.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        *append_only_triggers("people_personchange"),
    ]
