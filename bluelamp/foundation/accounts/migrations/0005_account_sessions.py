import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bluelamp.foundation.kernel.ids


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_devices'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountSession',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key_hash', models.CharField(help_text="The column session_key of Django's row.", max_length=40, unique=True)),
                ('method', models.CharField(choices=[('passkey', 'Passkey'), ('password', 'Password'), ('recovery-code', 'Recovery Code'), ('directory', 'Directory'), ('demonstration', 'Demonstration')], max_length=20)),
                ('signed_in_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(help_text='When the person last proved who they are: by signing in, or again for something sensitive.')),
                ('last_seen_at', models.DateTimeField(help_text='Written at most once a minute.')),
                ('address', models.CharField(blank=True, max_length=64)),
                ('user_agent', models.CharField(blank=True, max_length=300)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-last_seen_at'], name='accounts_ac_user_id_39c248_idx')],
            },
        ),
    ]
