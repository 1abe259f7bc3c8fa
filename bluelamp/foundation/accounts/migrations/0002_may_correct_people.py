"""Who may record a crime may correct what is on record about a person, in instances whose roles are there already."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the permission to every role that has `crime.record`."""
    for role in apps.get_model("accounts", "Role").objects.all():
        if "crime.record" in role.permissions and "person.correct" not in role.permissions:
            role.permissions = sorted([*role.permissions, "person.correct"])
            role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
