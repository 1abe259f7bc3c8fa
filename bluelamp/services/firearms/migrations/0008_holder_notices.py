"""What holders told us: tables that only grow."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('firearms', '0007_one_login'),
        ('people', '0003_whole_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HolderNotice',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('force', models.CharField(max_length=4)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('passed-on', 'passed-on'), ('acquired', 'acquired'), ('gun-lost', 'gun-lost'), ('gun-destroyed', 'gun-destroyed'), ('ammunition-lost', 'ammunition-lost'), ('certificate-lost', 'certificate-lost'), ('address', 'address'), ('health', 'health')], max_length=20)),
                ('way', models.CharField(blank=True, max_length=12)),
                ('happened_on', models.DateField(null=True)),
                ('is_abroad', models.BooleanField()),
                ('told_at', models.DateTimeField()),
                ('due_on', models.DateField(null=True)),
                ('gun_type', models.CharField(blank=True, max_length=40)),
                ('gun_make', models.CharField(blank=True, max_length=80)),
                ('gun_model', models.CharField(blank=True, max_length=80)),
                ('gun_calibre', models.CharField(blank=True, max_length=40)),
                ('serial_number', models.CharField(blank=True, max_length=60)),
                ('serial_key', models.CharField(blank=True, max_length=60)),
                ('other_kind', models.CharField(blank=True, choices=[('holder', 'holder'), ('dealer', 'dealer'), ('other', 'other')], max_length=8)),
                ('other_name', models.CharField(blank=True, max_length=200)),
                ('other_address', models.CharField(blank=True, max_length=400)),
                ('other_number', models.CharField(blank=True, max_length=40)),
                ('address', models.CharField(blank=True, max_length=400)),
                ('postcode', models.CharField(blank=True, max_length=8)),
                ('details', models.TextField(blank=True)),
                ('recorded_by_name', models.CharField(max_length=200)),
                ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='firearms.certificate')),
                ('gun', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='firearms.gun')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='HealthNotice',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('details', models.TextField()),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='health', to='firearms.holdernotice')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='holdernotice',
            index=models.Index(fields=['force', 'told_at'], name='firearms_notices_by_day'),
        ),
        migrations.AddIndex(
            model_name='holdernotice',
            index=models.Index(fields=['holder', 'told_at'], name='firearms_notices_of_holder'),
        ),
        migrations.AddIndex(
            model_name='holdernotice',
            index=models.Index(condition=models.Q(('serial_key', ''), _negated=True), fields=['force', 'serial_key'], name='firearms_notices_by_serial'),
        ),
        *append_only_triggers('firearms_healthnotice'),
        *append_only_triggers('firearms_holdernotice'),
    ]
