"""What the team did about notices: a table that only grows."""

import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('firearms', '0008_holder_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeAction',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('register', 'register'), ('follow-up', 'follow-up'), ('noted', 'noted')], max_length=10)),
                ('reason', models.TextField()),
                ('acted_at', models.DateTimeField()),
                ('acted_by_name', models.CharField(max_length=200)),
                ('acted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gun', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='firearms.gun')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='action', to='firearms.holdernotice')),
            ],
            options={
                'abstract': False,
            },
        ),
        *append_only_triggers('firearms_noticeaction'),
    ]
