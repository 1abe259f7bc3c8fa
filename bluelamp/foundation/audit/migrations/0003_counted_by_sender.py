"""Who sent each act, as limits count them, with the indexes that the counting goes by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="sender",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What limits count the address under. Not sealed: it follows from it.",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(
                    act__in=(
                        "account.shut_out",
                        "account.signed_in",
                        "report.submitted",
                        "tracking.code_checked",
                        "tracking.code_sent",
                    )
                ),
                fields=["act", "sender", "at"],
                name="audit_by_sender",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(act="account.signed_in"), fields=["ref", "at"], name="audit_sign_ins"
            ),
        ),
    ]
