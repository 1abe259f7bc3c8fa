import bluelamp.casework.crimes.rules
import bluelamp.foundation.kernel.ids
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('evidence', '0001_initial'),
        ('people', '0001_initial'),
        ('reports', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CrimeNumber',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('force', models.CharField(max_length=4)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('used', 'used'), ('leased', 'leased'), ('void', 'void')], max_length=6)),
                ('void_reason', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Crime',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('force', models.CharField(max_length=4)),
                ('state', models.CharField(choices=[('recorded', 'recorded'), ('investigating', 'investigating'), ('charged', 'charged')], default=bluelamp.casework.crimes.rules.CrimeState['RECORDED'], max_length=14)),
                ('offence_code', models.CharField(max_length=12)),
                ('offence_title', models.TextField()),
                ('hocr_class', models.CharField(blank=True, max_length=12)),
                ('ho_code', models.CharField(blank=True, max_length=12)),
                ('occurred_from', models.DateTimeField(null=True)),
                ('occurred_to', models.DateTimeField(null=True)),
                ('is_time_unsure', models.BooleanField(default=False)),
                ('summary', models.TextField()),
                ('is_against_the_state', models.BooleanField(default=False)),
                ('reported_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by_name', models.CharField(max_length=200)),
                ('device_id', models.UUIDField(null=True)),
                ('device_at', models.DateTimeField(null=True)),
                ('search_keys', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.location')),
                ('officer_in_case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.report')),
            ],
        ),
        migrations.CreateModel(
            name='ClassificationChange',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('offence_code', models.CharField(max_length=12)),
                ('offence_title', models.TextField()),
                ('hocr_class', models.CharField(blank=True, max_length=12)),
                ('ho_code', models.CharField(blank=True, max_length=12)),
                ('at', models.DateTimeField()),
                ('by_name', models.CharField(max_length=200)),
                ('reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classifications', to='crimes.crime')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CrimeGroup',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('force', models.CharField(max_length=4)),
                ('reason', models.TextField()),
                ('linked_at', models.DateTimeField()),
                ('linked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='crime',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='crimes', to='crimes.crimegroup'),
        ),
        migrations.AddField(
            model_name='crime',
            name='number',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='crime', to='crimes.crimenumber'),
        ),
        migrations.CreateModel(
            name='NumberLease',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('device_id', models.UUIDField()),
                ('force', models.CharField(max_length=4)),
                ('year', models.PositiveSmallIntegerField()),
                ('first', models.PositiveIntegerField()),
                ('last', models.PositiveIntegerField()),
                ('taken_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='crimenumber',
            name='lease',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='crimes.numberlease'),
        ),
        migrations.CreateModel(
            name='CrimeItem',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('announced_item_id', models.UUIDField(db_index=True)),
                ('added_at', models.DateTimeField()),
                ('announcement', models.JSONField(default=dict)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='crimes.crime')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.item')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('item', None)), fields=['announced_item_id'], name='items_not_received')],
                'constraints': [models.UniqueConstraint(fields=('crime', 'announced_item_id'), name='an_item_is_in_a_crime_once'), models.CheckConstraint(condition=models.Q(('item', None), ('item', models.F('announced_item_id')), _connector='OR'), name='an_item_keeps_its_announced_id')],
            },
        ),
        migrations.AddIndex(
            model_name='crime',
            index=models.Index(fields=['force', '-recorded_at'], name='crimes_crim_force_e62a98_idx'),
        ),
        migrations.AddIndex(
            model_name='crime',
            index=models.Index(fields=['officer_in_case', '-recorded_at'], name='crimes_crim_officer_fda30c_idx'),
        ),
        migrations.AddIndex(
            model_name='crime',
            index=models.Index(fields=['recorded_by', '-recorded_at'], name='crimes_crim_recorde_18bf6b_idx'),
        ),
        migrations.AddIndex(
            model_name='crime',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.F('search_keys'), function='array_to_tsvector'), name='crimes_by_search_keys'),
        ),
        migrations.AddConstraint(
            model_name='crime',
            constraint=models.CheckConstraint(condition=models.Q(('occurred_from', None), ('occurred_to', None), ('occurred_to__gte', models.F('occurred_from')), _connector='OR'), name='a_crime_ends_after_it_began'),
        ),
        migrations.AddIndex(
            model_name='numberlease',
            index=models.Index(fields=['device_id', 'force', 'year'], name='crimes_numb_device__ed161e_idx'),
        ),
        migrations.AddIndex(
            model_name='numberlease',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['expires_at'], name='leases_still_held'),
        ),
        migrations.AddConstraint(
            model_name='numberlease',
            constraint=models.UniqueConstraint(fields=('force', 'year', 'first'), name='a_block_is_leased_once'),
        ),
        migrations.AddConstraint(
            model_name='numberlease',
            constraint=models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', models.F('first'))), name='a_block_is_a_range'),
        ),
        migrations.AddConstraint(
            model_name='crimenumber',
            constraint=models.UniqueConstraint(fields=('force', 'year', 'serial'), name='a_number_is_issued_once'),
        ),
        migrations.AddConstraint(
            model_name='crimenumber',
            constraint=models.CheckConstraint(condition=models.Q(('serial__gte', 1), ('serial__lte', 9999999)), name='a_serial_has_seven_digits'),
        ),
        migrations.AddConstraint(
            model_name='crimenumber',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'void'), models.Q(('void_reason', ''), _negated=True)), models.Q(models.Q(('state', 'void'), _negated=True), ('void_reason', '')), _connector='OR'), name='a_void_number_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='crimenumber',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'leased'), _negated=True), ('lease__isnull', False), _connector='OR'), name='a_leased_number_has_a_lease'),
        ),
    ]
