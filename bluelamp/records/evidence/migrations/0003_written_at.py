"""The database says when it wrote what stands in the continuity log; whoever inserts it cannot."""

from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import written_at_trigger


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_sealed_packages")]

    operations = [
        *(
            migrations.AddField(
                model,
                "written_at",
                models.DateTimeField(
                    editable=False,
                    help_text="The database's own time, which a trigger sets.",
                    null=True,
                ),
            )
            for model in ("continuity", "sealedpackage")
        ),
        *written_at_trigger("evidence_continuity"),
        *written_at_trigger("evidence_sealedpackage"),
    ]
