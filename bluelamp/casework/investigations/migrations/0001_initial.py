import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('crimes', '0001_initial'),
        ('evidence', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('sequence', models.PositiveSmallIntegerField()),
                ('offence_code', models.CharField(max_length=12)),
                ('offence_title', models.TextField()),
                ('wording', models.TextField()),
                ('charged_on', models.DateField()),
                ('arrested_on', models.DateField(null=True)),
                ('asn', models.CharField(max_length=30)),
                ('charged_by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('charged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='crimes.crime')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
        ),
        migrations.CreateModel(
            name='Exhibit',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('case_key', models.UUIDField()),
                ('initials', models.CharField(max_length=12)),
                ('serial', models.PositiveIntegerField()),
                ('producer_key', models.CharField(max_length=200)),
                ('produced_by', models.CharField(max_length=200)),
                ('description', models.TextField()),
                ('exhibited_at', models.DateTimeField()),
                ('exhibited_by_name', models.CharField(max_length=200)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exhibits', to='crimes.crime')),
                ('exhibited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.item')),
            ],
        ),
        migrations.CreateModel(
            name='Hearing',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('court_ou_code', models.CharField(max_length=7)),
                ('on', models.DateField()),
                ('starts', models.TimeField()),
                ('charge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hearing', to='investigations.charge')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='InvestigationEntry',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('allocated', 'allocated'), ('note', 'note'), ('action', 'action'), ('statement', 'statement'), ('suspect named', 'suspect named'), ('exhibit', 'exhibit'), ('charge', 'charge'), ('linked', 'linked')], max_length=20)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('device_at', models.DateTimeField(null=True)),
                ('by_name', models.CharField(max_length=200)),
                ('about_id', models.UUIDField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='crimes.crime')),
            ],
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('statement', 'statement'), ('victim-personal-statement', 'victim-personal-statement')], max_length=30)),
                ('maker_name', models.CharField(max_length=241)),
                ('age', models.PositiveSmallIntegerField(null=True)),
                ('occupation', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField()),
                ('text_sha256', models.CharField(max_length=64)),
                ('declaration', models.TextField()),
                ('pages', models.PositiveSmallIntegerField(null=True)),
                ('is_read_over', models.BooleanField()),
                ('signature', models.JSONField()),
                ('signed_at', models.DateTimeField()),
                ('taken_by_name', models.CharField(max_length=200)),
                ('taken_at_place', models.CharField(blank=True, max_length=400)),
                ('device_id', models.UUIDField(null=True)),
                ('device_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField()),
                ('capture_sha256', models.CharField(max_length=64)),
                ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='investigations.statement')),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='crimes.crime')),
                ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StatementBack',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('dates_not_available', models.TextField()),
                ('is_willing_to_attend', models.BooleanField()),
                ('needs_special_measures', models.BooleanField()),
                ('vps', models.CharField(choices=[('offered', 'offered'), ('made', 'made'), ('declined', 'declined')], max_length=8)),
                ('address', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.location')),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='back', to='investigations.statement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.UniqueConstraint(fields=('crime', 'person', 'sequence'), name='a_charge_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('arrested_on', None), ('arrested_on__lte', models.F('charged_on')), _connector='OR'), name='an_arrest_comes_before_the_charge'),
        ),
        migrations.AddConstraint(
            model_name='exhibit',
            constraint=models.UniqueConstraint(fields=('case_key', 'initials', 'serial'), name='an_exhibit_reference_is_given_once'),
        ),
        migrations.AddConstraint(
            model_name='exhibit',
            constraint=models.UniqueConstraint(fields=('crime', 'item'), name='an_item_is_exhibited_once_in_a_crime'),
        ),
        migrations.AddIndex(
            model_name='investigationentry',
            index=models.Index(fields=['crime', 'at'], name='investigati_crime_i_831ea8_idx'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('age', None), ('age__lt', 18), _connector='OR'), name='an_age_is_stated_under_18'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('declaration', ''), _negated=True)), name='a_statement_says_something'),
        ),
    ]
