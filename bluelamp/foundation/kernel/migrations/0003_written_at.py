"""The database says when a checkpoint of a log was written; whoever signs it cannot."""

from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import written_at_trigger


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_log")]

    operations = [
        migrations.AddField(
            "logcheckpoint",
            "written_at",
            models.DateTimeField(
                editable=False,
                help_text="The database's own time, which a trigger sets.",
                null=True,
            ),
        ),
        *written_at_trigger("log_checkpoint"),
    ]
