"""Adds contacts with victims, which only grow."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('crimes', '0004_device_clocks'),
        ('people', '0003_whole_names'),
        ('victims', '0003_confirmed_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VictimContact',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('trigger', models.CharField(choices=[('recorded', 'recorded'), ('needs-and-support', 'needs-and-support'), ('arrested', 'arrested'), ('charged', 'charged')], max_length=30)),
                ('way', models.CharField(choices=[('in-person', 'in-person'), ('safe-way', 'safe-way'), ('phone', 'phone'), ('text', 'text'), ('email', 'email'), ('letter', 'letter')], max_length=12)),
                ('made_at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('made_by_name', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField()),
                ('device_id', models.UUIDField(null=True)),
                ('device_at', models.DateTimeField(null=True)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='victim_contacts', to='crimes.crime')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'abstract': False,
            },
        ),
        *append_only_triggers("victims_victimcontact"),
    ]
