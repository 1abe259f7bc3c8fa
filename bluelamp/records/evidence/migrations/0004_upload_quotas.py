"""What uploads are counted by: the sender, and whether an item was taken out of its report."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_written_at")]

    operations = [
        migrations.AddField(
            "item",
            "withdrawn_at",
            models.DateTimeField(
                blank=True,
                help_text="When its sender took it out of the report. It stays, and gives its room back.",
                null=True,
            ),
        ),
        migrations.AddField(
            "upload",
            "rate_limit_key",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The sender's address as limits count it; empty for staff.",
                max_length=64,
            ),
        ),
        migrations.AddIndex(
            "upload",
            models.Index(
                condition=~Q(rate_limit_key=""),
                fields=["rate_limit_key", "made_at"],
                name="evidence_upload_sender",
            ),
        ),
    ]
