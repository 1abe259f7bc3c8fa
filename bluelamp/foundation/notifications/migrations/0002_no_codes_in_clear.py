"""Take out the one-time codes that an older version kept in clear; those not yet sent have to be asked for again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE notifications_message SET personalisation = personalisation || '{"code": ""}'
            WHERE template = 'one-time-code';
            UPDATE notifications_message
            SET state = 'refused', why_not = 'Its code was taken out when Bluelamp was brought up to date.'
            WHERE template = 'one-time-code' AND state IN ('waiting', 'held');
            """,
            migrations.RunSQL.noop,
        )
    ]
