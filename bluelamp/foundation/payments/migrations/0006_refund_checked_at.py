"""When the sweep last asked GOV.UK Pay about a refund, so that none waits behind stuck ones."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('payments', '0005_large_ledger')]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='checked_at',
            field=models.DateTimeField(
                help_text='When the sweep last asked about it.', null=True
            ),
        ),
    ]
