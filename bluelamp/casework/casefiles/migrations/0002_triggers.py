"""Triggers: a package's record never changes, and a case file is never removed or renamed."""

from django.db import migrations

from bluelamp.foundation.kernel.database.append_only import append_only_triggers

_CREATE = """
CREATE OR REPLACE FUNCTION bluelamp_protect_case_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR (NEW.id, NEW.force, NEW.urn) IS DISTINCT FROM (OLD.id, OLD.force, OLD.urn) THEN
    RAISE EXCEPTION 'a case file is never removed or renamed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS NULL THEN
    RAISE EXCEPTION 'a case file that was sent stays sent' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER casefiles_casefile_protect BEFORE UPDATE OR DELETE ON casefiles_casefile
  FOR EACH ROW EXECUTE FUNCTION bluelamp_protect_case_file();
"""
_DROP = """
DROP TRIGGER casefiles_casefile_protect ON casefiles_casefile;
DROP FUNCTION bluelamp_protect_case_file;
"""


class Migration(migrations.Migration):
    dependencies = [("casefiles", "0001_initial")]
    operations = [
        *append_only_triggers("casefiles_casefileversion"),
        migrations.RunSQL(_CREATE, _DROP),
    ]
