"""Indexes for lists, searches and the daily comparison among years of payments."""

from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):

    dependencies = [('payments', '0004_language')]

    operations = [
        migrations.RemoveIndex(model_name='payment', name='payment_newest_first'),
        migrations.RemoveIndex(model_name='payment', name='payment_by_state'),
        migrations.RemoveIndex(model_name='payment', name='payment_by_payable_reference'),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(
                fields=['force', '-requested_at', '-id'],
                include=['total_pence'],
                name='payment_newest',
            ),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(
                fields=['force', 'state', '-requested_at', '-id'],
                include=['total_pence'],
                name='payment_newest_of_state',
            ),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(Upper('payable_reference'), name='payment_by_payable'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(Upper('email'), name='payment_by_email'),
        ),
        migrations.AddIndex(
            model_name='paymentattempt',
            index=models.Index(fields=['opened_at'], name='attempt_by_day'),
        ),
    ]
