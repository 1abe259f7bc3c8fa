"""The record by the reference that a person would say: for auditors, and for counting wrong tries at one name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_drafts_are_counted")]

    operations = [
        migrations.RemoveIndex(model_name="auditentry", name="audit_sign_ins"),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("ref", ""), _negated=True), fields=["ref", "at"], name="audit_by_ref"
            ),
        ),
    ]
