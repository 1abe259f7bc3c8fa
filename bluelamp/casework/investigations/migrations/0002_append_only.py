"""The investigation log, signed statements and exhibit references only grow."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("investigations", "0001_initial")]
    operations = [
        operation
        for table in ("investigationentry", "statement", "statementback", "exhibit")
        for operation in append_only_triggers(f"investigations_{table}")
    ]
