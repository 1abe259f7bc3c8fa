"""Counts by address what the public does in firearms licensing, requests and payments."""

from django.db import migrations, models

RATE_LIMITED_ACTS = (
    "account.shut_out",
    "account.signed_in",
    "firearms.begun",
    "firearms.certificate_checked",
    "firearms.code_checked",
    "firearms.code_requested",
    "form.draft_started",
    "payment.attempted",
    "report.draft_started",
    "report.submitted",
    "request.code_checked",
    "request.code_requested",
    "request.downloaded",
    "tracking.code_checked",
    "tracking.code_requested",
    "tracking.passphrase_checked",
    "tracking.passphrase_chosen",
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_rate_limited_tracking")]

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
