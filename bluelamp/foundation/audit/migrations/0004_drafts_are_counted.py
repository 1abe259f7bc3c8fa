"""Drafts that were started are counted by sender too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_counted_by_sender")]

    operations = [
        migrations.RemoveIndex(model_name="auditentry", name="audit_by_sender"),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(
                    act__in=(
                        "account.shut_out",
                        "account.signed_in",
                        "report.draft_started",
                        "report.submitted",
                        "tracking.code_checked",
                        "tracking.code_sent",
                    )
                ),
                fields=["act", "sender", "at"],
                name="audit_by_sender",
            ),
        ),
    ]
