"""Writing in an investigation's log has a permission of its own.

Whoever could see an investigation could write in it, so each such role keeps both.
"""

from django.db import migrations

GIVE_PERMISSION = """
UPDATE accounts_role SET permissions = array_append(permissions, 'investigation.write')
WHERE 'investigation.view' = ANY(permissions) AND NOT 'investigation.write' = ANY(permissions)
"""


class Migration(migrations.Migration):
    dependencies = [("investigations", "0002_append_only"), ("accounts", "0001_initial")]
    operations = [migrations.RunSQL(GIVE_PERMISSION, migrations.RunSQL.noop)]
