"""Counts by address the requests for tracking codes, and the tries of passphrases."""

from django.db import migrations, models

RATE_LIMITED_ACTS = (
    "account.shut_out",
    "account.signed_in",
    "report.draft_started",
    "report.submitted",
    "tracking.code_checked",
    "tracking.code_requested",
    "tracking.passphrase_checked",
    "tracking.passphrase_chosen",
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_written_at")]

    operations = [
        migrations.RemoveIndex("auditentry", "audit_by_rate_limit_key"),
        migrations.AddIndex(
            "auditentry",
            models.Index(
                fields=["act", "rate_limit_key", "at"],
                name="audit_by_rate_limit_key",
                condition=models.Q(act__in=RATE_LIMITED_ACTS),
            ),
        ),
    ]
