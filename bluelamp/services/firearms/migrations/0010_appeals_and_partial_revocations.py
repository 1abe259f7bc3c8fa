"""A second person for appeals, and guns that a partial revocation took off a certificate."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('firearms', '0009_notice_actions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AppealConfirmation',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('confirmed_at', models.DateTimeField()),
                ('confirmed_by_name', models.CharField(max_length=200)),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='firearms.appealoutcome')),
            ],
            options={
                'abstract': False,
            },
        ),
        *append_only_triggers('firearms_appealconfirmation'),
        migrations.AddField(
            model_name='gun',
            name='revoked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guns', to='firearms.decision'),
        ),
    ]
