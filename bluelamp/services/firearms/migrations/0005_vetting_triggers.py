"""What was decided about a record that names a holder only grows."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("firearms", "0004_vetting")]
    operations = [*append_only_triggers("firearms_vettingdecision")]
