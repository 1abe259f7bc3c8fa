"""Append-only tables: the database itself refuses to change or remove their rows, and says when it
wrote each.
"""

from django.db import migrations
from django.db.migrations.operations.base import Operation

_FUNCTION = """
CREATE OR REPLACE FUNCTION bluelamp_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append-only: % on % is not allowed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


_WRITTEN_AT_FUNCTION = """
CREATE OR REPLACE FUNCTION bluelamp_written_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_at := clock_timestamp();
  RETURN NEW;
END $$;
"""


def written_at_trigger(table: str) -> list[Operation]:
    """Return migration operations that set `written_at` to the database's time in each new row.

    Whatever a statement says of that column is overwritten. Rows from before have none.
    """
    return [
        migrations.RunSQL(_WRITTEN_AT_FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_written_at BEFORE INSERT ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION bluelamp_written_at();",
            f"DROP TRIGGER {table}_written_at ON {table};",
        ),
    ]


def append_only_triggers(table: str) -> list[Operation]:
    """Return migration operations that refuse UPDATE, DELETE and TRUNCATE on a table.

    A superuser can still disable a trigger. The Merkle log over the rows shows that it was done.
    """
    return [
        migrations.RunSQL(_FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION bluelamp_append_only();"
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION bluelamp_append_only();",
            f"DROP TRIGGER {table}_rows ON {table}; DROP TRIGGER {table}_truncate ON {table};",
        ),
    ]
