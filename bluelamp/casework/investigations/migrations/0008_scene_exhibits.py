"""Exhibit references that an officer's phone gives without signal, and the seal of the bag."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('crimes', '0004_device_clocks'),
        ('investigations', '0007_actions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='exhibit',
            name='seal_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.CreateModel(
            name='ExhibitBlock',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('force', models.CharField(max_length=4)),
                ('initials', models.CharField(max_length=12)),
                ('first', models.PositiveIntegerField()),
                ('last', models.PositiveIntegerField()),
                ('producer_key', models.CharField(max_length=200)),
                ('device_id', models.UUIDField()),
                ('leased_at', models.DateTimeField()),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('force', 'initials', 'first'), name='a_block_of_exhibits_is_leased_once'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='a_block_of_exhibits_has_serials')],
            },
        ),
        migrations.CreateModel(
            name='SceneExhibit',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('announced_item_id', models.UUIDField(unique=True)),
                ('force', models.CharField(max_length=4)),
                ('initials', models.CharField(max_length=12)),
                ('serial', models.PositiveIntegerField()),
                ('description', models.TextField()),
                ('seal_number', models.CharField(blank=True, max_length=40)),
                ('officer_name', models.CharField(max_length=200)),
                ('given_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scene_exhibits', to='crimes.crime')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('force', 'initials', 'serial'), name='a_scene_exhibit_is_given_once')],
            },
        ),
        *append_only_triggers("investigations_exhibitblock"),
        *append_only_triggers("investigations_sceneexhibit"),
    ]
