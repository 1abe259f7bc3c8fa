"""How holders told us, loans, who makes a visit, temporary permits, and wordings of conditions."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('firearms', '0014_saved_holder'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='check',
            name='planned_for',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='gun',
            name='is_borrowed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='holdernotice',
            name='means',
            field=models.CharField(db_default='online', default='online', max_length=10),
        ),
        migrations.AlterField(
            model_name='certificate',
            name='kind',
            field=models.CharField(choices=[('firearm', 'firearm'), ('shotgun', 'shotgun'), ('dealer', 'dealer'), ('visitor-permit', 'visitor-permit'), ('explosives', 'explosives'), ('temporary-permit', 'temporary-permit')], max_length=16),
        ),
        migrations.AlterField(
            model_name='gun',
            name='status',
            field=models.CharField(choices=[('authorised', 'authorised'), ('held', 'held'), ('lent', 'lent'), ('disposed', 'disposed')], max_length=12),
        ),
        migrations.AlterField(
            model_name='holdernotice',
            name='kind',
            field=models.CharField(choices=[('passed-on', 'passed-on'), ('acquired', 'acquired'), ('returned', 'returned'), ('gun-lost', 'gun-lost'), ('gun-destroyed', 'gun-destroyed'), ('ammunition-lost', 'ammunition-lost'), ('certificate-lost', 'certificate-lost'), ('address', 'address'), ('health', 'health')], max_length=20),
        ),
        migrations.CreateModel(
            name='ConditionWording',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(choices=[('sign', 'sign'), ('notify', 'notify'), ('address', 'address'), ('storage', 'storage')], max_length=12)),
                ('certificate_kind', models.CharField(max_length=16)),
                ('text', models.TextField()),
                ('in_force_from', models.DateField()),
                ('source', models.CharField(max_length=400)),
                ('set_at', models.DateTimeField()),
                ('set_by_name', models.CharField(max_length=200)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['certificate_kind', 'code', 'in_force_from'], name='firearms_co_certifi_7cdf8b_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('source', ''), _negated=True)), name='a_wording_has_its_source')],
            },
        ),
        migrations.CreateModel(
            name='TemporaryPermit',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('estate', 'estate'), ('late-renewal', 'late-renewal'), ('other', 'other')], max_length=16)),
                ('reasons', models.TextField()),
                ('may_use', models.BooleanField()),
                ('storage_address', models.CharField(max_length=400)),
                ('risk', models.CharField(choices=[('low', 'low'), ('medium', 'medium'), ('high', 'high')], max_length=8)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='firearms.authorityentry')),
                ('certificate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='permit', to='firearms.certificate')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='a_permit_has_its_reasons')],
            },
        ),
        *append_only_triggers('firearms_conditionwording'),
        *append_only_triggers('firearms_temporarypermit'),
    ]
