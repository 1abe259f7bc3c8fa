"""What officers recorded only grows: a correction is a new encounter."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("encounters", "0001_initial")]
    operations = [
        operation
        for table in ("encounter", "stopsearch", "riskassessment")
        for operation in append_only_triggers(f"encounters_{table}")
    ]
