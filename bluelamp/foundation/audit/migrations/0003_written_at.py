"""The database says when it wrote an entry; whoever inserts the entry cannot."""

from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import written_at_trigger


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.AddField(
            "auditentry",
            "written_at",
            models.DateTimeField(
                editable=False,
                help_text="The database's own time, which a trigger sets.",
                null=True,
            ),
        ),
        *written_at_trigger("audit_auditentry"),
    ]
