"""What the database itself refuses: to change a package's record, to move a series of numbers back, to lose a file."""

from django.db import migrations

from bluelamp.foundation.kernel.append_only import append_only_triggers

_URNS = """
CREATE OR REPLACE FUNCTION bluelamp_urns_forwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.next_serial < OLD.next_serial
     OR (NEW.id, NEW.force, NEW.unit, NEW.year) IS DISTINCT FROM (OLD.id, OLD.force, OLD.unit, OLD.year) THEN
    RAISE EXCEPTION 'a series only goes forwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER casefiles_urnseries_forwards BEFORE UPDATE OR DELETE ON casefiles_urnseries
  FOR EACH ROW EXECUTE FUNCTION bluelamp_urns_forwards();

CREATE OR REPLACE FUNCTION bluelamp_case_file_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR (NEW.id, NEW.force, NEW.urn) IS DISTINCT FROM (OLD.id, OLD.force, OLD.urn) THEN
    RAISE EXCEPTION 'a case file is never removed or renamed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS NULL THEN
    RAISE EXCEPTION 'what was sent stays sent' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER casefiles_casefile_kept BEFORE UPDATE OR DELETE ON casefiles_casefile
  FOR EACH ROW EXECUTE FUNCTION bluelamp_case_file_kept();
"""
_BACK = """
DROP TRIGGER casefiles_urnseries_forwards ON casefiles_urnseries;
DROP TRIGGER casefiles_casefile_kept ON casefiles_casefile;
DROP FUNCTION bluelamp_urns_forwards;
DROP FUNCTION bluelamp_case_file_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("casefiles", "0001_initial")]
    operations = [
        *append_only_triggers("casefiles_casefileversion"),
        migrations.RunSQL(_URNS, _BACK),
    ]
