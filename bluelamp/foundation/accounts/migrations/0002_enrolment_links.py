"""Adds enrolment links, and which default permissions each role was already offered.

An instance of before this migration was offered what its first start gave each role: that stands
here as it was then, so that a permission which the force took away is not given again.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bluelamp.foundation.kernel.ids

# fmt: off
OFFICER = [
    "crime.lease_numbers", "crime.record", "crime.search", "crime.view", "evidence.take_in",
    "evidence.view", "investigation.view", "person.correct", "person.view",
    "report.view", "statement.take", "upload.token",
]
INVESTIGATOR = [
    *OFFICER,
    "casefile.build", "casefile.submit", "casefile.view", "crime.link", "crime.reclassify",
    "evidence.copy", "exhibit.add", "investigation.allocate", "suspect.charge", "suspect.name",
]
OFFERED_AT_FIRST = {
    "response-officer": OFFICER,
    "crime-desk": [
        *OFFICER, "crime.reclassify", "event.retry", "investigation.allocate",
        "notification.follow_up",
    ],
    "investigator": INVESTIGATOR,
    "case-builder": INVESTIGATOR,
    "evidence-officer": [*OFFICER, "evidence.copy", "exhibit.add"],
    "firearms-enquiry-officer": ["person.view"],
    "auditor": ["audit.view"],
    "prosecutor": ["casefile.receive"],
}
# fmt: on


def record_offered_permissions(apps, schema_editor):
    """Record what the first start gave each default role."""
    Role = apps.get_model("accounts", "Role")
    for name, permissions in OFFERED_AT_FIRST.items():
        Role.objects.filter(name=name).update(offered_permissions=sorted(permissions))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="role",
            name="offered_permissions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                db_default=[],
                default=list,
                help_text="The default permissions that this role was given, now or once: what a"
                " force took away is not given again.",
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="EnrolmentLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bluelamp.foundation.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(
                        help_text="SHA-256, hexadecimal.", max_length=64, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolment_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at", None), ("withdrawn_at", None)),
                        fields=("user",),
                        name="one_open_enrolment_link_per_user",
                    )
                ]
            },
        ),
        migrations.RunPython(record_offered_permissions, migrations.RunPython.noop),
    ]
