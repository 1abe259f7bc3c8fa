"""What happened to a request, and how its services were set, only grows."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("requests", "0001_initial")]
    operations = [
        *append_only_triggers("requests_requestentry"),
        *append_only_triggers("requests_serviceversion"),
    ]
